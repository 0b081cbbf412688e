"""A chain leaves: everything of it goes, everywhere, with a report and the proof that nothing remains.

Each part is deleted and committed for itself, what lies outside PostgreSQL first, so that what was interrupted is done
by the next run. In a shared gallery customers whom another chain knows stay, without what this one brought of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.errors import DependencyAway, InputRefused
from regulars.ports import ObjectStore, VectorIndex
from regulars.steps.carry_out_erasures import Outside, carry_out_in, ledger_key
from regulars.steps.index_templates import collection_of
from regulars.store import departures as store
from regulars.store import erasing
from regulars.store.audit import AuditEntry, record
from regulars.store.departures import Departure
from regulars.store.erasures import erasures_of
from regulars.store.people import customers_known
from regulars.store.session import Connection, Engine, transaction
from regulars.store.templates import lock_gallery
from regulars.store.tenants import Tenant, change_tenant, find_tenant, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

WAITS = timedelta(days=14)
"""So long an owner may change their mind, or somebody else of the chain notice."""
_AT_ONCE = 500


def ask_to_leave(connection: Connection, tenant_id: UUID, actor: str, now: datetime, wait: timedelta) -> Departure:
    """Note that the chain leaves after `wait`. Raises InputRefused `leaving_already`."""
    if store.find_departure(connection, tenant_id) is not None:
        raise InputRefused("leaving_already", "This chain is leaving already; nothing was changed.")
    departure = Departure(tenant_id, actor, now, now + wait, "waiting", {})
    store.add_departure(connection, departure)
    detail = {"due_at": departure.due_at.isoformat()}
    record(connection, AuditEntry(tenant_id, actor, "tenant.leaving", "tenant", str(tenant_id), detail, now))
    return departure


@dataclass(frozen=True, kw_only=True)
class Offboarding:
    """All that it takes to let chains go; `now` in UTC."""

    engine: Engine
    objects: ObjectStore
    vectors: VectorIndex
    actor: str
    now: datetime

    def run(self) -> Iterator[Departure]:
        """Let every chain go whose time has come; yield each as done. Raises DependencyAway; it is gone on with."""
        with transaction(self.engine, PLATFORM) as connection:
            due = store.departures_due(connection, self.now)
        for departure in due:
            yield self._leave(departure)

    def _leave(self, departure: Departure) -> Departure:
        removed = dict[str, int](departure.receipt.get("removed", {}))
        begun = replace(departure, state="in_progress", receipt={"removed": removed}, finished_at=None)
        tenant = self._begin(begun)
        if tenant is not None:
            for part in (self._erasures, self._objects, self._looks, self._people, self._rows):
                for what, number in part(tenant):
                    removed[what] = removed.get(what, 0) + number
                self._keep(replace(begun, receipt={"removed": removed}))
        remaining = self._remaining(departure.tenant_id)
        if any(remaining.values()):
            left = ", ".join(f"{number} in {where}" for where, number in remaining.items() if number)
            raise DependencyAway(f"Of the chain that leaves something remains: {left}; the next run goes on.")
        receipt: dict[str, Any] = {"removed": removed, "remaining": remaining}
        done = replace(begun, state="done", receipt=receipt, finished_at=self.now)
        self._keep(done)
        return done

    def _begin(self, departure: Departure) -> Tenant | None:
        """Let nobody of the chain in any more; return the chain, or None when a run before this one finished."""
        with transaction(self.engine, PLATFORM) as connection:
            store.rewrite_departure(connection, departure)
            change_tenant(connection, departure.tenant_id, suspended_at=self.now)
            return find_tenant(connection, departure.tenant_id)

    def _keep(self, departure: Departure) -> None:
        with transaction(self.engine, PLATFORM) as connection:
            store.rewrite_departure(connection, departure)
            if departure.state == "done":
                subject = ("tenant", str(departure.tenant_id))
                record(connection, AuditEntry(None, self.actor, "tenant.left", *subject, departure.receipt, self.now))

    def _erasures(self, tenant: Tenant) -> Iterator[tuple[str, int]]:
        """Finish what people have asked for: what is still to be deleted for them is known from the ledger only.

        Its copies name the chain; those that stay in force are written again without it by `replay_erasures`.
        """
        outside = Outside(self.objects, self.vectors, self.actor, self.now)
        yield "erasures_finished", sum(1 for _ in carry_out_in(tenant.scope_id, self.engine, outside))
        with transaction(self.engine, Tenancy(None, tenant.scope_id)) as connection:
            held = erasures_of(connection, tenant.scope_id)
        own = [one for one in held if tenant.tenant_id in (one.tenant_id, one.scope_id)]
        yield "erasure_copies", self.objects.delete([ledger_key(one) for one in own])

    def _objects(self, tenant: Tenant) -> Iterator[tuple[str, int]]:
        batch, gone = list[str](), 0
        for key in self._keys(tenant.tenant_id):
            batch.append(key)
            if len(batch) >= _AT_ONCE:
                gone += self.objects.delete(batch)
                batch = []
        yield "objects", gone + self.objects.delete(batch)

    def _keys(self, tenant_id: UUID) -> Iterator[str]:
        """Yield every key that names the chain, wherever it lies."""
        return (one.key for one in self.objects.list("") if str(tenant_id) in one.key)

    def _looks(self, tenant: Tenant) -> Iterator[tuple[str, int]]:
        """Delete from the index what the chain brought, and what is known of people whom only this chain knows."""
        tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
        with transaction(self.engine, tenancy) as connection:
            brought = store.looks_brought(connection, {tenant.tenant_id, tenant.scope_id}, tenant.tenant_id)
            own = self._known_here_only(connection, tenant)
        gone = 0
        for pack, ids in brought.items():
            collection = collection_of(pack)
            for first in range(0, max(len(ids), len(own)), _AT_ONCE):
                some = (ids[first : first + _AT_ONCE], own[first : first + _AT_ONCE])
                if held := self.vectors.find(collection, *some):
                    self.vectors.delete(collection, list(held))
                    gone += len(held)
                if self.vectors.find(collection, *some):
                    raise DependencyAway("The vector index still shows templates that it was told to delete.")
            self.vectors.compact(collection)
        yield "vectors", gone

    def _known_here_only(self, connection: Connection, tenant: Tenant) -> list[UUID]:
        """Return the chain's customers whom no other chain knows, with all who were merged into them."""
        own = customers_known(connection, tenant.tenant_id)
        for other in self._others(tenant):
            with transaction(self.engine, Tenancy(other, tenant.scope_id)) as elsewhere:
                own -= customers_known(elsewhere, other, own)
        return store.left_without_chain(connection, tenant.scope_id, own)

    def _others(self, tenant: Tenant) -> Sequence[UUID]:
        with transaction(self.engine, PLATFORM) as connection:
            sharing = [one for one in list_tenants(connection) if one.scope_id == tenant.scope_id]
        return [one.tenant_id for one in sharing if one.tenant_id != tenant.tenant_id]

    def _people(self, tenant: Tenant) -> Iterator[tuple[str, int]]:
        """Remove from a shared gallery the people whom only this chain knows."""
        with transaction(self.engine, Tenancy(tenant.tenant_id, tenant.scope_id)) as connection:
            lock_gallery(connection, tenant.scope_id)
            own, scope_id = self._known_here_only(connection, tenant), tenant.scope_id
            corrected = erasing.forget_corrections(connection, scope_id, own, None)
            templates = erasing.forget_templates(connection, scope_id, own, corrected, None)
            erasing.forget_pairs(connection, scope_id, own, None)
            erasing.forget_looks_wanted(connection, scope_id, own, None)
            store.keep_ledger(connection, tenant.tenant_id, scope_id)
            yield "face_templates", sum(map(len, templates.values()))
            yield "customers", erasing.forget_customers(connection, scope_id, own)

    def _rows(self, tenant: Tenant) -> Iterator[tuple[str, int]]:
        tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
        with transaction(self.engine, tenancy) as connection:
            yield "audit_log", store.remove_audit(connection, tenant.tenant_id)
            # Removing looks, of its staff at least, is noted by itself: what was noted goes last.
            whole = tenant.scope_id == tenant.tenant_id
            of_scope = store.tables_in_order(connection, "scope_id") if whole else ["templates_gone"]
            of_tenant = store.tables_in_order(connection, "tenant_id")
        for table in of_tenant:
            with transaction(self.engine, tenancy) as connection:
                yield table, store.remove_rows(connection, table, "tenant_id", tenant.tenant_id)
        for table in of_scope:
            with transaction(self.engine, tenancy) as connection:
                yield table, store.remove_rows(connection, table, "scope_id", tenant.tenant_id)

    def _remaining(self, tenant_id: UUID) -> dict[str, int]:
        """Return by table, and of the object store, how much there still is of the chain."""
        with transaction(self.engine, Tenancy(tenant_id, tenant_id)) as connection:
            left = {
                table: store.count_rows(connection, table, "tenant_id", tenant_id)
                for table in store.tables_in_order(connection, "tenant_id")
            }
            left["audit_log"] = store.count_rows(connection, "audit_log", "tenant_id", tenant_id)
            for table in store.tables_in_order(connection, "scope_id"):
                left[table] = left.get(table, 0) + store.count_rows(connection, table, "scope_id", tenant_id)
        return left | {"objects": sum(1 for _ in self._keys(tenant_id))}
