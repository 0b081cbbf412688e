"""After a restore, a rebuild, and every night: whom the ledger names as erased is erased again wherever they are back.

Doing it when nobody is back changes nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.erasure import digest_of
from regulars.errors import InputRefused
from regulars.ports import ObjectStore
from regulars.steps.carry_out_erasures import LEDGER, as_ledger_copy, ledger_key, read_ledger_copy
from regulars.steps.change_hands import By, tenants_of_scope
from regulars.steps.erase_member import forget_member
from regulars.steps.erase_person import erase_ids
from regulars.store import erasing, erasing_staff
from regulars.store.erasures import Erasure, add_erasure, erasures_of, find_erasure
from regulars.store.session import Connection, Engine, act_for, transaction
from regulars.store.templates import lock_gallery
from regulars.store.tenants import gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

PICTURES_AT_MOST = timedelta(days=60)
"""Twice as long as any picture is kept: nothing older can have come back into the object store."""
_MAX_COPY_BYTES = 10_000_000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What had come back: entries that PostgreSQL's ledger had lost, people, and objects of erased tracks."""

    entries: int
    people: int
    objects: int


def replay_erasures(*, engine: Engine, objects: ObjectStore, actor: str, now: datetime) -> Replayed:
    """Erase again; `carry_out_erasures` then does the rest. Raises DependencyAway; what was done stays done."""
    with transaction(engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    scopes, people = gallery_scopes(tenants), 0
    customers_of = {tenant.tenant_id: tenant.scope_id for tenant in tenants}
    entries = _compare_ledgers(engine, objects, scopes)
    for scope_id in scopes:
        by = By(Tenancy(None, scope_id), actor, now)
        with transaction(engine, by.tenancy) as connection:
            customers_in = customers_of.get(scope_id, scope_id)
            lock_gallery(connection, customers_in)  # before the staff's, as everywhere
            lock_gallery(connection, scope_id)
            for erasure, ids in _who_is_back(connection, scope_id):
                if erasure.of_staff:
                    people += _staff_again(connection, ids, replace(by, tenancy=Tenancy(scope_id, customers_in)))
                    act_for(connection, by.tenancy)
                else:
                    people += _again(connection, erasure, ids, by)
    gone = sum(_delete_tracks(engine, objects, tenant.tenant_id, now) for tenant in tenants)
    return Replayed(entries, people, gone)


def _compare_ledgers(engine: Engine, objects: ObjectStore, scopes: Sequence[UUID]) -> int:
    """Let PostgreSQL and the object store have each other's entries; return how many PostgreSQL had lost.

    A copy that cannot be read is told in the log, and written again where PostgreSQL has the entry.
    """
    readable, learned = set[str](), 0
    for key in [one.key for one in objects.list(LEDGER)]:
        try:
            erasure = read_ledger_copy(objects.get(key, _MAX_COPY_BYTES))
        except (InputRefused, ValueError) as failure:
            _log.error("a copy of the ledger cannot be read: %s (%s)", key, type(failure).__name__)
            continue
        readable.add(key)
        if erasure.scope_id not in scopes:
            continue
        with transaction(engine, Tenancy(None, erasure.scope_id)) as connection:
            if find_erasure(connection, erasure.erasure_id) is None:
                add_erasure(connection, erasure)
                learned += 1
    for scope_id in scopes:
        with transaction(engine, Tenancy(None, scope_id)) as connection:
            held = erasures_of(connection, scope_id)
        for erasure in held:
            if erasure.state == "done" and ledger_key(erasure) not in readable:
                objects.put(ledger_key(erasure), as_ledger_copy(erasure), "application/json")
    return learned


def _who_is_back(connection: Connection, scope_id: UUID) -> list[tuple[Erasure, list[UUID]]]:
    entries = erasures_of(connection, scope_id)
    if not entries:
        return []
    ids = erasing.ids_in_gallery(connection, scope_id) | _staff_of(connection, scope_id)
    by_digest = {digest_of(one): one for one in ids}
    found = [(one, [by_digest[digest] for digest in one.subjects if digest in by_digest]) for one in entries]
    return [(erasure, ids) for erasure, ids in found if ids]


def _staff_of(connection: Connection, scope_id: UUID) -> set[UUID]:
    """Return the ids of the chain whose own gallery this is; the network's has no staff."""
    act_for(connection, Tenancy(scope_id, scope_id))
    found = erasing_staff.staff_in_gallery(connection, scope_id)
    act_for(connection, Tenancy(None, scope_id))
    return found


def _again(connection: Connection, erasure: Erasure, customer_ids: Sequence[UUID], by: By) -> bool:
    """Erase these ids again as the entry says; return whether there was anything of it."""
    if erasure.whole:
        erase_ids(connection, customer_ids, tenants_of_scope(connection, by), by=by, whole=True)
        return True
    if erasure.tenant_id is None:
        return False
    own = replace(by, tenancy=Tenancy(erasure.tenant_id, by.scope_id))
    act_for(connection, own.tenancy)
    if knew := erasing.knew_until(connection, erasure.tenant_id, customer_ids, erasure.asked_at):
        erase_ids(connection, customer_ids, [erasure.tenant_id], by=own, whole=False, until=erasure.asked_at)
    act_for(connection, by.tenancy)
    return knew


def _staff_again(connection: Connection, staff_ids: Sequence[UUID], by: By) -> bool:
    """Erase these members of the chain in `by` again; its customers may be in the network's gallery."""
    act_for(connection, by.tenancy)
    for staff_id in staff_ids:
        forget_member(connection, staff_id, by=by)
    return True


def _delete_tracks(engine: Engine, objects: ObjectStore, tenant_id: UUID, now: datetime) -> int:
    """Delete what is in the folders of tracks that may show nobody; return how many objects that were."""
    with transaction(engine, Tenancy(tenant_id)) as connection:
        manifests = erasing.erased_since(connection, tenant_id, now - PICTURES_AT_MOST)
    gone = 0
    for key in manifests:
        if back := [one.key for one in objects.list(key.removesuffix("track.json"))]:
            gone += objects.delete(back)
    return gone
