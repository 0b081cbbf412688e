"""When and where a customer uses to come: sums over their visits in sight, by each site's own clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class UsualHour:
    """So many visits began on this weekday (1 Monday to 7 Sunday) in this hour (0 to 23) of the site's clock."""

    weekday: int
    hour: int
    visits: int


@dataclass(frozen=True, slots=True)
class VisitedSite:
    """A site that the customer has visited, so many times; the first and the last (UTC)."""

    site_id: UUID
    site_name: str
    time_zone: str
    visits: int
    first_visit_at: datetime
    last_visit_at: datetime


_HOURS = text("""
select extract(isodow from v.started_at at time zone s.time_zone)::int as weekday,
    extract(hour from v.started_at at time zone s.time_zone)::int as hour, count(*) as visits
from visits v join sites s on s.tenant_id = v.tenant_id and s.site_id = v.site_id
where v.tenant_id = :tenant_id and v.customer_id = :customer_id
group by 1, 2 order by 1, 2
""")
_SITES = text("""
select s.site_id, s.name as site_name, s.time_zone, count(*) as visits, min(v.started_at) as first_visit_at,
    max(v.started_at) as last_visit_at
from visits v join sites s on s.tenant_id = v.tenant_id and s.site_id = v.site_id
where v.tenant_id = :tenant_id and v.customer_id = :customer_id
group by s.site_id, s.name, s.time_zone order by count(*) desc, s.name, s.site_id
""")
_ABSENCE = text("""
select percentile_cont(0.5) within group (order by extract(epoch from absence)) / 86400 from (
    select started_at - lag(started_at) over (order by started_at) as absence
    from visits where tenant_id = :tenant_id and customer_id = :customer_id
) absences
""")


def usual_hours(connection: Connection, tenant_id: UUID, customer_id: UUID) -> list[UsualHour]:
    """Return the hours of the week with a visit."""
    rows = connection.execute(_HOURS, {"tenant_id": tenant_id, "customer_id": customer_id}).mappings()
    return [UsualHour(**row) for row in rows]


def sites_visited(connection: Connection, tenant_id: UUID, customer_id: UUID) -> list[VisitedSite]:
    """Return the sites, the most visited first."""
    rows = connection.execute(_SITES, {"tenant_id": tenant_id, "customer_id": customer_id}).mappings()
    return [VisitedSite(**row) for row in rows]


def usual_absence_days(connection: Connection, tenant_id: UUID, customer_id: UUID) -> float | None:
    """Return the median time from one visit's beginning to the next in days, or None with fewer than two."""
    found = connection.scalar(_ABSENCE, {"tenant_id": tenant_id, "customer_id": customer_id})
    return None if found is None else float(found)
