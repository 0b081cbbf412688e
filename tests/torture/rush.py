"""How much a load is, in the terms of a chain: the busiest hour of a simulated year of the shops that are filmed."""

from datetime import date, timedelta

import numpy as np

from compose.simulation.people import hours_of_day
from compose.simulation.shops import CLOSES, OPENS, make_shops, visits_of_days

VISITS_PER_DAY = 800.0
"""Of a usual shop, as in docs/scaling.md."""
FIRST_DAY = date(2026, 1, 1)


def rush_per_hour(shops: int) -> float:
    """Return the visits of the year's busiest hour, all shops together: one track each."""
    rng = np.random.default_rng(1)
    days = [FIRST_DAY + timedelta(days=number) for number in range(365)]
    hourly = np.zeros((len(days), 24), np.int64)
    for shop in make_shops(shops, rng):
        for day, many in enumerate(visits_of_days(shop, days, VISITS_PER_DAY, rng)):
            hours = np.clip(hours_of_day(rng, int(many)), 0, 23.99).astype(np.int64)
            hourly[day] += np.bincount(hours, minlength=24)
    return float(hourly.max())


def usual_per_hour(shops: int) -> float:
    """Return the visits of an hour of a usual day while the shops are open."""
    open_h = CLOSES.hour + CLOSES.minute / 60 - OPENS.hour - OPENS.minute / 60
    return shops * VISITS_PER_DAY / open_h
