"""Today, site by site: what was counted, who is inside, the hours beside the usual ones, and whether cameras run."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from functions.gateway.auth.caller import Caller
from regulars.domain.presence import InsideUnknown
from regulars.domain.usual_day import HOURS, usual_hours
from regulars.store.figures import CameraHealth as StoredHealth
from regulars.store.figures import DayFigures, figures_of_today, health_of_cameras, hours_like_today
from regulars.store.session import Connection
from regulars.store.site_counts import passed_today
from regulars.store.tenants import find_tenant

SUCH_DAYS = 8
_Counted = Mapping[date, Mapping[int, int]]


class HourOfDay(BaseModel):
    """Visits that began in this hour (0 to 23) of the site's clock, and the median of such weekdays before.

    `usual` is null until three such days had visits.
    """

    hour: int
    visits: int
    usual: float | None


class CameraHealth(BaseModel):
    """How many cameras should run, and how many do."""

    wanted: int
    running: int


class SiteDay(BaseModel):
    """One site's present day in its own time zone.

    `visits` = new + returning + undetermined, people who came. `came_in` and `went_out` count passages of the door as
    reports do, without recognized staff: figures of their own, and not the same as visits. `inside` is how many are
    there now: null where, on the last seven days and on the newest of them alone, of ten counted one way fewer than
    nine were counted the other way, and `inside_unknown` says which. `hours` are all 24; null where one would tell an
    analyst or a key of too few people.
    """

    site_id: UUID
    site_name: str
    time_zone: str
    day: date
    visits: int
    new: int
    returning: int
    undetermined: int
    came_in: int
    went_out: int
    inside: int | None
    inside_unknown: InsideUnknown | None
    hours: list[HourOfDay] | None
    cameras: CameraHealth


class Today(BaseModel):
    """Each site's figures of today."""

    sites: list[SiteDay]


def tell_today(connection: Connection, caller: Caller, now: datetime) -> Today:
    """Return the figures of the day that `now` (UTC) lies in at each of the caller's sites."""
    tenant_id = caller.tenant_id
    days = figures_of_today(connection, tenant_id, now)
    hours = _by_site_and_day(connection, tenant_id, now)
    passed = passed_today(connection, tenant_id, now)
    health = health_of_cameras(connection, tenant_id, now)
    tenant = find_tenant(connection, tenant_id)
    knows_people = caller.role in ("owner", "manager")
    fewest = 0 if tenant is None or knows_people else tenant.least_people_shown
    return Today(
        sites=[
            SiteDay(
                **{name: getattr(day, name) for name in DayFigures.__slots__},
                **asdict(passed[day.site_id]),
                hours=_hours(hours.get(day.site_id, {}), day.day, fewest),
                cameras=CameraHealth.model_validate(health.get(day.site_id, StoredHealth()), from_attributes=True),
            )
            for day in days
        ]
    )


def _by_site_and_day(connection: Connection, tenant_id: UUID, now: datetime) -> dict[UUID, dict[date, dict[int, int]]]:
    counted: dict[UUID, dict[date, dict[int, int]]] = {}
    for one in hours_like_today(connection, tenant_id, now, SUCH_DAYS):
        counted.setdefault(one.site_id, {}).setdefault(one.day, {})[one.hour] = one.visits
    return counted


def _hours(counted: _Counted, today: date, fewest: int) -> list[HourOfDay] | None:
    present, usual = counted.get(today, {}), usual_hours(counted, today)
    if any(visits < fewest for visits in present.values()):
        return None
    return [
        HourOfDay(hour=hour, visits=present.get(hour, 0), usual=usual[hour] if usual else None) for hour in range(HOURS)
    ]
