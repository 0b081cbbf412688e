"""Every night: templates of a model pack that nothing is recognized with any more fade, with their index."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.ports import VectorIndex
from regulars.steps.index_templates import collection_of
from regulars.store.reembedding import last_used, packs_held, remove_pack
from regulars.store.session import Engine, transaction
from regulars.store.templates import lock_gallery
from regulars.store.tenants import Tenant, gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

KEPT_AFTER_SWITCH = timedelta(days=30)
"""So long a deployment can go back to the pack before by its settings alone."""


@dataclass(frozen=True, slots=True)
class Faded:
    """A pack that is not used any more, and how many templates of it went."""

    pack: str
    templates: int


def fade_packs(*, engine: Engine, vectors: VectorIndex, pack: str, now: datetime) -> list[Faded]:
    """Remove every pack but `pack`, if `pack` is in use and the other was, but not for `KEPT_AFTER_SWITCH`.

    One that was never used is being made for a switch to come. A collection goes first: what is cut off then is done by
    the next run. Raises DependencyAway.
    """
    with transaction(engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    scopes = gallery_scopes(tenants)
    held: set[str] = set()
    for scope_id in scopes:
        with transaction(engine, Tenancy(None, scope_id)) as connection:
            held |= packs_held(connection, scope_id)
    if _used(engine, tenants, pack) is None:
        return []
    faded: list[Faded] = []
    for old in sorted(held - {pack}):
        used = _used(engine, tenants, old)
        if used is None or used > now - KEPT_AFTER_SWITCH:
            continue
        vectors.drop(collection_of(old))
        gone = 0
        for scope_id in scopes:
            with transaction(engine, Tenancy(None, scope_id)) as connection:
                lock_gallery(connection, scope_id)
                gone += remove_pack(connection, scope_id, old)
        faded.append(Faded(old, gone))
    return faded


def _used(engine: Engine, tenants: list[Tenant], pack: str) -> datetime | None:
    """Return when (UTC) the pack was last used by any chain."""
    last: list[datetime] = []
    for tenant in tenants:
        with transaction(engine, Tenancy(tenant.tenant_id)) as connection:
            used = last_used(connection, tenant.tenant_id, pack)
        last += [used] if used else []
    return max(last, default=None)
