"""Makes somebody known as staff from photographs, so that their sightings are never visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from regulars.domain.faces import FloatArray, mean_vector
from regulars.domain.templates import MOST_TEMPLATES
from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.ports import ObjectStore, VectorIndex
from regulars.steps.index_templates import collection_of, index_templates
from regulars.steps.look_at_picture import FindsFaces, Look, look_at_picture
from regulars.steps.weigh_evidence import APART_FPIR, FacePack
from regulars.store.audit import AuditEntry, record
from regulars.store.people import Member, add_staff, staff_by_name
from regulars.store.session import Connection, Engine, transaction
from regulars.store.templates import (
    Gallery,
    StoredTemplate,
    add_template,
    lock_gallery,
    remove_templates,
    templates_of,
)
from regulars.store.tenants import Tenant
from regulars.tenancy import Tenancy

LEAST_PHOTOGRAPHS = 2


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture file and the name to call it by when it cannot be used."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EnrolledStaff:
    """Who was enrolled, from how many photographs, and which were of no use: (name, reason code, sentence)."""

    member: Member
    photographs: int
    refused: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    photograph: Photograph
    look: Look


def enroll_staff(
    name: str,
    photographs: Sequence[Photograph],
    *,
    tenant: Tenant,
    engine: Engine,
    objects: ObjectStore,
    vectors: VectorIndex,
    pack: FacePack,
    detector: FindsFaces,
    now: datetime,
) -> EnrolledStaff:
    """Enrol the tenant's staff member `name`; done again, also after a failure, the new photographs replace the old.

    Raises InputRefused `too_few_photographs` when fewer than two show exactly one face well enough, with a sentence
    for each that does not, `different_people` when they are not of one person, and DependencyAway.
    """
    looks, refused = _look(photographs, detector)
    _refuse_too_few(name, photographs, looks, refused)
    looks = sorted(looks, key=lambda seen: -seen.look.quality)[:MOST_TEMPLATES]
    embedded = pack.embedder.embed([seen.look.crop for seen in looks])
    _refuse_different_people(name, looks, embedded, pack)
    with transaction(engine, Tenancy(tenant.tenant_id, tenant.scope_id)) as connection:
        lock_gallery(connection, tenant.tenant_id)
        found = staff_by_name(connection, tenant.tenant_id, name)
        member = found or Member(tenant.tenant_id, new_id(), name, "unknown", active=True, created_at=now)
        added = [_template(member, pack, look, row, now) for look, row in zip(looks, embedded, strict=True)]
        for template, look in zip(added, looks, strict=True):
            objects.put(_key(member, template.template_id), look.photograph.content, "application/octet-stream")
        removed = _write(connection, member, added, pack)
        entry = AuditEntry(tenant.tenant_id, "platform", "staff_enrolled", "staff", str(member.staff_id), {}, now)
        record(connection, entry)
    index_templates(added, engine=engine, vectors=vectors)
    vectors.delete(collection_of(pack.digest), removed)
    objects.delete([_key(member, template_id) for template_id in removed])
    return EnrolledStaff(member, len(looks), tuple(refused))


def _refuse_too_few(
    name: str, photographs: Sequence[Photograph], looks: Sequence[_Seen], refused: Sequence[tuple[str, str, str]]
) -> None:
    if len(looks) < LEAST_PHOTOGRAPHS:
        why = " ".join(f"{photograph}: {sentence}" for photograph, _, sentence in refused)
        raise InputRefused(
            "too_few_photographs",
            f"{name} needs at least {LEAST_PHOTOGRAPHS} photographs with exactly one face that is seen well; "
            f"{len(looks)} of {len(photographs)} are. {why}".strip(),
        )


def _look(photographs: Sequence[Photograph], detector: FindsFaces) -> tuple[list[_Seen], list[tuple[str, str, str]]]:
    looks: list[_Seen] = []
    refused: list[tuple[str, str, str]] = []
    for photograph in photographs:
        try:
            looks.append(_Seen(photograph, look_at_picture(photograph.content, detector)))
        except InputRefused as refusal:
            refused.append((photograph.name, refusal.reason, refusal.detail))
    return looks, refused


def _refuse_different_people(name: str, looks: Sequence[_Seen], embedded: FloatArray, pack: FacePack) -> None:
    apart_cosine = pack.thresholds.threshold_cosine(APART_FPIR, 1)
    for row, look in enumerate(looks):
        others = np.delete(embedded, row, axis=0)
        if float(mean_vector(others) @ embedded[row]) < apart_cosine:
            raise InputRefused(
                "different_people", f"The photographs of {name} show different people: see {look.photograph.name}."
            )


def _template(member: Member, pack: FacePack, seen: _Seen, vector: FloatArray, now: datetime) -> StoredTemplate:
    return StoredTemplate(
        template_id=new_id(),
        scope_id=member.tenant_id,
        tenant_id=member.tenant_id,
        kind="staff",
        subject_id=member.staff_id,
        pack=pack.digest,
        vector=vector,
        quality=seen.look.quality,
        track_id=None,
        created_at=now,
    )


def _key(member: Member, template_id: UUID) -> str:
    return f"people/{member.tenant_id}/{member.staff_id}/{template_id}"


def _write(connection: Connection, member: Member, added: Sequence[StoredTemplate], pack: FacePack) -> list[UUID]:
    """Write member and templates; return the ids of the templates they replace."""
    gallery = Gallery(member.tenant_id, "staff", pack.digest)
    replaced = [template.template_id for template in templates_of(connection, gallery, [member.staff_id])]
    remove_templates(connection, member.tenant_id, replaced)
    add_staff(connection, member)
    for template in added:
        add_template(connection, template)
    return replaced
