"""Tenants and their sites: who a track may belong to, and how its visits are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.visits import VisitRule
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.tables import cameras, sites, tenants
from regulars.tenancy import NETWORK_SCOPE_ID, gallery_scope_id

Sharing = Literal["network", "isolated"]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A chain. `sharing` says which customer gallery it matches against; without `recognition` it only counts."""

    tenant_id: UUID
    name: str
    sharing: Sharing
    created_at: datetime
    recognition: bool = True

    @property
    def scope_id(self) -> UUID:
        """The customer gallery of this tenant."""
        return gallery_scope_id(self.tenant_id, self.sharing)


@dataclass(frozen=True, slots=True)
class Site:
    """A shop. `visit_gap_minutes` 0 makes each arrival a visit; `time_zone` is an IANA name.

    `closes_at` is the time of day there at which every visit ends; None: midnight.
    """

    tenant_id: UUID
    site_id: UUID
    name: str
    time_zone: str
    visit_gap_minutes: float
    created_at: datetime
    closes_at: time | None = None

    @property
    def rule(self) -> VisitRule:
        """What makes sightings one visit here."""
        return VisitRule(self.visit_gap_minutes * 60, ZoneInfo(self.time_zone), self.closes_at)


@dataclass(frozen=True, slots=True)
class CameraPlace:
    """Where a camera hangs, whether faces are recognized there, and when recorded footage of it begins (UTC)."""

    site_id: UUID
    camera_id: UUID
    recognition: bool
    file_starts_at: datetime | None


_C = cameras.c
_CAMERA_PLACES = select(_C.site_id, _C.camera_id, _C.recognition, _C.file_starts_at)


def add_tenant(connection: Connection, tenant: Tenant) -> None:
    """Add a tenant; one of that id stays as it is."""
    values: dict[str, object] = {"tenant_id": tenant.tenant_id, "name": tenant.name, "sharing": tenant.sharing}
    values |= {"recognition": tenant.recognition, "created_at": tenant.created_at}
    connection.execute(insert(tenants).values(**values).on_conflict_do_nothing())


def set_recognition(connection: Connection, tenant_id: UUID, *, recognition: bool) -> None:
    """Let the tenant's cameras recognize people, or only count them, from their next track on."""
    connection.execute(update(tenants).where(tenants.c.tenant_id == tenant_id).values(recognition=recognition))


def add_site(connection: Connection, site: Site) -> None:
    """Add a site; one of that id stays, with the name, time zone, gap and closing time of `site`."""
    settable = {name: getattr(site, name) for name in ("name", "time_zone", "visit_gap_minutes", "closes_at")}
    statement = insert(sites).values(
        tenant_id=site.tenant_id, site_id=site.site_id, created_at=site.created_at, **settable
    )
    connection.execute(statement.on_conflict_do_update(index_elements=["tenant_id", "site_id"], set_=settable))


def find_tenant(connection: Connection, tenant_id: UUID) -> Tenant | None:
    """Return the tenant, or None."""
    row = connection.execute(select(tenants).where(tenants.c.tenant_id == tenant_id)).mappings().one_or_none()
    return _tenant(row) if row else None


def list_tenants(connection: Connection) -> list[Tenant]:
    """Return every tenant in sight: all for the platform, its own for a tenant."""
    return [_tenant(row) for row in connection.execute(select(tenants).order_by(tenants.c.tenant_id)).mappings()]


def find_site(connection: Connection, tenant_id: UUID, site_id: UUID) -> Site | None:
    """Return the site, or None."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id, sites.c.site_id == site_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return Site(**row) if row else None


SITES_BY = Sorting(sites.c.site_id, {"created_at": sites.c.created_at, "name": sites.c.name})


def page_of_sites(connection: Connection, tenant_id: UUID, piece: Piece, *, q: str | None = None) -> Slice[Site]:
    """Return one page of the tenant's sites; `q` is looked for in their names."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id)
    if q is not None:
        wanted = wanted.where(mentions(q, sites.c.name))
    return read_slice(
        connection, wanted, SITES_BY, piece, lambda row: Site(**{name: row[name] for name in Site.__slots__})
    )


def list_sites(connection: Connection, tenant_id: UUID) -> list[Site]:
    """Return the tenant's sites, oldest first."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id).order_by(sites.c.site_id)
    return [Site(**row) for row in connection.execute(wanted).mappings()]


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


def _tenant(row: RowMapping) -> Tenant:
    return Tenant(**row)
