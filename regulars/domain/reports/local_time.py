"""Under every report: which day and hour a site's clock showed, summer time and its oddities included."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
DAY_S = 86_400
_STEP_S = 6 * 3600
EPOCH = date(1970, 1, 1)


def local_seconds(zone: ZoneInfo, utc_s: Ints) -> Ints:
    """Return for each moment (whole seconds since 1970, UTC) what the site's wall clock showed, as such seconds.

    Two moments may get the same answer, where a clock is put back: the hour that was shown twice counts as one hour.
    """
    if not utc_s.size:
        return np.zeros(0, dtype=np.int64)
    # From step to step: sites that share a zone and days share the answer.
    first, last = int(utc_s.min()) // _STEP_S, int(utc_s.max()) // _STEP_S + 1
    since, offsets = _offsets(zone, first * _STEP_S, last * _STEP_S)
    if offsets.size == 1:
        return utc_s + offsets[0]
    return utc_s + offsets[np.searchsorted(since, utc_s, side="right") - 1]


def day_bounds(zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    """Return when (UTC) the site's day begins and ends; where midnight is skipped, at the first moment there is."""
    begins, ends = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return begins, ends


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """Return the day of that number."""
    return EPOCH + timedelta(days=int(number))


def days_between(first: date, last: date) -> list[date]:
    """Return every day from the first to the last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@lru_cache(maxsize=256)
def _offsets(zone: ZoneInfo, first_s: int, last_s: int) -> tuple[Ints, Ints]:
    """Return from which moment on (UTC) which offset (seconds) holds, from `first_s` to `last_s`."""
    moments = [*range(first_s, last_s, _STEP_S), last_s]
    since, offsets = [first_s], [_offset(zone, first_s)]
    for early, late in pairwise(moments):
        if (offset := _offset(zone, late)) != offsets[-1]:
            since.append(_change(zone, early, late))
            offsets.append(offset)
    return np.array(since, dtype=np.int64), np.array(offsets, dtype=np.int64)


def _change(zone: ZoneInfo, early_s: int, late_s: int) -> int:
    """Return the first second at which the offset of `late_s` holds."""
    before = _offset(zone, early_s)
    while late_s - early_s > 1:
        middle = (early_s + late_s) // 2
        if _offset(zone, middle) == before:
            early_s = middle
        else:
            late_s = middle
    return late_s


def _offset(zone: ZoneInfo, moment_s: int) -> int:
    offset = datetime.fromtimestamp(moment_s, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
