"""Last step of recognize, inside the gallery's lock: write sighting, visit, customer and templates as decided."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.domain.gender import GenderVote
from regulars.domain.matching import Decision
from regulars.domain.templates import Template, learn
from regulars.domain.tracks import TrackManifest
from regulars.domain.visits import FRAGMENT_GAP_S, Stay, VisitFigures, figures, reach, same_stay, status
from regulars.ids import new_id
from regulars.steps.read_track import ShotRefused
from regulars.steps.tell_visit import tell_visit
from regulars.steps.weigh_evidence import Evidence
from regulars.store.live import announce
from regulars.store.people import add_customer, first_visit_at, gender_set, put_first_visit
from regulars.store.session import Connection
from regulars.store.sightings import Sighting, add_sighting, facts_of_visit, fragments_near, move_to_visit
from regulars.store.templates import Gallery, StoredTemplate, add_template, remove_templates, templates_of
from regulars.store.tenants import Site
from regulars.store.visits import Visit, call_returning, open_visit, remove_visits, rewrite_visit, stays_near


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """A track with all that was found out about it; `gallery` is the customers', `now` in UTC."""

    key: str
    manifest: TrackManifest
    refused: tuple[ShotRefused, ...]
    evidence: Evidence
    site: Site
    gallery: Gallery
    now: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written; `added` and `removed` are the templates that the index has to follow."""

    sighting: Sighting
    added: tuple[StoredTemplate, ...] = ()
    removed: tuple[UUID, ...] = ()


def record(connection: Connection, seen: SeenTrack, decision: Decision) -> Recorded:
    """Write what was decided about a track without a sighting. The caller holds the gallery's lock and commits."""
    manifest = seen.manifest
    customer_id = decision.subject_id if decision.outcome == "known" else None
    if decision.outcome == "new":
        customer_id = new_id()
        add_customer(connection, seen.gallery.scope_id, customer_id, seen.now)
    stays = _stays(connection, seen, customer_id) if customer_id else []
    visit_id: UUID | None = None
    if decision.outcome in ("known", "new", "undetermined"):
        visit_id = stays[0].visit_id if stays else new_id()
    sighting = _sighting(seen, decision, customer_id, visit_id)
    add_sighting(connection, sighting, manifest.crossings)
    if visit_id:
        _put_visit(connection, seen, customer_id, visit_id, stays)
    elif decision.outcome == "staff":
        announce(connection, manifest.tenant_id, manifest.site_id, "staff_seen", manifest.track_id, seen.now)
    if customer_id and (decision.outcome == "new" or decision.sure):
        added, removed = _learn(connection, seen, customer_id)
        return Recorded(sighting, added, removed)
    return Recorded(sighting)


def _stays(connection: Connection, seen: SeenTrack, customer_id: UUID) -> list[Stay]:
    """Return the visits that this sighting makes one, by start."""
    track = seen.manifest
    rule = seen.site.rule
    far, near = reach(rule.gap_s), timedelta(seconds=FRAGMENT_GAP_S)
    place = (connection, track.tenant_id, track.site_id, customer_id)
    stays = stays_near(*place, track.started_at - far, track.ended_at + far)
    if not stays:
        return []
    fragments = fragments_near(
        connection, track.tenant_id, customer_id, track.camera_id, track.started_at - near, track.ended_at + near
    )
    return same_stay(track.started_at, track.ended_at, stays, fragments, rule)


def _put_visit(
    connection: Connection, seen: SeenTrack, customer_id: UUID | None, visit_id: UUID, stays: list[Stay]
) -> None:
    """Open the visit, or write anew the one that `stays` become; what it says follows from all of its sightings."""
    tenant_id = seen.manifest.tenant_id
    merged = stays[1:]
    if merged:
        move_to_visit(connection, tenant_id, [stay.visit_id for stay in merged], visit_id)
        remove_visits(connection, tenant_id, merged)
    visit = _visit(seen, customer_id, visit_id, figures(facts_of_visit(connection, tenant_id, [visit_id])))
    if customer_id:
        visit = _with_status(connection, visit, seen.gallery.scope_id, customer_id)
        set_by_hand = gender_set(connection, customer_id)
        visit = visit if set_by_hand == "unknown" else replace(visit, gender=set_by_hand)
    if stays:
        rewrite_visit(connection, stays[0], visit)
    else:
        open_visit(connection, visit)
        tell_visit(connection, visit, seen.site, seen.now)
    for stay in merged:
        announce(connection, tenant_id, visit.site_id, "visit_removed", stay.visit_id, seen.now)
    announce(connection, tenant_id, visit.site_id, "visit_changed" if stays else "visit_opened", visit_id, seen.now)


def _with_status(connection: Connection, visit: Visit, scope_id: UUID, customer_id: UUID) -> Visit:
    """Return the visit as new or returning; a late track may make it the first and another one a return."""
    first = first_visit_at(connection, visit.tenant_id, customer_id)
    if first is None or visit.started_at < first:
        first = visit.started_at
        put_first_visit(connection, visit.tenant_id, scope_id, customer_id, first)
    found = replace(visit, status=status(visit.started_at, first))
    if found.status == "new":
        for other in call_returning(connection, visit.tenant_id, customer_id, visit.visit_id):
            announce(connection, visit.tenant_id, visit.site_id, "visit_changed", other, visit.created_at)
    return found


def _visit(seen: SeenTrack, customer_id: UUID | None, visit_id: UUID, said: VisitFigures) -> Visit:
    return Visit(
        tenant_id=seen.manifest.tenant_id,
        visit_id=visit_id,
        started_at=said.started_at,
        ended_at=said.ended_at,
        site_id=seen.manifest.site_id,
        customer_id=customer_id,
        status="undetermined",
        gender=said.gender,
        direction=said.direction,
        sightings=said.sightings,
        created_at=seen.now,
    )


def _sighting(seen: SeenTrack, decision: Decision, customer_id: UUID | None, visit_id: UUID | None) -> Sighting:
    manifest, evidence = seen.manifest, seen.evidence
    objected = decision.reason == "objected"
    gender = GenderVote() if objected else evidence.gender
    return Sighting(
        tenant_id=manifest.tenant_id,
        track_id=manifest.track_id,
        site_id=manifest.site_id,
        camera_id=manifest.camera_id,
        lease_id=manifest.lease_id,
        manifest_key=seen.key,
        started_at=manifest.started_at,
        ended_at=manifest.ended_at,
        direction=manifest.direction,
        outcome=decision.outcome,
        reason=decision.reason,
        customer_id=customer_id,
        staff_id=decision.subject_id if decision.outcome == "staff" else None,
        visit_id=visit_id,
        gender=gender.spoken,
        gender_male_weight=gender.male_weight,
        gender_weight=gender.weight,
        detections=manifest.detections,
        shots=_shots(seen, "objected" if objected else None),
        pack=seen.gallery.pack if evidence.vector is not None and not objected else None,
        lost_because=manifest.lost_because,
        recognized_at=seen.now,
    )


def _shots(seen: SeenTrack, hidden: str | None) -> list[dict[str, Any]]:
    """Return what is kept of each shot: where it lies, what it shows where, and why it was not used.

    `hidden` is why none may be used or shown, until they are deleted.
    """
    refused = {shot.key: hidden for shot in seen.manifest.shots} if hidden else {}
    refused |= {one.shot.key: one.reason for one in seen.refused}
    kept: list[dict[str, Any]] = []
    for shot in seen.manifest.shots:
        row: dict[str, Any] = {
            "key": shot.key,
            "at": shot.at.isoformat(),
            "box": list(shot.box),
            "quality": shot.quality,
        }
        kept.append(row | {"used": shot.key in seen.evidence.used and not hidden, "refused": refused.get(shot.key)})
    return kept


def _learn(
    connection: Connection, seen: SeenTrack, customer_id: UUID
) -> tuple[tuple[StoredTemplate, ...], tuple[UUID, ...]]:
    """Add the track's vector to the customer's templates if it says something new."""
    evidence, gallery = seen.evidence, seen.gallery
    if evidence.vector is None:
        return (), ()
    held = templates_of(connection, gallery, [customer_id])
    learning = learn(
        evidence.vector, evidence.quality, [Template(one.template_id, one.vector, one.quality) for one in held]
    )
    if not learning.add:
        return (), ()
    template = StoredTemplate(
        template_id=new_id(),
        scope_id=gallery.scope_id,
        tenant_id=seen.manifest.tenant_id,
        kind="customer",
        subject_id=customer_id,
        pack=gallery.pack,
        vector=evidence.vector,
        quality=evidence.quality,
        track_id=seen.manifest.track_id,
        created_at=seen.now,
    )
    add_template(connection, template)
    removed = (learning.replaces,) if learning.replaces else ()
    remove_templates(connection, gallery.scope_id, removed)
    return (template,), removed
