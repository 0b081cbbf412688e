"""Last step of recognize, inside the gallery's lock: write sighting, visit, customer and templates as decided."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domain.gender import GenderVote
from regulars.domain.matching import Decision
from regulars.domain.templates import Template, learn
from regulars.domain.tracks import TrackManifest
from regulars.ids import new_id
from regulars.steps.put_visit import Books, put_visit, stays_of
from regulars.steps.read_track import ShotRefused
from regulars.steps.weigh_evidence import Evidence
from regulars.store.live import announce
from regulars.store.people import add_customer
from regulars.store.session import Connection
from regulars.store.sightings import Sighting, add_sighting
from regulars.store.templates import Gallery, StoredTemplate, add_template, remove_templates, templates_of
from regulars.store.tenants import Site


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
    sighting = _sighting(seen, decision, customer_id)
    stays = stays_of(connection, sighting, seen.site.rule)
    if decision.outcome in ("known", "new", "undetermined"):
        sighting = replace(sighting, visit_id=stays[0].visit_id if stays else new_id())
    add_sighting(connection, sighting, manifest.crossings)
    if sighting.visit_id:
        put_visit(connection, sighting, stays, Books(seen.site, seen.gallery.scope_id, seen.now))
    elif decision.outcome == "staff":
        announce(connection, manifest.tenant_id, manifest.site_id, "staff_seen", manifest.track_id, seen.now)
    if customer_id and (decision.outcome == "new" or decision.sure):
        added, removed = _learn(connection, seen, customer_id)
        return Recorded(sighting, added, removed)
    return Recorded(sighting)


def _sighting(seen: SeenTrack, decision: Decision, customer_id: UUID | None) -> Sighting:
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
        visit_id=None,
        gender=gender.spoken,
        gender_male_weight=gender.male_weight,
        gender_weight=gender.weight,
        detections=manifest.detections,
        shots=_shots(seen, "objected" if objected else None),
        pack=seen.gallery.pack if evidence.vector is not None and not objected else None,
        lost_because=manifest.lost_because,
        recognized_at=seen.now,
        ongoing=manifest.ongoing,
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
