"""Every night: the looks of people who have not come to a chain for longer than it wants to know them are forgotten.

Their visits and profile stay; who comes again after that is a new customer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from regulars.ports import VectorIndex
from regulars.steps.index_templates import collection_of
from regulars.store.audit import AuditEntry, record
from regulars.store.retaining import forget_looks, not_seen_since
from regulars.store.session import Engine, transaction
from regulars.store.templates import lock_gallery
from regulars.store.tenants import Tenant, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

AT_ONCE = 200
_MONTH = timedelta(days=365.25 / 12)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many customers of a chain were forgotten by their face, and how many looks that were."""

    tenant_id: UUID
    customers: int
    looks: int


def forget_inactive(*, engine: Engine, vectors: VectorIndex, now: datetime, actor: str) -> Iterator[Forgotten]:
    """Forget in each chain that has set `inactive_after_months`; yield what was done there.

    Only looks that the chain's own cameras brought. Raises DependencyAway; what was committed stays, nobody is matched
    with it, and the nightly repair of the index removes what could not be removed now.
    """
    with transaction(engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    for tenant in tenants:
        if tenant.inactive_after_months is None:
            continue
        since = now - tenant.inactive_after_months * _MONTH
        people = looks = 0
        while some := _some(engine, tenant, since):
            people += len(some)
            looks += _forget(engine, vectors, tenant, some, (actor, now))
        if people:
            yield Forgotten(tenant.tenant_id, people, looks)


def _some(engine: Engine, tenant: Tenant, since: datetime) -> list[UUID]:
    with transaction(engine, Tenancy(tenant.tenant_id, tenant.scope_id)) as connection:
        return not_seen_since(connection, tenant.tenant_id, since, AT_ONCE)


def _forget(
    engine: Engine, vectors: VectorIndex, tenant: Tenant, customer_ids: list[UUID], by: tuple[str, datetime]
) -> int:
    actor, now = by
    with transaction(engine, Tenancy(tenant.tenant_id, tenant.scope_id)) as connection:
        lock_gallery(connection, tenant.scope_id)
        templates = forget_looks(connection, tenant.scope_id, tenant.tenant_id, customer_ids)
        for customer_id in customer_ids:
            subject = ("customer", str(customer_id))
            record(connection, AuditEntry(tenant.tenant_id, actor, "customer.looks_forgotten", *subject, {}, now))
    for pack, ids in templates.items():
        if held := vectors.find(collection_of(pack), ids):
            vectors.delete(collection_of(pack), list(held))
            vectors.compact(collection_of(pack))
    return sum(map(len, templates.values()))
