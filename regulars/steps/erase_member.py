"""A member of staff goes for good: in one transaction nobody is taken for them any more, and the ledger notes it.

What lies outside of PostgreSQL is deleted after the commit, by `carry_out_erasures`, as for customers.
"""

from typing import Any
from uuid import UUID

from regulars.domain.erasure import digest_of
from regulars.errors import NotFound
from regulars.ids import new_id
from regulars.steps.change_hands import By
from regulars.store import erasing, erasing_staff
from regulars.store.audit import AuditEntry, record
from regulars.store.erasures import Erasure, add_erasure, verified
from regulars.store.session import Connection
from regulars.store.staff import find_member, folder_of, photographs_of, remove_member
from regulars.store.templates import lock_gallery


def erase_member(connection: Connection, staff_id: UUID, *, by: By) -> Erasure:
    """Erase a member of staff of the tenant in `by`; return the entry of the ledger, still in progress.

    Profile, sites, photographs and templates go; sightings stay sightings of staff, whose they were nobody knows. As
    which customer they were known besides is not touched. Takes the locks of both galleries. Raises NotFound.
    """
    tenant_id = by.tenant_id
    lock_gallery(connection, by.scope_id)  # tracks are decided under this one
    lock_gallery(connection, tenant_id)
    if find_member(connection, tenant_id, staff_id, lock=True) is None:
        raise NotFound("There is no such member of staff.")
    return forget_member(connection, staff_id, by=by)


def forget_member(connection: Connection, staff_id: UUID, *, by: By) -> Erasure:
    """Erase whatever there is of this member; the caller holds both galleries' locks."""
    tenant_id = by.tenant_id
    seen = erasing_staff.unlink_staff_sightings(connection, tenant_id, staff_id)
    tracks = [one.track_id for one in seen]
    said = erasing_staff.forget_said_to_be_staff(connection, tenant_id, tracks)
    looks = erasing_staff.forget_staff_templates(connection, tenant_id, staff_id)
    withdrawn = erasing.forget_templates(connection, by.scope_id, (), said, None)
    photographs = photographs_of(connection, tenant_id, staff_id)
    remove_member(connection, tenant_id, staff_id)
    told = erasing.forget_live_events(connection, tenant_id, tracks)
    erasing.lose_answers(connection, tenant_id)
    packs = {pack: [*looks.get(pack, ()), *withdrawn.get(pack, ())] for pack in looks.keys() | withdrawn.keys()}
    removed = {
        "staff": 1,
        "photographs": len(photographs),
        "face_templates": sum(map(len, packs.values())),
        "corrections": len(said),
        "sightings_unlinked": len(seen),
        "live_events": told,
    }
    folders = [folder_of(tenant_id, staff_id), *(one.manifest_key.removesuffix("track.json") for one in seen)]
    left = erasing_staff.left_of_member(connection, tenant_id, staff_id)
    receipt = {"removed": removed, "verified": [verified("postgresql", left, by.actor, by.now)]}
    erasure = _entry(staff_id, packs, folders, receipt, by)
    add_erasure(connection, erasure)
    detail = {"sightings": len(seen), "photographs": len(photographs)}
    subject = ("erasure", str(erasure.erasure_id))
    record(connection, AuditEntry(tenant_id, by.actor, "staff.deleted", *subject, detail, by.now))
    return erasure


def _entry(
    staff_id: UUID, packs: dict[str, list[UUID]], folders: list[str], receipt: dict[str, Any], by: By
) -> Erasure:
    return Erasure(
        scope_id=by.tenant_id,
        erasure_id=new_id(),
        tenant_id=by.tenant_id,
        whole=True,
        subjects=[digest_of(staff_id)],
        actor=by.actor,
        asked_at=by.now,
        state="in_progress",
        work={
            "templates": {pack: [str(one) for one in ids] for pack, ids in packs.items()},
            "subjects": [str(staff_id)],
            "folders": folders,
        },
        receipt=receipt,
    )
