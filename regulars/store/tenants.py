"""Tenants and their sites: who a track may belong to, and how its visits are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.postgresql import insert

from regulars.store.tables import cameras, sites, tenants
from regulars.tenancy import NETWORK_SCOPE_ID, gallery_scope_id

Sharing = Literal["network", "isolated"]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A chain. `sharing` says which customer gallery it matches against."""

    tenant_id: UUID
    name: str
    sharing: Sharing
    created_at: datetime

    @property
    def scope_id(self) -> UUID:
        """The customer gallery of this tenant."""
        return gallery_scope_id(self.tenant_id, self.sharing)


@dataclass(frozen=True, slots=True)
class Site:
    """A shop. `visit_gap_minutes` 0 makes each arrival a visit; `time_zone` is an IANA name."""

    tenant_id: UUID
    site_id: UUID
    name: str
    time_zone: str
    visit_gap_minutes: float
    created_at: datetime


def add_tenant(connection: Connection, tenant: Tenant) -> None:
    """Add a tenant; one of that id stays as it is."""
    values = {"tenant_id": tenant.tenant_id, "name": tenant.name, "sharing": tenant.sharing}
    connection.execute(insert(tenants).values(**values, created_at=tenant.created_at).on_conflict_do_nothing())


def add_site(connection: Connection, site: Site) -> None:
    """Add a site; one of that id stays, with the name, time zone and gap of `site`."""
    settable = {"name": site.name, "time_zone": site.time_zone, "visit_gap_minutes": site.visit_gap_minutes}
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


def list_sites(connection: Connection, tenant_id: UUID) -> list[Site]:
    """Return the tenant's sites, oldest first."""
    wanted = select(sites).where(sites.c.tenant_id == tenant_id).order_by(sites.c.site_id)
    return [Site(**row) for row in connection.execute(wanted).mappings()]


def site_of_camera(connection: Connection, tenant_id: UUID, camera_id: UUID) -> UUID | None:
    """Return the site a camera belongs to, or None when the tenant has no such camera."""
    wanted = select(cameras.c.site_id).where(cameras.c.tenant_id == tenant_id, cameras.c.camera_id == camera_id)
    found: UUID | None = connection.scalar(wanted)
    return found


def gallery_scopes(tenants_in_sight: Sequence[Tenant]) -> list[UUID]:
    """Return every gallery these tenants can have templates in: staff and isolated customers by tenant, the network."""
    return [NETWORK_SCOPE_ID, *(tenant.tenant_id for tenant in tenants_in_sight)]


def _tenant(row: RowMapping) -> Tenant:
    return Tenant(row["tenant_id"], row["name"], row["sharing"], row["created_at"])
