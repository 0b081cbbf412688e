"""Today, site by site: what was counted, who is inside, the hours beside the usual ones, and whether cameras run."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from functions.gateway.auth.caller import Caller
from regulars.domain.presence import InsideUnknown
from regulars.domain.usual_day import HOURS, usual_hours
from regulars.store.figures import CameraHealth as StoredHealth
from regulars.store.figures import figures_of_today, health_of_cameras, hours_like_today
from regulars.store.session import Connection
from regulars.store.site_counts import passed_today
from regulars.store.tenants import find_tenant

SUCH_DAYS = 8
_TOLD_TOGETHER = {("visits",): (), ("new", "returning", "undetermined"): (), ("came_in", "went_out"): ("inside",)}
"""Of each group all are told or none, and what follows from them like them."""
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
    nine were counted the other way, and `inside_unknown` says which. `hours` are all 24. Who may not see single visits
    is not told of too few people: null are then `visits`; `new`, `returning` and `undetermined`; `came_in`, `went_out`
    and `inside`; or `hours`, each with the others of its kind. `few_people` says that something is.
    """

    site_id: UUID
    site_name: str
    time_zone: str
    day: date
    visits: int | None
    new: int | None
    returning: int | None
    undetermined: int | None
    came_in: int | None
    went_out: int | None
    inside: int | None
    inside_unknown: InsideUnknown | None
    hours: list[HourOfDay] | None
    few_people: bool
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
    fewest = tenant.least_people_shown if tenant and "visits.see" not in caller.actions else 0
    sites: list[SiteDay] = []
    for day in days:
        figures = asdict(day) | asdict(passed[day.site_id])
        figures["hours"] = _hours(hours.get(day.site_id, {}), day.day, fewest)
        hidden = _of_few(figures, fewest)
        cameras = CameraHealth.model_validate(health.get(day.site_id, StoredHealth()), from_attributes=True)
        few_people = bool(hidden) or figures["hours"] is None
        told = figures | dict.fromkeys(hidden) | {"few_people": few_people, "cameras": cameras}
        sites.append(SiteDay.model_validate(told))
    return Today(sites=sites)


def _of_few(figures: Mapping[str, Any], fewest: int) -> set[str]:
    """Return the figures that tell of fewer people, but not of none, with those from which they would follow."""
    return {
        name
        for group, with_them in _TOLD_TOGETHER.items()
        if any(0 < figures[name] < fewest for name in group)
        for name in (*group, *with_them)
    }


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
