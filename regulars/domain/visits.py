"""After the decision: which stay of a person a sighting belongs to, and what a visit says of its sightings."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domain.gender import Gender, GenderVote, joined
from regulars.domain.opening_hours import OpeningHours, last_closing
from regulars.domain.tracks import Direction

VisitStatus = Literal["new", "returning", "undetermined"]
_DAY = timedelta(days=1)
FRAGMENT_GAP_S = 3.0
"""A tracker loses a face that turns away; the same person at the same camera this soon after never left."""


@dataclass(frozen=True, slots=True)
class VisitRule:
    """What makes two sightings of a person at a site one visit: close enough in time, and on one business day.

    `gap_s` is the longest absence within a visit; 0 makes each arrival a visit of its own. A business day ends when
    the last of its `hours` does, by the clock of `zone`, and on a day without hours at midnight: nobody stays in a
    closed shop, so who is seen the next morning has come again. Where the clock shows the closing time twice (summer
    time ends) the first counts; where never (it begins), the moment that would have shown it, the clock unchanged.
    """

    gap_s: float
    zone: ZoneInfo
    hours: OpeningHours = ()

    def business_day(self, moment: datetime) -> date:
        """Return the business day of `moment` (aware): the first whose hours are not yet over."""
        there = moment.astimezone(self.zone).date()
        for day in (there - _DAY, there):
            if moment < self._closing(day):
                return day
        return there + _DAY

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """Return when the business day `day` begins and ends (UTC): from one day's last closing to the next one's.

        A shop that closes at 22:00 has its Monday from Sunday 22:00; one that closes at 02:00 from Monday 02:00.
        """
        return self._closing(day - _DAY), self._closing(day)

    def _closing(self, day: date) -> datetime:
        return last_closing(self.hours, day).replace(tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit so far, in UTC."""

    visit_id: UUID
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class SightingFacts:
    """What one sighting tells of its visit."""

    started_at: datetime
    ended_at: datetime
    direction: Direction
    gender: GenderVote


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """What a visit says, all of it derived from its sightings."""

    started_at: datetime
    ended_at: datetime
    direction: Direction
    gender: Gender
    sightings: int


def reach(gap_s: float) -> timedelta:
    """Return how far from a sighting a visit may lie and still be the same stay."""
    return timedelta(seconds=max(gap_s, FRAGMENT_GAP_S))


def same_stay(
    started_at: datetime, ended_at: datetime, stays: Sequence[Stay], fragments_of: Collection[UUID], rule: VisitRule
) -> list[Stay]:
    """Return the visits of the person at the site that a sighting from `started_at` to `ended_at` makes one, by start.

    None: the sighting opens a visit. One: it extends it, at either end, since tracks come late and out of order. Two or
    more: it bridges them into one. Without a gap only `fragments_of`, the visits with a sighting at the same camera
    within `FRAGMENT_GAP_S`, are the same stay. A sighting belongs to the business day on which it began.
    """
    gap, today = timedelta(seconds=rule.gap_s), rule.business_day(started_at)
    joined_stays = [
        stay
        for stay in stays
        if rule.business_day(stay.started_at) == today
        and (
            stay.visit_id in fragments_of
            or (rule.gap_s > 0 and started_at - stay.ended_at <= gap and stay.started_at - ended_at <= gap)
        )
    ]
    return sorted(joined_stays, key=lambda stay: (stay.started_at, stay.visit_id))


def figures(sightings: Sequence[SightingFacts]) -> VisitFigures:
    """Return what a visit of these sightings (one or more) says.

    Direction: `in` when any of them came in, for an arrival was seen; else `out` when any went out. Gender: the vote of
    all shots of all sightings.
    """
    directions = {one.direction for one in sightings}
    direction: Direction = "in" if "in" in directions else "out" if "out" in directions else "unknown"
    return VisitFigures(
        min(one.started_at for one in sightings),
        max(one.ended_at for one in sightings),
        direction,
        joined(one.gender for one in sightings).spoken,
        len(sightings),
    )


def status(started_at: datetime, first_visit_at: datetime) -> VisitStatus:
    """Return whether a person's visit is their first to the chain: no other of theirs began before it."""
    return "new" if started_at <= first_visit_at else "returning"


class Seen(Protocol):
    """One sighting of a person at a site; times in UTC."""

    @property
    def camera_id(self) -> UUID:
        """Where."""
        ...

    @property
    def started_at(self) -> datetime:
        """From when."""
        ...

    @property
    def ended_at(self) -> datetime:
        """Until when."""
        ...


SeenT = TypeVar("SeenT", bound=Seen)


def grouped(sightings: Sequence[SeenT], rule: VisitRule) -> list[list[SeenT]]:
    """Return one person's sightings at one site as visits, by start: what `same_stay` makes of them one by one."""
    in_order = sorted(sightings, key=lambda one: (one.started_at, one.ended_at))
    leader = list(range(len(in_order)))
    everywhere = list(range(len(in_order)))
    cameras = {one.camera_id for one in in_order}
    sweeps = [([row for row in everywhere if in_order[row].camera_id == camera], FRAGMENT_GAP_S) for camera in cameras]
    if rule.gap_s > 0:
        sweeps.append((everywhere, rule.gap_s))
    for rows, gap_s in sweeps:
        for one, other in _close_pairs(in_order, rows, timedelta(seconds=gap_s), rule):
            first, second = sorted((_leader(leader, one), _leader(leader, other)))
            leader[second] = first
    visits: dict[int, list[SeenT]] = {}
    for row, one in enumerate(in_order):
        visits.setdefault(_leader(leader, row), []).append(one)
    return list(visits.values())


def _close_pairs(
    in_order: Sequence[Seen], rows: Sequence[int], gap: timedelta, rule: VisitRule
) -> Iterator[tuple[int, int]]:
    """Yield each of the rows with the one before it that lasted longest, where both are one stay."""
    longest: int | None = None
    for row in rows:
        here = in_order[row]
        if longest is not None:
            there = in_order[longest]
            if rule.business_day(there.started_at) != rule.business_day(here.started_at):
                longest = None
            elif here.started_at - there.ended_at <= gap:
                yield longest, row
        if longest is None or here.ended_at > in_order[longest].ended_at:
            longest = row


def _leader(leader: Sequence[int], row: int) -> int:
    while leader[row] != row:
        row = leader[row]
    return row
