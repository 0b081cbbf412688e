"""A simulated chain's past, as columns of visits, of tracks of staff and of no faces, and of cameras that were down."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from compose.simulation.people import NOBODY, Crowd, Regulars
from compose.simulation.shops import CLOSES, OPENS, Shop, make_shops, visits_of_days
from regulars.domain.reports.local_time import days_between
from regulars.domain.reports.site_days import STATUSES

Array = NDArray[Any]
STAFF_OF_A_SHOP, _STAFF_TRACKS, _REJECTED_SHARE = 6, 34.0, 0.02
_LEAVES_SEEN, _OUTAGES_A_YEAR = 0.97, 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What is simulated: the chain's `sites`, from `first` to the moment `until`, a usual shop's visits a day."""

    sites: int
    first: date
    until: datetime
    visits_per_day: float
    seed: int

    @property
    def days(self) -> list[date]:
        """The days of it."""
        return days_between(self.first, self.until.date())


@dataclass(frozen=True, slots=True)
class Past:
    """What happened, as columns; times are microseconds since 1970, UTC, in order.

    `visits`: site, person (NOBODY: not told), at_us, dwell_s (-1: not seen leaving), status, gender. `others`: site,
    at_us, member (0: no face at all). `outages`: (site, from, to).
    """

    shops: list[Shop]
    people: int
    visits: dict[str, Array]
    others: dict[str, Array]
    outages: list[tuple[int, datetime, datetime]]


def make_past(asked: Asked) -> Past:
    """Return the past; the same question gives the same answer."""
    rng = np.random.default_rng(asked.seed)
    shops, crowd, days = make_shops(asked.sites, rng), Crowd(rng), asked.days
    regulars = [crowd.regulars_of(shop, asked.visits_per_day, len(days)) for shop in shops]
    parts = [_visits_of(shop, shops, regulars, crowd, asked, rng) for shop in shops]
    outages = _outages(shops, days, rng)
    visits = {name: np.concatenate([part[name] for part in parts]) for name in ("site", "person", "at_us")}
    kept = (visits["at_us"] < asked.until.timestamp() * 1e6) & ~_during(visits, outages)
    visits = {name: column[kept] for name, column in visits.items()}
    order = np.lexsort((visits["site"], visits["at_us"]))
    visits = {name: column[order] for name, column in visits.items()}
    size = visits["at_us"].size
    visits["status"] = _status(visits["person"])
    gender = rng.choice(3, crowd.count + 1, p=[0.45, 0.48, 0.07])
    visits["gender"] = np.where(
        visits["person"] == NOBODY, rng.choice(3, size, p=[0.3, 0.3, 0.4]), gender[visits["person"]]
    )
    stay = np.clip(rng.lognormal(7.4, 0.7, size), 60, 4 * 3600).astype(np.int64)
    left_by = np.where(visits["at_us"] // 1_000_000 + stay < asked.until.timestamp(), stay, -1)
    visits["dwell_s"] = np.where(rng.random(size) < _LEAVES_SEEN, left_by, -1)
    return Past(shops, crowd.count, visits, _others(shops, days, visits, asked, rng), outages)


def _visits_of(
    shop: Shop, shops: list[Shop], regulars: list[Regulars], crowd: Crowd, asked: Asked, rng: np.random.Generator
) -> dict[str, Array]:
    zone, elsewhere = ZoneInfo(shop.time_zone), regulars[(shop.number + 1) % len(shops)]
    people: list[Array] = [np.zeros(0, dtype=np.int64)]
    at_us: list[Array] = [np.zeros(0, dtype=np.int64)]
    for number, visits in enumerate(visits_of_days(shop, asked.days, asked.visits_per_day, rng)):
        day = asked.first + timedelta(days=number)
        who, at_s = crowd.come(regulars[shop.number], elsewhere, number, day.weekday(), int(visits), shop.shift)
        midnight = datetime.combine(day, time(), zone)
        # Shops open hours after any clock is changed: noon's offset is that of the whole opening.
        offset = (midnight + timedelta(hours=12)).utcoffset() or timedelta()
        begins_us = (datetime.combine(day, time(), UTC) - offset).timestamp() * 1e6
        people.append(who.astype(np.int64))
        at_us.append((begins_us + at_s * 1e6).astype(np.int64))
    who, when = np.concatenate(people), np.concatenate(at_us)
    return {"site": np.full(who.size, shop.number), "person": who, "at_us": when}


def _status(person: Array) -> Array:
    """Return each visit's row in STATUSES: the first of a person in time is new."""
    status = np.full(person.size, STATUSES.index("returning"))
    status[np.unique(person, return_index=True)[1]] = STATUSES.index("new")
    status[person == NOBODY] = STATUSES.index("undetermined")
    return status


def _outages(shops: list[Shop], days: list[date], rng: np.random.Generator) -> list[tuple[int, datetime, datetime]]:
    found: list[tuple[int, datetime, datetime]] = []
    for shop in shops:
        for _ in range(rng.poisson(_OUTAGES_A_YEAR * len(days) / 365)):
            day = days[int(rng.integers(0, len(days)))]
            began = datetime.combine(day, time(int(rng.integers(7, 20))), ZoneInfo(shop.time_zone)).astimezone(UTC)
            found.append((shop.number, began, began + timedelta(minutes=float(rng.exponential(150)) + 10)))
    return sorted(found)


def _during(visits: dict[str, Array], outages: list[tuple[int, datetime, datetime]]) -> Array:
    lost = np.zeros(visits["at_us"].size, dtype=bool)
    for site, began, ended in outages:
        inside = (visits["at_us"] >= began.timestamp() * 1e6) & (visits["at_us"] < ended.timestamp() * 1e6)
        lost |= inside & (visits["site"] == site)
    return lost


def _others(
    shops: list[Shop], days: list[date], visits: dict[str, Array], asked: Asked, rng: np.random.Generator
) -> dict[str, Array]:
    """Return tracks of staff, who pass all day long, and of what was no face, which come with the people."""
    begins = [datetime.combine(day, OPENS, ZoneInfo(shop.time_zone)).timestamp() for shop in shops for day in days]
    many = rng.poisson(_STAFF_TRACKS, len(begins))
    open_s = (datetime.combine(days[0], CLOSES) - datetime.combine(days[0], OPENS)).total_seconds()
    staff_at = (np.repeat(begins, many) + rng.random(int(many.sum())) * open_s) * 1e6
    staff_site = np.repeat(np.repeat([shop.number for shop in shops], len(days)), many)
    drawn = rng.random(visits["at_us"].size) < _REJECTED_SHARE
    at_us = np.concatenate([staff_at.astype(np.int64), visits["at_us"][drawn] + 2_000_000])
    site = np.concatenate([staff_site, visits["site"][drawn]])
    member = np.concatenate([rng.integers(1, STAFF_OF_A_SHOP + 1, staff_site.size), np.zeros(int(drawn.sum()))])
    kept = at_us < asked.until.timestamp() * 1e6
    order = np.argsort(at_us[kept], kind="stable")
    columns = {"site": site, "at_us": at_us, "member": member.astype(np.int64)}
    return {name: column[kept][order] for name, column in columns.items()}
