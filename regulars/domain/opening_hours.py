"""When a shop is open, by its own clock: says where visits end, and what reports take for a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, get_args

from regulars.errors import InputRefused

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """One stretch of opening on `weekday`; `closes` at or before `opens` is on the next day, 00:00 at midnight."""

    weekday: Weekday
    opens: time
    closes: time

    @property
    def ends_after(self) -> timedelta:
        """How long after the weekday's midnight it ends, by a clock that nobody changes: up to 48 h."""
        return _of(self.closes) + (_DAY if self.closes <= self.opens else timedelta())

    @property
    def week_begin(self) -> timedelta:
        """How long after Monday's midnight it begins."""
        return WEEKDAYS.index(self.weekday) * _DAY + _of(self.opens)

    @property
    def week_end(self) -> timedelta:
        """How long after Monday's midnight it ends; after a week's end for what runs into the next Monday."""
        return WEEKDAYS.index(self.weekday) * _DAY + self.ends_after


OpeningHours = tuple[OpenSpan, ...]
"""All stretches of a week, in its order; none: nobody has said when the shop is open."""


def opening_hours(spans: Sequence[OpenSpan]) -> OpeningHours:
    """Return these stretches in the order of the week.

    Raises InputRefused `overlapping_hours` when two overlap, also from Sunday night into Monday.
    """
    ordered = tuple(sorted(spans, key=lambda span: span.week_begin))
    for place, before in enumerate(ordered, 1):
        weeks, row = divmod(place, len(ordered))
        after = ordered[row]
        if before.week_end > after.week_begin + weeks * _WEEK:
            raise InputRefused(
                "overlapping_hours",
                f"The hours of {before.weekday} from {before.opens:%H:%M} run into those of {after.weekday} from "
                f"{after.opens:%H:%M}.",
            )
    return ordered


def last_closing(hours: OpeningHours, day: date) -> datetime:
    """Return when the shop closes for the last time on `day`'s hours, as its clock shows it (naive).

    That is after midnight for a bar; midnight for a day without hours.
    """
    return datetime.combine(day, time()) + _last_end(hours, WEEKDAYS[day.weekday()])


@lru_cache(maxsize=1024)
def _last_end(hours: OpeningHours, weekday: Weekday) -> timedelta:
    return max((span.ends_after for span in hours if span.weekday == weekday), default=_DAY)


def _of(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
