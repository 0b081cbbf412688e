"""Tenants and their sites: who a track may belong to, and how its visits are told apart."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import Connection, RowMapping, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.opening_hours import OpeningHours
from regulars.domain.visits import VisitRule
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.tables import cameras, sites, tenant_customers, tenants
from regulars.tenancy import NETWORK_SCOPE_ID, gallery_scope_id

Sharing = Literal["network", "isolated"]
Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A chain. `sharing` says which customer gallery it matches against; without `recognition` it only counts.

    Pictures of its visitors are kept for `retention_days`, customers forgotten `inactive_after_months` after their last
    visit (None: never), and reports say nothing of groups smaller than `least_people_shown`. While it is suspended
    nobody of it may log in. `language` is that of its portal, `second_factor_required` of all who may see faces there.
    """

    tenant_id: UUID
    name: str
    sharing: Sharing
    created_at: datetime
    recognition: bool = True
    suspended_at: datetime | None = None
    language: Language = "vi"
    retention_days: int = 30
    inactive_after_months: int | None = None
    least_people_shown: int = 10
    second_factor_required: bool = False

    @property
    def scope_id(self) -> UUID:
        """The customer gallery of this tenant."""
        return gallery_scope_id(self.tenant_id, self.sharing)


@dataclass(frozen=True, slots=True)
class Site:
    """A shop. `visit_gap_minutes` 0 makes each arrival a visit; `time_zone` is an IANA name.

    Visits end when the last of a day's `opening_hours` does, and at midnight on a day without. One that is not `active`
    was given up: what happened there stays, and nothing new begins.
    """

    tenant_id: UUID
    site_id: UUID
    name: str
    time_zone: str
    visit_gap_minutes: float
    created_at: datetime
    opening_hours: OpeningHours = ()
    address: str = ""
    active: bool = True

    @property
    def rule(self) -> VisitRule:
        """What makes sightings one visit here."""
        return VisitRule(self.visit_gap_minutes * 60, ZoneInfo(self.time_zone), self.opening_hours)


@dataclass(frozen=True, slots=True)
class CameraPlace:
    """Where a camera hangs, whether faces are recognized there, and when recorded footage of it begins (UTC)."""

    site_id: UUID
    camera_id: UUID
    recognition: bool
    file_starts_at: datetime | None


_C = cameras.c
_HOURS: TypeAdapter[OpeningHours] = TypeAdapter(OpeningHours)
_CAMERA_PLACES = select(_C.site_id, _C.camera_id, _C.recognition, _C.file_starts_at)


def add_tenant(connection: Connection, tenant: Tenant) -> None:
    """Add a tenant; one of that id stays as it is."""
    connection.execute(insert(tenants).values(**asdict(tenant)).on_conflict_do_nothing())


def change_tenant(connection: Connection, tenant_id: UUID, **values: object) -> None:
    """Set these columns of a tenant; its cameras learn of `recognition` with their next track."""
    connection.execute(update(tenants).where(tenants.c.tenant_id == tenant_id).values(**values))


def has_customers(connection: Connection, tenant_id: UUID) -> bool:
    """Return whether the tenant knows any customer; the platform itself sees nobody's."""
    known = select(tenant_customers.c.tenant_id).where(tenant_customers.c.tenant_id == tenant_id)
    return connection.execute(known.limit(1)).one_or_none() is not None


def add_site(connection: Connection, site: Site) -> None:
    """Add a site; one of that id stays, with all that can be set of `site`."""
    values = asdict(site) | {"opening_hours": _HOURS.dump_python(site.opening_hours, mode="json")}
    settable = {name: value for name, value in values.items() if name not in ("tenant_id", "site_id", "created_at")}
    statement = insert(sites).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "site_id"], set_=settable))


def remove_site(connection: Connection, tenant_id: UUID, site_id: UUID) -> None:
    """Remove a site on which nothing hangs."""
    connection.execute(delete(sites).where(sites.c.tenant_id == tenant_id, sites.c.site_id == site_id))


def find_tenant(connection: Connection, tenant_id: UUID, *, lock: bool = False) -> Tenant | None:
    """Return the tenant, or None; with `lock` nobody else changes it before this transaction ends."""
    wanted = select(tenants).where(tenants.c.tenant_id == tenant_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().one_or_none()
    return record_of(Tenant, row) if row else None


TENANTS_BY = Sorting(
    tenants.c.tenant_id, {"created_at": tenants.c.created_at, "name": func.plain_text(tenants.c.name, type_=Text)}
)


def page_of_tenants(
    connection: Connection, piece: Piece, *, q: str | None = None, suspended: bool | None = None
) -> Slice[Tenant]:
    """Return one page of the tenants in sight; `q` is looked for in their names."""
    wanted = select(tenants)
    if q is not None:
        wanted = wanted.where(mentions(q, tenants.c.name))
    if suspended is not None:
        wanted = wanted.where(tenants.c.suspended_at.is_not(None) == suspended)
    return read_slice(connection, wanted, TENANTS_BY, piece, partial(record_of, Tenant))


def list_tenants(connection: Connection) -> list[Tenant]:
    """Return every tenant in sight: all for the platform, its own for a tenant."""
    return [
        record_of(Tenant, row) for row in connection.execute(select(tenants).order_by(tenants.c.tenant_id)).mappings()
    ]


def find_site(connection: Connection, tenant_id: UUID, site_id: UUID, *, lock: bool = False) -> Site | None:
    """Return the site, or None; with `lock` nobody else changes it before this transaction ends."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id, sites.c.site_id == site_id)
    row = connection.execute(wanted.with_for_update() if lock else wanted).mappings().one_or_none()
    return _site(row) if row else None


SITES_BY = Sorting(
    sites.c.site_id, {"created_at": sites.c.created_at, "name": func.plain_text(sites.c.name, type_=Text)}
)


def page_of_sites(
    connection: Connection, tenant_id: UUID, piece: Piece, *, q: str | None = None, active: bool | None = None
) -> Slice[Site]:
    """Return one page of the tenant's sites; `q` is looked for in their names and addresses."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id)
    if q is not None:
        wanted = wanted.where(mentions(q, sites.c.name, sites.c.address))
    if active is not None:
        wanted = wanted.where(sites.c.active == active)
    return read_slice(connection, wanted, SITES_BY, piece, _site)


def list_sites(connection: Connection, tenant_id: UUID) -> list[Site]:
    """Return the tenant's sites, oldest first."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id).order_by(sites.c.site_id)
    return [_site(row) for row in connection.execute(wanted).mappings()]


def camera_place(connection: Connection, tenant_id: UUID, camera_id: UUID) -> CameraPlace | None:
    """Return where a camera hangs, or None when the tenant has no such camera."""
    row = connection.execute(_CAMERA_PLACES.where(_C.tenant_id == tenant_id, _C.camera_id == camera_id)).one_or_none()
    return CameraPlace(*row) if row else None


def camera_places(connection: Connection, tenant_id: UUID) -> list[CameraPlace]:
    """Return where all the tenant's cameras hang."""
    return [CameraPlace(*row) for row in connection.execute(_CAMERA_PLACES.where(_C.tenant_id == tenant_id))]


def gallery_scopes(tenants_in_sight: Sequence[Tenant]) -> list[UUID]:
    """Return every gallery these tenants can have templates in: staff and isolated customers by tenant, the network."""
    return [NETWORK_SCOPE_ID, *(tenant.tenant_id for tenant in tenants_in_sight)]


def _site(row: RowMapping) -> Site:
    return record_of(Site, row, opening_hours=_HOURS.validate_python(row["opening_hours"]))
