"""The shops of a simulated chain: where they are, when they are open, how busy each day is."""

from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np
from numpy.typing import NDArray

from regulars.domain.opening_hours import WEEKDAYS, OpeningHours, OpenSpan

_PLACES = (
    ("Bến Thành", "Asia/Ho_Chi_Minh"),
    ("Thảo Điền", "Asia/Ho_Chi_Minh"),
    ("Phú Mỹ Hưng", "Asia/Ho_Chi_Minh"),
    ("Hồ Gươm", "Asia/Ho_Chi_Minh"),
    ("Tây Hồ", "Asia/Ho_Chi_Minh"),
    ("Sydney", "Australia/Sydney"),
    ("Đà Nẵng", "Asia/Ho_Chi_Minh"),
    ("Hội An", "Asia/Ho_Chi_Minh"),
    ("Nha Trang", "Asia/Ho_Chi_Minh"),
    ("Huế", "Asia/Ho_Chi_Minh"),
    ("Cần Thơ", "Asia/Ho_Chi_Minh"),
    ("Tokyo", "Asia/Tokyo"),
)
_OF_THE_WEEK = np.array([0.86, 0.84, 0.88, 0.95, 1.12, 1.28, 1.07])
_NEW_YEAR = {(1, 1), (4, 30), (9, 2)}
OPENS, CLOSES = time(7), time(22, 30)
HOURS: OpeningHours = tuple(OpenSpan(day, OPENS, CLOSES) for day in WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop; `size` is its visits by those of a usual one, `shift` how much later its people come (hours)."""

    number: int
    name: str
    time_zone: str
    size: float
    shift: float


def make_shops(count: int, rng: np.random.Generator) -> list[Shop]:
    """Return that many shops, whose sizes are 1 on average."""
    sizes = rng.lognormal(0, 0.35, count)
    shops: list[Shop] = []
    for number in range(count):
        name, zone = _PLACES[number % len(_PLACES)]
        turn = number // len(_PLACES)
        shown = f"{name} {turn + 1}" if turn else name
        shops.append(Shop(number, shown, zone, float(sizes[number] / sizes.mean()), float(rng.normal(0, 0.4))))
    return shops


def visits_of_days(shop: Shop, days: list[date], per_day: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return how many come on each day: by weekday, season, growth and chance; nobody when the shop is closed."""
    level = np.array([_level(day, days[0]) for day in days]) * shop.size * per_day
    weather = rng.lognormal(-0.02, 0.2, len(days))
    closed = np.array([(day.month, day.day) in _NEW_YEAR or _is_tet(day) for day in days])
    closed |= rng.random(len(days)) < 0.004
    return np.where(closed, 0, rng.poisson(level * weather))


def _level(day: date, first: date) -> float:
    """A usual day is 1; the end of the year is busier, and the chain grows by a tenth a year."""
    season = 1 + 0.10 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 350) / 365)
    growth = 1 + 0.10 * (day - first).days / 365
    return float(_OF_THE_WEEK[day.weekday()] * season * growth / 1.05)


def _is_tet(day: date) -> bool:
    """The three days of the lunar new year, close enough."""
    first = {2024: date(2024, 2, 10), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17), 2027: date(2027, 2, 6)}
    begun = first.get(day.year, date(day.year, 2, 5))
    return begun <= day < begun + timedelta(days=3)
