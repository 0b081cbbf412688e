"""Sums of a day, read straight from visits: what Today shows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One site's day in its own time zone (IANA name).

    `visits` = new + returning + undetermined, each counted on the day it began.
    """

    site_id: UUID
    site_name: str
    time_zone: str
    day: date
    visits: int
    new: int
    returning: int
    undetermined: int


# A site's day begins at its own midnight; the plain bounds around it let PostgreSQL skip the months outside.
_TODAY = text("""
with days as (
    select tenant_id, site_id, name, time_zone, (cast(:now as timestamptz) at time zone time_zone)::date as day
    from sites where tenant_id = :tenant_id and active
), bounds as (
    select *, day::timestamp at time zone time_zone as begins, (day + 1)::timestamp at time zone time_zone as ends
    from days
)
select b.site_id, b.name as site_name, b.time_zone, b.day,
    v.new + v.returning + v.undetermined as visits, v.new, v.returning, v.undetermined
from bounds b
cross join lateral (
    select count(*) filter (where status = 'new') as new, count(*) filter (where status = 'returning') as returning,
        count(*) filter (where status = 'undetermined') as undetermined
    from visits v
    where v.tenant_id = b.tenant_id and v.site_id = b.site_id and v.started_at >= b.begins and v.started_at < b.ends
        and v.started_at between cast(:now as timestamptz) - interval '26 hours'
            and cast(:now as timestamptz) + interval '26 hours'
) v
order by b.name, b.site_id
""")


# The same weekday is the same date seven days on, whatever the clock did in between.
_HOURS = text("""
with days as (
    select tenant_id, site_id, time_zone, (cast(:now as timestamptz) at time zone time_zone)::date - 7 * ago as day
    from sites cross join generate_series(0, :weeks) ago where tenant_id = :tenant_id and active
)
select d.site_id, d.day, extract(hour from v.started_at at time zone d.time_zone)::int as hour, count(*) as visits
from days d join visits v on v.tenant_id = d.tenant_id and v.site_id = d.site_id
    and v.started_at >= d.day::timestamp at time zone d.time_zone
    and v.started_at < (d.day + 1)::timestamp at time zone d.time_zone
where v.started_at >= cast(:now as timestamptz) - (7 * :weeks + 2) * interval '1 day'
    and v.started_at <= cast(:now as timestamptz) + interval '26 hours'
group by 1, 2, 3
""")
_CAMERAS = text("""
select c.site_id, count(*) as wanted, count(*) filter (
    where c.state = 'running' and l.expires_at > cast(:now as timestamptz)
) as running
from cameras c left join camera_leases l
    on l.tenant_id = c.tenant_id and l.camera_id = c.camera_id and l.released_at is null
where c.tenant_id = :tenant_id and c.wanted_state = 'running' and c.state_reason <> 'finished'
group by c.site_id
""")


@dataclass(frozen=True, slots=True)
class HourCount:
    """So many visits to a site began on this day in this hour (0 to 23), both by its own clock."""

    site_id: UUID
    day: date
    hour: int
    visits: int


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """How many of a site's cameras should run, and how many do."""

    wanted: int = 0
    running: int = 0


def hours_like_today(connection: Connection, tenant_id: UUID, now: datetime, weeks: int) -> list[HourCount]:
    """Return the visits of each site by the hour: of the day that `now` (UTC) lies in there and that many such before.

    Hours and days without a visit are missing.
    """
    rows = connection.execute(_HOURS, {"tenant_id": tenant_id, "now": now, "weeks": weeks}).mappings()
    return [HourCount(**row) for row in rows]


def health_of_cameras(connection: Connection, tenant_id: UUID, now: datetime) -> dict[UUID, CameraHealth]:
    """Return by site how its cameras do at `now` (UTC); recorded footage that was played to its end wants no more."""
    rows = connection.execute(_CAMERAS, {"tenant_id": tenant_id, "now": now})
    return {site_id: CameraHealth(wanted, running) for site_id, wanted, running in rows}


def figures_of_today(connection: Connection, tenant_id: UUID, now: datetime) -> list[DayFigures]:
    """Return each site's figures of the day that `now` (UTC) lies in there."""
    rows = connection.execute(_TODAY, {"tenant_id": tenant_id, "now": now}).mappings()
    return [DayFigures(**row) for row in rows]
