"""Beside today's figures: what such a weekday is usually like, hour by hour."""

from collections.abc import Mapping
from datetime import date
from statistics import median

FEWEST_DAYS = 3
HOURS = 24


def usual_hours(visits: Mapping[date, Mapping[int, int]], today: date) -> list[float] | None:
    """Return the median of the visits of earlier days, for each hour of the day; None with fewer than three such days.

    `visits` holds by day and hour (0 to 23) what was counted, and no day without any visit: a shop that was closed, or
    not open yet, says nothing of what is usual.
    """
    earlier = [hours for day, hours in visits.items() if day < today and hours]
    if len(earlier) < FEWEST_DAYS:
        return None
    return [float(median(hours.get(hour, 0) for hours in earlier)) for hour in range(HOURS)]
