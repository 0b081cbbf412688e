"""Every night: pictures of faces that are older than their chain keeps them are deleted, and it is proved.

Beside the object store's own lifecycle rule, which knows one age for all. What was interrupted is done by the next run.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.retention import LONGEST_DAYS, old_since, tenant_of
from regulars.errors import DependencyAway
from regulars.ports import ObjectInfo, ObjectStore
from regulars.store.audit import AuditEntry, record
from regulars.store.retaining import BATCH, forget_old_shots
from regulars.store.session import Engine, transaction
from regulars.store.tenants import Tenant, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

TRACKS = "tracks/"
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Purged:
    """What was done for one chain (None: tracks of chains that are no more), and what a listing afterwards showed.

    `objects` were deleted, the shots of `sightings` forgotten; `kept` objects are younger, and `older` remain: zero.
    """

    tenant_id: UUID | None
    objects: int
    sightings: int
    kept: int
    older: int


@dataclass
class _Listing:
    """Objects by chain: how many are kept, and how many are older than they may be."""

    kept: Counter[UUID | None] = field(default_factory=Counter[UUID | None])
    older: Counter[UUID | None] = field(default_factory=Counter[UUID | None])


def purge_raw_faces(
    *, engine: Engine, objects: ObjectStore, now: datetime, actor: str, longest_days: int = LONGEST_DAYS
) -> Iterator[Purged]:
    """Delete, look again and note it in each chain's audit log; yield chain by chain, orphans last.

    A chain's own `retention_days` count where they are fewer than `longest_days`, which are never more than 30. Raises
    DependencyAway when the object store or PostgreSQL does not answer, or when the store still lists what it deleted.
    """
    longest = timedelta(days=min(longest_days, LONGEST_DAYS))
    with transaction(engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    limits = {one.tenant_id: now - min(longest, timedelta(days=one.retention_days)) for one in tenants}
    deleted = _delete_older(objects, limits, now - longest)
    left = _Listing()
    for _, tenant_id, is_older in _looked_at(objects, limits, now - longest):
        (left.older if is_older else left.kept)[tenant_id] += 1
    if remaining := sum(left.older.values()):
        raise DependencyAway(f"The object store still lists {remaining} pictures that it was told to delete.")
    for tenant in tenants:
        seen = _forget(engine, tenant, limits[tenant.tenant_id])
        purged = Purged(tenant.tenant_id, deleted[tenant.tenant_id], seen, left.kept[tenant.tenant_id], 0)
        _note(engine, purged, actor, now)
        yield purged
    yield Purged(None, deleted[None], 0, left.kept[None], 0)


def _delete_older(objects: ObjectStore, limits: dict[UUID, datetime], otherwise: datetime) -> "Counter[UUID | None]":
    deleted, batch = Counter[UUID | None](), list[str]()
    for one, tenant_id, is_older in _looked_at(objects, limits, otherwise):
        if is_older:
            batch.append(one.key)
            deleted[tenant_id] += 1
        if len(batch) >= _AT_ONCE:
            objects.delete(batch)
            batch = []
    objects.delete(batch)
    return deleted


def _looked_at(
    objects: ObjectStore, limits: dict[UUID, datetime], otherwise: datetime
) -> Iterator[tuple[ObjectInfo, UUID | None, bool]]:
    """Yield every object of a track, whose it is (None: of no chain that we know), and whether it is too old."""
    for one in objects.list(TRACKS):
        named = tenant_of(one.key)
        tenant_id = named if named in limits else None
        limit = limits[tenant_id] if tenant_id else otherwise
        yield one, tenant_id, old_since(one.key, one.modified_at) < limit


def _forget(engine: Engine, tenant: Tenant, before: datetime) -> int:
    tenancy, forgotten = Tenancy(tenant.tenant_id), 0
    while True:
        with transaction(engine, tenancy) as connection:
            some = forget_old_shots(connection, tenant.tenant_id, before)
        forgotten += some
        if some < BATCH:
            return forgotten


def _note(engine: Engine, purged: Purged, actor: str, now: datetime) -> None:
    detail = {"objects": purged.objects, "sightings": purged.sightings, "kept": purged.kept, "older": purged.older}
    subject = ("tenant", str(purged.tenant_id))
    with transaction(engine, Tenancy(purged.tenant_id)) as connection:
        record(connection, AuditEntry(purged.tenant_id, actor, "faces.purged", *subject, detail, now))
