"""What is known of one site's day: its visits as columns and its hours as sums; every report is made of these."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regulars.domain.opening_hours import OpeningHours
from regulars.domain.reports.inside import Inside, inside_of
from regulars.domain.reports.local_time import DAY_S, Ints, day_bounds, day_number, local_seconds
from regulars.domain.visits import VisitRule

STATUSES = ("new", "returning", "undetermined")
GENDERS = ("male", "female", "unknown")
KINDS = len(STATUSES) * len(GENDERS)
HOURLY = ("in", "out", "staff_tracks", "rejected_tracks", "seen_s", "wanted_s")
"""The sums of each of a day's 24 clock hours: movements of customers, tracks that were no customers, coverage."""
WEEK_S = 7 * DAY_S
_QUARTER_S = 900
_US = 1_000_000
_LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits by the clock hour in which they began, of an hour by kind, of a kind in the order in which they began.

    As columns [n]; `visitor` int32: the visitor's number in this chain (0: nobody was told). `cell` uint8: `kind_of`
    its status and gender x 24 + the clock hour in which it began. `dwell_s` int32: how long it lasted (-1: not known).
    """

    visitor: NDArray[np.int32]
    cell: NDArray[np.uint8]
    dwell_s: NDArray[np.int32]

    @property
    def size(self) -> int:
        """How many."""
        return self.cell.size

    @property
    def kind(self) -> NDArray[np.uint8]:
        """Status and gender of each, uint8 [n]."""
        return self.cell // np.uint8(24)

    @property
    def hour(self) -> NDArray[np.uint8]:
        """The clock hour in which each began, uint8 [n]."""
        return self.cell - self.kind * np.uint8(24)


@dataclass(frozen=True, slots=True)
class SiteDay:
    """One site's calendar day. `visits` are those that began in it; `hours` is int32 [6, 24] of HOURLY.

    `inside` is of the business day of that date (`VisitRule.business_day`).
    """

    site_id: UUID
    day: date
    visits: Visits
    hours: NDArray[np.int32]
    inside: Inside | None


@dataclass(frozen=True, slots=True)
class SiteRows:
    """What PostgreSQL holds of one site for some days and a day around them; each group is columns of one length.

    `visits`: at_us, visitor, kind, dwell_s. `movements`: at_us, came_in. `tracks`: at_us, rejected (else staff).
    `at_us` is int64, microseconds since 1970, UTC.
    """

    visits: Mapping[str, NDArray[Any]]
    movements: Mapping[str, NDArray[Any]]
    tracks: Mapping[str, NDArray[Any]]
    cameras: Sequence["CameraWatch"] = ()


@dataclass(frozen=True, slots=True)
class CameraWatch:
    """One camera: it hangs there since `since_s`, and was looked through in these spans (seconds, UTC).

    `until_s` is now: nobody can have looked through it later.
    """

    since_s: float
    spans: Sequence[tuple[float, float]]
    until_s: float = math.inf


def kind_of(status: str, gender: str) -> int:
    """Return status and gender of a visit as one number."""
    return STATUSES.index(status) * len(GENDERS) + GENDERS.index(gender)


def days_of_site(site_id: UUID, rule: VisitRule, rows: SiteRows, days: Sequence[date]) -> list[SiteDay]:
    """Return these days of a site. Where nobody has said when it is open, cameras should see all of each day."""
    began = local_seconds(rule.zone, rows.visits["at_us"] // _US)
    # A clock put back just after midnight shows the day before again: days are looked up, not cut out.
    of_day = began // DAY_S
    hour = began % DAY_S // 3600
    order = _in_order(rows.visits, began // 3600)
    of_day = of_day[order]
    cell = rows.visits["kind"].astype(np.int64) * 24 + hour
    visitor, dwell_s = (rows.visits[name].astype(np.int32)[order] for name in ("visitor", "dwell_s"))
    cell = cell.astype(np.uint8)[order]
    numbers = np.array([day_number(day) for day in days], dtype=np.int64)
    starts, ends = np.searchsorted(of_day, numbers), np.searchsorted(of_day, numbers, side="right")
    hours = _hours(rule, rows, days, numbers)
    insides = _insides(rule, rows.movements, days)
    spans = [slice(*bounds) for bounds in zip(starts.tolist(), ends.tolist(), strict=True)]
    return [
        SiteDay(site_id, day, Visits(visitor[span], cell[span], dwell_s[span]), hours[row], insides[row])
        for row, (day, span) in enumerate(zip(days, spans, strict=True))
    ]


def _in_order(visits: Mapping[str, NDArray[Any]], hour: Ints) -> NDArray[np.intp]:
    """Return the places of visits by clock hour, kind and moment; who came in the same one has an order too.

    So a day that is made again is the same.
    """
    order = np.argsort(visits["at_us"])
    at_us = visits["at_us"][order]
    if (at_us[1:] > at_us[:-1]).all():
        run = (hour - hour.min(initial=_LATEST)) * KINDS + visits["kind"]
        # Numbers of two bytes numpy puts in order in one pass.
        return order[np.argsort(run[order].astype(np.min_scalar_type(run.max(initial=0))), kind="stable")]
    return np.lexsort([*(visits[name] for name in ("dwell_s", "visitor", "at_us", "kind")), hour])


def _hours(rule: VisitRule, rows: SiteRows, days: Sequence[date], numbers: Ints) -> NDArray[np.int32]:
    """Return the hourly sums, int32 [days, 6, 24]."""
    sums = np.zeros((len(days), len(HOURLY), 24), dtype=np.int32)
    came_in = rows.movements["came_in"].astype(bool)
    rejected = rows.tracks["rejected"].astype(bool)
    counted = (
        (rows.movements["at_us"], np.where(came_in, 0, 1)),
        (rows.tracks["at_us"], np.where(rejected, 3, 2)),
    )
    for at_us, column in counted:
        local = local_seconds(rule.zone, at_us // _US)
        where = np.searchsorted(numbers, local // DAY_S)
        there = where < numbers.size
        there[there] = numbers[where[there]] == local[there] // DAY_S
        cell = (where[there] * len(HOURLY) + column[there]) * 24 + local[there] % DAY_S // 3600
        sums += np.bincount(cell, minlength=sums.size).reshape(sums.shape).astype(np.int32)
    for row, day in enumerate(days):
        seen, wanted = _coverage(rule, rows.cameras, day)
        sums[row, 4], sums[row, 5] = seen, wanted
    return sums


def _coverage(
    rule: VisitRule, cameras: Sequence[CameraWatch], day: date
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each clock hour the seconds that the cameras saw of it and should have seen while the shop was open.

    A day is looked at in quarters of an hour: every zone's offset is a multiple of one.
    """
    edges, hour, open_then = _quarters(rule.zone, rule.hours, day)
    seen, wanted = np.zeros(24), np.zeros(24)
    for camera in cameras:
        there = open_then & (edges[:-1] >= camera.since_s) & (edges[1:] <= camera.until_s)
        looked_s = np.diff(_seen_until(camera.spans, edges))
        np.add.at(seen, hour[there], looked_s[there])
        wanted += np.bincount(hour[there], minlength=24) * _QUARTER_S
    return seen.round().astype(np.int32), wanted.astype(np.int32)


@lru_cache(maxsize=1024)
def _quarters(zone: ZoneInfo, hours: OpeningHours, day: date) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return where a day's quarters of an hour begin, and the last one ends (seconds, UTC); each one's hour; if open.

    The shops of a chain mostly share their hours and their zone.
    """
    begins, ends = (moment.timestamp() for moment in day_bounds(zone, day))
    edges = np.arange(int(begins), int(ends) + 1, _QUARTER_S)
    local = local_seconds(zone, edges[:-1])
    return edges, local % DAY_S // 3600, _open_at(local, hours)


def _seen_until(spans: Sequence[tuple[float, float]], moments: Ints) -> NDArray[np.float64]:
    """Return for each moment how many seconds of the spans lie before it."""
    if not spans:
        return np.zeros(moments.size)
    edges = np.array(spans, dtype=np.float64)
    lengths = np.cumsum(edges[:, 1] - edges[:, 0])
    sums = np.stack([np.concatenate([[0.0], lengths[:-1]]), lengths], axis=1)
    return np.interp(moments, edges.reshape(-1), sums.reshape(-1))


def _open_at(local: Ints, hours: OpeningHours) -> NDArray[np.bool_]:
    """Return for each moment by the site's clock whether the shop was open."""
    if not hours:
        return np.ones(local.size, dtype=bool)
    since_monday = (local + 3 * DAY_S) % WEEK_S
    is_open = np.zeros(local.size, dtype=bool)
    for span in hours:
        begin, end = span.week_begin.total_seconds(), span.week_end.total_seconds()
        is_open |= (since_monday - begin) % WEEK_S < end - begin
    return is_open


def _insides(rule: VisitRule, movements: Mapping[str, NDArray[Any]], days: Sequence[date]) -> list[Inside | None]:
    order = np.argsort(movements["at_us"])
    at_us, came_in = movements["at_us"][order], movements["came_in"][order].astype(bool)
    found: list[Inside | None] = []
    for day in days:
        first, last = np.searchsorted(at_us, [int(moment.timestamp()) * _US for moment in rule.hours_of(day)])
        found.append(inside_of(at_us[first:last], came_in[first:last]) if last > first else None)
    return found
