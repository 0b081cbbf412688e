"""Every night: photographs of staff that nobody refers to any more, left by a crash between two stores, are deleted.

Those of whoever is staff stay as long as they are: they are no raw faces of visitors. Customers have no photographs.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID

from regulars.ports import ObjectInfo, ObjectStore
from regulars.store.session import Engine, transaction
from regulars.store.staff import keys_of_photographs
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM, Tenancy

PEOPLE = "people/"
_OWNER = re.compile(r"people/(?P<tenant>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/")
_BEING_KEPT = timedelta(hours=1)
"""So long a photograph may lie there before the row that names it is committed."""


def purge_photographs(*, engine: Engine, objects: ObjectStore, now: datetime) -> tuple[int, int]:
    """Delete what no member of staff has; return how many were deleted and how many are kept. Raises DependencyAway."""
    found: dict[UUID | None, list[ObjectInfo]] = {}
    for one in objects.list(PEOPLE):
        owner = _OWNER.match(one.key)
        found.setdefault(UUID(owner["tenant"]) if owner else None, []).append(one)
    with transaction(engine, PLATFORM) as connection:
        tenants = {tenant.tenant_id for tenant in list_tenants(connection)}
    deleted = kept = 0
    for tenant_id, there in found.items():
        named: set[str] = set()
        if tenant_id is not None and tenant_id in tenants:
            with transaction(engine, Tenancy(tenant_id)) as connection:
                named = keys_of_photographs(connection, tenant_id)
        orphans = [one.key for one in there if one.key not in named and one.modified_at < now - _BEING_KEPT]
        deleted += objects.delete(orphans)
        kept += len(there) - len(orphans)
    return deleted, kept
