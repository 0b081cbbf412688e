"""After the decision: which stay of a person a sighting belongs to, and what a visit says of its sightings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from regulars.domain.gender import Gender, GenderVote, joined
from regulars.domain.tracks import Direction

VisitStatus = Literal["new", "returning", "undetermined"]
FRAGMENT_GAP_S = 3.0
"""A tracker loses a face that turns away; the same person at the same camera this soon after never left."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit so far, in UTC."""

    visit_id: UUID
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class SightingFacts:
    """What a visit is made of. `camera_id` tells fragments of one track from a second arrival."""

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
    started_at: datetime, ended_at: datetime, stays: Sequence[Stay], fragments_of: Collection[UUID], gap_s: float
) -> list[Stay]:
    """Return the visits of the person at the site that a sighting from `started_at` to `ended_at` makes one, by start.

    None: the sighting opens a visit. One: it extends it, at either end, since tracks come late and out of order. Two or
    more: it bridges them into one. `gap_s` is the site's visit gap; 0 makes each arrival a visit of its own, and then
    only `fragments_of`, the visits with a sighting at the same camera within `FRAGMENT_GAP_S`, are the same stay.
    """
    gap = timedelta(seconds=gap_s)
    joined_stays = [
        stay
        for stay in stays
        if stay.visit_id in fragments_of
        or (gap_s > 0 and started_at - stay.ended_at <= gap and stay.started_at - ended_at <= gap)
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
