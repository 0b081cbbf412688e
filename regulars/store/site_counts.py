"""What an open page shows of a site's present day, in few numbers: read anew when something happened there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from regulars.domain.presence import (
    DAYS_LOOKED_BACK,
    InsideUnknown,
    Movement,
    Passed,
    inside_now,
    passed_of,
    why_inside_is_unknown,
)
from regulars.domain.reports.buckets import Range
from regulars.domain.reports.local_time import day_bounds
from regulars.store.figures import figures_of_today
from regulars.store.presence import movements_of
from regulars.store.rollup_reading import passed_by_site
from regulars.store.tenants import Site, list_sites


@dataclass(frozen=True, slots=True)
class PassedToday:
    """Who passed one site's doors on its present day, without recognized staff, as reports count it.

    `inside` is how many are there now: None where that cannot be said, and `inside_unknown` says why.
    """

    came_in: int
    went_out: int
    inside: int | None
    inside_unknown: InsideUnknown | None


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """One site's present day; the same as `DayFigures` and `PassedToday`."""

    site_id: UUID
    day: date
    came_in: int
    went_out: int
    inside: int | None
    inside_unknown: InsideUnknown | None
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
            inside_unknown=there.inside_unknown,
            visits=day.visits,
            new=day.new,
            returning=day.returning,
        )
    return counts


def passed_today(connection: Connection, tenant_id: UUID, now: datetime) -> dict[UUID, PassedToday]:
    """Return by site who passed on the day that `now` (UTC) lies in there, of the sites in the transaction's sight.

    In and out are those of the calendar day, as in reports; who is inside came on the business day.
    """
    days = {one.site_id: _Day.of(one, now) for one in list_sites(connection, tenant_id)}
    found = movements_of(connection, tenant_id, {site_id: day.either for site_id, day in days.items()})
    before = _passed_before(connection, tenant_id, days)
    return {site_id: _passed(day, found.get(site_id, []), before.get(site_id, [])) for site_id, day in days.items()}


@dataclass(frozen=True, slots=True)
class _Day:
    """A site's present day: its date, and when the calendar's and the business day begin and end (UTC)."""

    day: date
    calendar: tuple[datetime, datetime]
    business: tuple[datetime, datetime]

    @staticmethod
    def of(site: Site, now: datetime) -> "_Day":
        rule = site.rule
        day = now.astimezone(rule.zone).date()
        return _Day(day, day_bounds(rule.zone, day), rule.hours_of(rule.business_day(now)))

    @property
    def either(self) -> tuple[datetime, datetime]:
        """From the beginning of the earlier to the end of the later."""
        begins, ends = zip(self.calendar, self.business, strict=True)
        return min(begins), max(ends)


def _passed_before(connection: Connection, tenant_id: UUID, days: Mapping[UUID, _Day]) -> dict[UUID, list[Passed]]:
    """Return by site who passed on each day before that is rolled up, newest first; sites without any are missing."""
    spans = {
        site_id: Range(one.day - timedelta(days=DAYS_LOOKED_BACK), one.day - timedelta(days=1))
        for site_id, one in days.items()
    }
    return passed_by_site(connection, tenant_id, spans)


def _passed(day: _Day, movements: list[Movement], before: list[Passed]) -> PassedToday:
    counted = passed_of(one for one in movements if day.calendar[0] <= one.at < day.calendar[1])
    there = [one for one in movements if day.business[0] <= one.at < day.business[1]]
    unknown = why_inside_is_unknown(before, passed_of(there))
    return PassedToday(counted.came_in, counted.went_out, None if unknown else inside_now(there), unknown)
