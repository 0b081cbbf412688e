"""Makes what must be there before the first camera: a tenant and its site. Running it again changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.store.audit import AuditEntry, record
from regulars.store.session import Connection
from regulars.store.tenants import Sharing, Site, Tenant, add_site, add_tenant, list_sites, list_tenants

DEFAULT_GAP_MINUTES = 30.0


@dataclass(frozen=True, slots=True)
class OpenedTenant:
    """A tenant and its first site."""

    tenant: Tenant
    site: Site


def open_tenant(
    connection: Connection,
    *,
    name: str,
    site_name: str,
    now: datetime,
    sharing: Sharing = "network",
    time_zone: str = "UTC",
    visit_gap_minutes: float = DEFAULT_GAP_MINUTES,
) -> OpenedTenant:
    """Return the tenant of that name with the site of that name, made where absent.

    An existing site gets the time zone and gap given here and keeps all else; an existing tenant keeps its sharing.
    Needs the platform's transaction. Raises InputRefused `unknown_time_zone` or `bad_gap`.
    """
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as failure:
        raise InputRefused(
            "unknown_time_zone", f"There is no time zone {time_zone!r}; use a name such as Europe/Berlin."
        ) from failure
    if not 0 <= visit_gap_minutes <= 99_999:
        raise InputRefused("bad_gap", "The visit gap is a number of minutes from 0 (each arrival is a visit) to 99999.")
    tenant = next((one for one in list_tenants(connection) if one.name == name), None)
    if tenant is None:
        tenant = Tenant(new_id(), name, sharing, now)
        add_tenant(connection, tenant)
        entry = AuditEntry(tenant.tenant_id, "platform", "tenant_opened", "tenant", str(tenant.tenant_id), {}, now)
        record(connection, entry)
    found = next((one for one in list_sites(connection, tenant.tenant_id) if one.name == site_name), None)
    held = found or Site(tenant.tenant_id, new_id(), site_name, time_zone, visit_gap_minutes, now)
    site = replace(held, time_zone=time_zone, visit_gap_minutes=visit_gap_minutes)
    add_site(connection, site)
    return OpenedTenant(tenant, site)
