"""A person's right to be forgotten, first half: in one transaction nobody is matched to them any more, and it is noted.

What lies outside of PostgreSQL is deleted after the commit, by `carry_out_erasures`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.erasure import digest_of
from regulars.errors import NotFound
from regulars.ids import new_id
from regulars.steps.change_hands import By, tenants_of_scope, who_knows
from regulars.steps.derive_visits import days_of
from regulars.store import erasing
from regulars.store.audit import AuditEntry, record
from regulars.store.corrections import mark_dirty
from regulars.store.erasures import Erasure, add_erasure, verified
from regulars.store.live import announce
from regulars.store.outbox_log import forget_customer
from regulars.store.session import Connection, act_for
from regulars.store.templates import lock_gallery
from regulars.store.tenants import list_sites
from regulars.store.visits import Visit
from regulars.tenancy import Tenancy

STILL_SHOWN = timedelta(days=1)
"""A page that is open shows visits of today; it is told that these have changed."""


@dataclass
class _Removed:
    """What has gone so far, in numbers, and what lies outside of PostgreSQL."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    folders: list[str] = field(default_factory=list[str])

    def add(self, what: str, number: int) -> None:
        """Count more of a kind."""
        self.counts[what] = self.counts.get(what, 0) + number


def erase_person(connection: Connection, customer_id: UUID, *, by: By, whole: bool = False) -> Erasure:
    """Erase a customer with all who were merged into them; return the entry of the ledger, still in progress.

    A tenant in `by` erases what is its own: visits, pictures, consents and the looks that its cameras brought. When no
    other chain knows the person, or with `whole`, or without a tenant (the operator), the person goes from the gallery
    and from every chain. Takes the gallery's lock. Raises NotFound when the tenant does not know the customer.
    """
    scope_id, own = by.scope_id, by.tenancy.tenant_id
    lock_gallery(connection, scope_id)
    ids = erasing.ids_of_person(connection, scope_id, customer_id)
    tenants = tenants_of_scope(connection, by)
    known = who_knows(connection, by, ids, tenants)
    if not ids or (own is not None and own not in known):
        raise NotFound("There is no such customer.")
    whole = whole or own is None or set(known) == {own}
    return erase_ids(connection, ids, tenants if whole or own is None else [own], by=by, whole=whole)


def erase_ids(
    connection: Connection,
    customer_ids: Sequence[UUID],
    tenants: Collection[UUID],
    *,
    by: By,
    whole: bool,
    until: datetime | None = None,
) -> Erasure:
    """Erase these ids of one person at these tenants, and with `whole` from the gallery; the caller holds its lock.

    `until` (UTC) leaves what came after it.
    """
    erasure_id, removed = new_id(), _Removed()
    for tenant_id in tenants:
        act_for(connection, Tenancy(tenant_id, by.scope_id))
        _forget_at(connection, tenant_id, customer_ids, removed, erasure_id, by, until)
    act_for(connection, by.tenancy)
    own = None if whole else by.tenancy.tenant_id
    templates = _forget_in_gallery(connection, by.scope_id, customer_ids, own, removed, until)
    left = erasing.left_of_person(connection, by.scope_id, customer_ids) if whole else 0
    erasure = Erasure(
        scope_id=by.scope_id,
        erasure_id=erasure_id,
        tenant_id=by.tenancy.tenant_id,
        whole=whole,
        subjects=[digest_of(one) for one in customer_ids],
        actor=by.actor,
        asked_at=by.now,
        state="in_progress",
        work={
            "templates": {pack: [str(one) for one in ids] for pack, ids in templates.items()},
            "subjects": [str(one) for one in customer_ids] if whole else [],
            "folders": removed.folders,
        },
        receipt={"removed": removed.counts, "verified": [verified("postgresql", left, by.actor, by.now)]},
    )
    add_erasure(connection, erasure)
    return erasure


def _forget_at(
    connection: Connection,
    tenant_id: UUID,
    customer_ids: Sequence[UUID],
    removed: _Removed,
    erasure_id: UUID,
    by: By,
    until: datetime | None,
) -> None:
    visits = erasing.unlink_visits(connection, tenant_id, customer_ids, until)
    seen = erasing.unlink_sightings(connection, tenant_id, customer_ids, until)
    told = [*(one.visit_id for one in visits), *(one.track_id for one in seen)]
    removed.add("chains", erasing.forget_acquaintance(connection, tenant_id, customer_ids))
    removed.add("consents", erasing.forget_consents(connection, tenant_id, customer_ids, until))
    if until is None:
        removed.folders += [f"people/{tenant_id}/{one}/" for one in customer_ids]
    removed.add("webhook_deliveries", sum(forget_customer(connection, tenant_id, one) for one in customer_ids))
    erasing.lose_answers(connection, tenant_id)
    removed.add("visits_unlinked", len(visits))
    removed.add("sightings_unlinked", len(seen))
    removed.add("live_events", erasing.forget_live_events(connection, tenant_id, told))
    removed.folders += [one.manifest_key.removesuffix("track.json") for one in seen]
    if visits or seen:
        _tell(connection, tenant_id, visits, by)
        detail = {"visits": len(visits), "sightings": len(seen)}
        entry = AuditEntry(tenant_id, by.actor, "customer.erased", "erasure", str(erasure_id), detail, by.now)
        record(connection, entry)


def _tell(connection: Connection, tenant_id: UUID, visits: Sequence[Visit], by: By) -> None:
    """Have the sums of the days made anew, and open pages show the visits as nobody's."""
    sites = {site.site_id: site for site in list_sites(connection, tenant_id)}
    for site_id, day in days_of(visits, sites):
        mark_dirty(connection, tenant_id, site_id, day, "erased", by.now)
    for visit in visits:
        if visit.ended_at > by.now - STILL_SHOWN:
            announce(connection, tenant_id, visit.site_id, "visit_changed", visit.visit_id, by.now)


def _forget_in_gallery(
    connection: Connection,
    scope_id: UUID,
    customer_ids: Sequence[UUID],
    tenant_id: UUID | None,
    removed: _Removed,
    until: datetime | None,
) -> dict[str, list[UUID]]:
    """Remove what the gallery has of the person, or what is `tenant_id`'s of it; return the templates by pack."""
    corrected = erasing.forget_corrections(connection, scope_id, customer_ids, tenant_id)
    templates = erasing.forget_templates(connection, scope_id, customer_ids, corrected, tenant_id, until)
    removed.add("corrections", len(corrected))
    removed.add("face_templates", sum(map(len, templates.values())))
    removed.add("pairs", erasing.forget_pairs(connection, scope_id, customer_ids, tenant_id))
    removed.add("looks_wanted", erasing.forget_looks_wanted(connection, scope_id, customer_ids, tenant_id))
    if tenant_id is None:
        removed.add("customers", erasing.forget_customers(connection, scope_id, customer_ids))
    return templates
