"""Sums of a day, read straight from visits and crossings: what the live page shows of today."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One site's day in its own time zone (IANA name).

    `visits` = new + returning + undetermined, each counted on the day it began. `crossed_in` and `crossed_out` count
    crossings of the cameras' lines, staff included: a figure of its own beside visits.
    """

    site_id: UUID
    site_name: str
    time_zone: str
    day: date
    visits: int
    new: int
    returning: int
    undetermined: int
    crossed_in: int
    crossed_out: int


# A site's day begins at its own midnight; the plain bounds around it let PostgreSQL skip the months outside.
_TODAY = text("""
with days as (
    select tenant_id, site_id, name, time_zone, (cast(:now as timestamptz) at time zone time_zone)::date as day
    from sites where tenant_id = :tenant_id
), bounds as (
    select *, day::timestamp at time zone time_zone as begins, (day + 1)::timestamp at time zone time_zone as ends
    from days
)
select b.site_id, b.name as site_name, b.time_zone, b.day,
    v.new + v.returning + v.undetermined as visits, v.new, v.returning, v.undetermined, c.crossed_in, c.crossed_out
from bounds b
cross join lateral (
    select count(*) filter (where status = 'new') as new, count(*) filter (where status = 'returning') as returning,
        count(*) filter (where status = 'undetermined') as undetermined
    from visits v
    where v.tenant_id = b.tenant_id and v.site_id = b.site_id and v.started_at >= b.begins and v.started_at < b.ends
        and v.started_at between cast(:now as timestamptz) - interval '26 hours'
            and cast(:now as timestamptz) + interval '26 hours'
) v
cross join lateral (
    select count(*) filter (where direction = 'in') as crossed_in,
        count(*) filter (where direction = 'out') as crossed_out
    from crossings c
    where c.tenant_id = b.tenant_id and c.site_id = b.site_id and c.at >= b.begins and c.at < b.ends
) c
order by b.name, b.site_id
""")


def figures_of_today(connection: Connection, tenant_id: UUID, now: datetime) -> list[DayFigures]:
    """Return each site's figures of the day that `now` (UTC) lies in there."""
    rows = connection.execute(_TODAY, {"tenant_id": tenant_id, "now": now}).mappings()
    return [DayFigures(**row) for row in rows]
