"""Adds and removes photographs of staff one at a time: each change settles what they are known by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.errors import InputRefused, NotFound, RegularsError
from regulars.steps.know_staff import (
    LEAST_PHOTOGRAPHS,
    MOST_PHOTOGRAPHS,
    KeptPhotograph,
    apart,
    follow_index,
    forget_uploads,
    prepare_photograph,
    read_photograph,
    seen_as_customer,
    write_known,
)
from regulars.steps.recognize import Recognizer
from regulars.store.audit import AuditEntry, record
from regulars.store.session import Connection, transaction
from regulars.store.staff import (
    ListedMember,
    Member,
    StaffPhotograph,
    find_member,
    photographs_of,
)
from regulars.store.templates import lock_gallery
from regulars.store.tenants import Tenant, find_tenant
from regulars.tenancy import Tenancy

_NOBODY = "There is no such member of staff."


@dataclass(frozen=True, slots=True)
class KnownBy:
    """How a member stands after a change: `enrolled` from two photographs on, and the customer they were seen as."""

    photographs: int
    enrolled: bool
    looks_like_customer: bool
    photograph_id: UUID | None = None


def add_photograph(content: bytes, tenant_id: UUID, staff_id: UUID, *, actor: str, recognizer: Recognizer) -> KnownBy:
    """Judge a photograph and keep it.

    Raises NotFound, DependencyAway, and InputRefused like `look_at_picture`, `too_many_photographs`, or
    `different_people` when it shows somebody else than the photographs that are kept.
    """
    tenant, member, _ = _find(tenant_id, staff_id, recognizer)
    with recognizer.embedding_slots:
        new = prepare_photograph(content, member, recognizer.detector, recognizer.clock())

    def among(held: Sequence[StaffPhotograph]) -> list[StaffPhotograph]:
        if len(held) >= MOST_PHOTOGRAPHS:
            raise InputRefused(
                "too_many_photographs", f"{MOST_PHOTOGRAPHS} photographs are kept at most; delete one first."
            )
        return [*held, new.photograph]

    known = _settle(tenant, member, among, "staff.photograph_added", actor, recognizer, new)
    return _known_by(known, new.photograph.photograph_id)


def remove_photograph(
    photograph_id: UUID, tenant_id: UUID, staff_id: UUID, *, actor: str, recognizer: Recognizer
) -> KnownBy:
    """Delete a photograph; with fewer than two left nobody is matched with them. Raises NotFound, DependencyAway."""
    tenant, member, _ = _find(tenant_id, staff_id, recognizer)

    def without(held: Sequence[StaffPhotograph]) -> list[StaffPhotograph]:
        left = [one for one in held if one.photograph_id != photograph_id]
        if len(left) == len(held):
            raise NotFound("There is no such photograph.")
        return left

    return _known_by(_settle(tenant, member, without, "staff.photograph_deleted", actor, recognizer))


def _settle(
    tenant: Tenant,
    member: Member,
    wanted: Callable[[Sequence[StaffPhotograph]], list[StaffPhotograph]],
    action: str,
    actor: str,
    recognizer: Recognizer,
    new: KeptPhotograph | None = None,
) -> ListedMember:
    """Keep the photographs that are wanted of those held, looked at outside of any lock; again when they changed."""
    while True:
        _, _, held = _find(tenant.tenant_id, member.staff_id, recognizer)
        kept, vectors = _look(wanted(held), recognizer, new)
        # Asked once, when they become known: what a person decides about it later stays.
        becomes_known = len(held) < LEAST_PHOTOGRAPHS <= len(kept)
        seen_as = seen_as_customer(vectors, tenant, recognizer) if becomes_known else None
        try:
            with transaction(recognizer.engine, Tenancy(tenant.tenant_id, tenant.scope_id)) as connection:
                lock_gallery(connection, tenant.tenant_id)
                before = find_member(connection, tenant.tenant_id, member.staff_id, lock=True)
                if before is None:
                    raise NotFound(_NOBODY)
                if photographs_of(connection, tenant.tenant_id, member.staff_id) != held:
                    continue
                customer_id = seen_as if becomes_known else before.member.customer_id
                changed = write_known(connection, before.member, kept, vectors, customer_id, recognizer)
                _note(connection, tenant.tenant_id, member.staff_id, action, actor, recognizer)
                known = find_member(connection, tenant.tenant_id, member.staff_id) or before
                gone = {one.key for one in held} - {one.photograph.key for one in kept}
                recognizer.objects.delete(gone)
        except RegularsError:
            forget_uploads(kept, recognizer)
            raise
        follow_index(changed, recognizer)
        return known


def _look(
    wanted: Sequence[StaffPhotograph], recognizer: Recognizer, new: KeptPhotograph | None
) -> tuple[list[KeptPhotograph], FloatArray]:
    """Look at the photographs again; raise InputRefused when the new one is of somebody else."""
    with recognizer.embedding_slots:
        kept = [
            new if new is not None and one == new.photograph else read_photograph(one, recognizer) for one in wanted
        ]
        if not kept:
            return [], np.zeros((0, recognizer.pack.dimension), np.float32)
        vectors = recognizer.pack.embedder.embed([one.look.crop for one in kept])
    if new is not None and len(kept) > 1 and apart(vectors, len(kept) - 1, recognizer.pack):
        raise InputRefused("different_people", "It shows somebody else than the photographs that are kept.")
    return kept, vectors


def _find(tenant_id: UUID, staff_id: UUID, recognizer: Recognizer) -> tuple[Tenant, Member, list[StaffPhotograph]]:
    with transaction(recognizer.engine, Tenancy(tenant_id)) as connection:
        tenant = find_tenant(connection, tenant_id)
        found = find_member(connection, tenant_id, staff_id)
        if tenant is None or found is None:
            raise NotFound(_NOBODY)
        return tenant, found.member, photographs_of(connection, tenant_id, staff_id)


def _known_by(known: ListedMember, photograph_id: UUID | None = None) -> KnownBy:
    enrolled = known.photographs >= LEAST_PHOTOGRAPHS
    return KnownBy(known.photographs, enrolled, known.member.customer_id is not None, photograph_id)


def _note(
    connection: Connection, tenant_id: UUID, staff_id: UUID, action: str, actor: str, recognizer: Recognizer
) -> None:
    record(connection, AuditEntry(tenant_id, actor, action, "staff", str(staff_id), {}, recognizer.clock()))
