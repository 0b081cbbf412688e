"""What an open page shows of a site's present day, in few numbers: read anew when something happened there."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from regulars.domain.presence import occupancy
from regulars.store.figures import figures_of_today
from regulars.store.presence import coming_and_going
from regulars.store.tenants import list_sites


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """One site's present day. `inside` is None unless coming and going are both seen there (`domain.presence`).

    `crossed_in` and `crossed_out` count crossings of the cameras' lines, staff included.
    """

    site_id: UUID
    day: date
    crossed_in: int
    crossed_out: int
    inside: int | None
    visits: int
    new: int
    returning: int


def counts_of_today(connection: Connection, tenant_id: UUID, now: datetime) -> dict[UUID, SiteCounts]:
    """Return by site the counts of the day that `now` (UTC) lies in there, of the sites in the transaction's sight."""
    sites = {site.site_id: site for site in list_sites(connection, tenant_id)}
    counts: dict[UUID, SiteCounts] = {}
    for day in figures_of_today(connection, tenant_id, now):
        site = sites[day.site_id]
        there = occupancy(coming_and_going(connection, site, site.rule.business_day(now)).movements)
        counts[day.site_id] = SiteCounts(
            site_id=day.site_id,
            day=day.day,
            crossed_in=day.crossed_in,
            crossed_out=day.crossed_out,
            inside=there.left_over if there else None,
            visits=day.visits,
            new=day.new,
            returning=day.returning,
        )
    return counts
