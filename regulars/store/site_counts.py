"""What an open page shows of a site's present day, in few numbers: read anew when something happened there."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from regulars.domain.presence import occupancy
from regulars.domain.reports.local_time import day_bounds
from regulars.store.figures import figures_of_today
from regulars.store.presence import movements_of
from regulars.store.tenants import Site, list_sites


@dataclass(frozen=True, slots=True)
class PassedToday:
    """Who passed one site's doors on its present day, without recognized staff, as reports count it.

    `inside` is None unless coming and going are both seen there (`domain.presence`).
    """

    came_in: int
    went_out: int
    inside: int | None


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """One site's present day; the same as `DayFigures` and `PassedToday`."""

    site_id: UUID
    day: date
    came_in: int
    went_out: int
    inside: int | None
    visits: int
    new: int
    returning: int


def counts_of_today(connection: Connection, tenant_id: UUID, now: datetime) -> dict[UUID, SiteCounts]:
    """Return by site the counts of the day that `now` (UTC) lies in there, of the sites in the transaction's sight."""
    days = figures_of_today(connection, tenant_id, now)
    passed = passed_today(connection, tenant_id, now)
    counts: dict[UUID, SiteCounts] = {}
    for day in days:
        there = passed[day.site_id]
        counts[day.site_id] = SiteCounts(
            site_id=day.site_id,
            day=day.day,
            came_in=there.came_in,
            went_out=there.went_out,
            inside=there.inside,
            visits=day.visits,
            new=day.new,
            returning=day.returning,
        )
    return counts


def passed_today(connection: Connection, tenant_id: UUID, now: datetime) -> dict[UUID, PassedToday]:
    """Return by site who passed on the day that `now` (UTC) lies in there, of the sites in the transaction's sight.

    In and out are those of the calendar day, as in reports; who is inside came on the business day.
    """
    days = {
        site.site_id: (_calendar_day(site, now), _business_day(site, now)) for site in list_sites(connection, tenant_id)
    }
    either = {site_id: (min(one[0], other[0]), max(one[1], other[1])) for site_id, (one, other) in days.items()}
    found = movements_of(connection, tenant_id, either)
    passed: dict[UUID, PassedToday] = {}
    for site_id, (calendar_day, business_day) in days.items():
        movements = found.get(site_id, [])
        ways = [one.direction for one in movements if calendar_day[0] <= one.at < calendar_day[1]]
        there = occupancy([one for one in movements if business_day[0] <= one.at < business_day[1]])
        passed[site_id] = PassedToday(ways.count("in"), ways.count("out"), there.left_over if there else None)
    return passed


def _calendar_day(site: Site, now: datetime) -> tuple[datetime, datetime]:
    zone = site.rule.zone
    return day_bounds(zone, now.astimezone(zone).date())


def _business_day(site: Site, now: datetime) -> tuple[datetime, datetime]:
    return site.rule.hours_of(site.rule.business_day(now))
