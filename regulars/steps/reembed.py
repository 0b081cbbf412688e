"""After a model pack was chosen, before and after the switch: its templates are made from the pictures still kept.

They lie beside those of the old pack, which go on being used until the recognize function runs with the new one.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.faces import FloatArray
from regulars.domain.matching import bars_for
from regulars.domain.retention import LONGEST_DAYS
from regulars.domain.templates import MOST_TEMPLATES, Template, learn
from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.ports import TemplateKind
from regulars.steps.index_templates import index_templates
from regulars.steps.know_staff import LEAST_PHOTOGRAPHS, KeptPhotograph, read_photograph
from regulars.steps.read_track import read_manifest, read_shots
from regulars.steps.recognize import Recognizer
from regulars.steps.weigh_evidence import Evidence, weigh
from regulars.store.people import find_customer
from regulars.store.reembedding import KeptTrack, kept_tracks, left_behind, members_to_learn
from regulars.store.session import Connection, Engine, transaction
from regulars.store.staff import StaffPhotograph, photographs_of
from regulars.store.templates import Gallery, StoredTemplate, add_template, lock_gallery, subjects_of, templates_of
from regulars.store.tenants import Tenant, gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

MOST_TRACKS = 10
"""Of one customer: five looks are kept, and not every track gives one."""


@dataclass(frozen=True, slots=True)
class Reembedded:
    """What was done at one chain: who has templates of the new pack now, with how many looks."""

    tenant_id: UUID
    customers: int
    staff: int
    looks: int


def reembed(recognizer: Recognizer, now: datetime) -> Iterator[Reembedded]:
    """Make the templates that the recognizer's pack lacks; yield chain by chain.

    Whoever has one already is left alone, so a second run does what is new. Raises DependencyAway; what was made until
    then is kept.
    """
    with transaction(recognizer.engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    for tenant in tenants:
        customers, looks = _customers(recognizer, tenant, now)
        members, photographs = _staff(recognizer, tenant)
        yield Reembedded(tenant.tenant_id, customers, members, looks + photographs)


def not_reembedded(engine: Engine, pack: str) -> dict[TemplateKind, int]:
    """Return how many people of all galleries have templates, but none of the pack.

    Customers may come again while they are still known by the old one. Who objected has to do so again: of them no
    picture is kept.
    """
    with transaction(engine, PLATFORM) as connection:
        scopes = gallery_scopes(list_tenants(connection))
    left: dict[TemplateKind, int] = {"customer": 0, "staff": 0, "objector": 0}
    for scope_id in scopes:
        with transaction(engine, Tenancy(None, scope_id)) as connection:
            for kind in left:
                left[kind] += left_behind(connection, scope_id, kind, pack)
    return left


def _customers(recognizer: Recognizer, tenant: Tenant, now: datetime) -> tuple[int, int]:
    tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
    gallery = Gallery(tenant.scope_id, "customer", recognizer.pack.digest)
    since = now - timedelta(days=min(tenant.retention_days, LONGEST_DAYS))
    with transaction(recognizer.engine, tenancy) as connection:
        found = kept_tracks(connection, tenant.tenant_id, tenant.scope_id, gallery.pack, since, MOST_TRACKS)
        people = len(subjects_of(connection, gallery))
    match_cosine = bars_for(recognizer.pack.thresholds, recognizer.wanted_fpir, people + len(found)).match_cosine
    customers = looks = 0
    for customer_id, tracks in found.items():
        seen = [(track, said) for track in tracks if (said := _look(recognizer, track)) is not None]
        added = _learn(recognizer, tenant, gallery, customer_id, _agreeing(seen, match_cosine))
        customers, looks = customers + bool(added), looks + len(added)
        index_templates(added, engine=recognizer.engine, vectors=recognizer.vectors)
    return customers, looks


def _look(recognizer: Recognizer, track: KeptTrack) -> Evidence | None:
    """Return what the track's pictures say, or None when they are gone or not good enough to enrol with."""
    try:
        manifest = read_manifest(track.manifest_key, objects=recognizer.objects, now=recognizer.clock())
        with recognizer.embedding_slots:
            pictures, _ = read_shots(manifest, objects=recognizer.objects)
            said = weigh(pictures, recognizer.pack, recognition=True)
    except InputRefused:
        return None
    return said if said.vector is not None and said.may_enrol else None


def _agreeing(seen: Sequence[tuple[KeptTrack, Evidence]], match_cosine: float) -> list[tuple[KeptTrack, Evidence]]:
    """Return the tracks that may be learned from: the old pack was sure of them, or the new one finds another alike.

    A track that only matched may be a stranger's, and a template of it would last.
    """
    vectors = [said.vector for _, said in seen if said.vector is not None]

    def has_another(row: int) -> bool:
        return any(float(vectors[row] @ vectors[other]) >= match_cosine for other in range(len(seen)) if other != row)

    return [one for row, one in enumerate(seen) if one[0].taught or has_another(row)]


def _learn(
    recognizer: Recognizer,
    tenant: Tenant,
    gallery: Gallery,
    customer_id: UUID,
    seen: Sequence[tuple[KeptTrack, Evidence]],
) -> list[StoredTemplate]:
    if not seen:
        return []
    added: list[StoredTemplate] = []
    with transaction(recognizer.engine, Tenancy(tenant.tenant_id, tenant.scope_id)) as connection:
        lock_gallery(connection, tenant.scope_id)
        customer = find_customer(connection, customer_id)
        if customer is None or customer.merged_into or templates_of(connection, gallery, [customer_id]):
            return []
        for track, said in seen:
            if said.vector is None or len(added) >= MOST_TEMPLATES:
                continue
            held = [Template(one.template_id, one.vector, one.quality) for one in added]
            if learn(said.vector, said.quality, held).add:
                source = (customer_id, track.track_id, said.vector, said.quality)
                added.append(_add(connection, recognizer, tenant, gallery, *source))
    return added


def _staff(recognizer: Recognizer, tenant: Tenant) -> tuple[int, int]:
    tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
    gallery = Gallery(tenant.tenant_id, "staff", recognizer.pack.digest)
    with transaction(recognizer.engine, tenancy) as connection:
        members = members_to_learn(connection, tenant.tenant_id, gallery.pack)
    known = looks = 0
    for staff_id in members:
        with transaction(recognizer.engine, tenancy) as connection:
            photographs = photographs_of(connection, tenant.tenant_id, staff_id)
        best = _best_readable(photographs, recognizer)
        if len(best) < LEAST_PHOTOGRAPHS:
            continue
        vectors = recognizer.pack.embedder.embed([one.look.crop for one in best])
        with transaction(recognizer.engine, tenancy) as connection:
            lock_gallery(connection, tenant.tenant_id)
            if photographs_of(connection, tenant.tenant_id, staff_id) != photographs:
                continue
            added = [
                _add(connection, recognizer, tenant, gallery, staff_id, None, vectors[row], one.look.quality)
                for row, one in enumerate(best)
            ]
        index_templates(added, engine=recognizer.engine, vectors=recognizer.vectors)
        known, looks = known + 1, looks + len(added)
    return known, looks


def _best_readable(photographs: Sequence[StaffPhotograph], recognizer: Recognizer) -> list[KeptPhotograph]:
    """Return the best of those that are still there, and on which the pack's detector finds the face."""
    kept: list[KeptPhotograph] = []
    for one in sorted(photographs, key=lambda one: -one.quality):
        if len(kept) == MOST_TEMPLATES:
            break
        with suppress(InputRefused):
            kept.append(read_photograph(one, recognizer))
    return kept


def _add(
    connection: Connection,
    recognizer: Recognizer,
    tenant: Tenant,
    gallery: Gallery,
    subject_id: UUID,
    track_id: UUID | None,
    vector: FloatArray,
    quality: float,
) -> StoredTemplate:
    template = StoredTemplate(
        template_id=new_id(),
        scope_id=gallery.scope_id,
        tenant_id=tenant.tenant_id,
        kind=gallery.kind,
        subject_id=subject_id,
        pack=gallery.pack,
        vector=vector,
        quality=quality,
        track_id=track_id,
        created_at=recognizer.clock(),
    )
    add_template(connection, template)
    return template
