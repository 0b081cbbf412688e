"""Before the decision: who stood in the same picture. Two people in one frame are never the same person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST_OVERLAP = timedelta(seconds=0.2)
"""Tracks that touch for less may be one face handed from one track to the next."""
SAME_MOMENT = timedelta(seconds=1)
SAME_PLACE_WIDTHS = 0.75
"""Boxes whose centres lie closer than this many face widths hold one face, not two heads side by side."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Where a track's face was at a moment (UTC): `box` is (x, y, width, height) in frame pixels."""

    at: datetime
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Presence:
    """A track on one camera, from `started_at` to `ended_at` (UTC)."""

    started_at: datetime
    ended_at: datetime
    glimpses: tuple[Glimpse, ...]


def are_two_people(one: Presence, other: Presence) -> bool:
    """Return whether two tracks of one camera show two people: seen at the same time, in different places.

    A tracker may follow one face twice for a while; then the boxes lie on each other and this says no.
    """
    overlap = min(one.ended_at, other.ended_at) - max(one.started_at, other.started_at)
    return overlap >= LEAST_OVERLAP and not _ever_on_each_other(one.glimpses, other.glimpses)


def _ever_on_each_other(ones: Sequence[Glimpse], others: Sequence[Glimpse]) -> bool:
    return any(abs(a.at - b.at) <= SAME_MOMENT and on_each_other(a, b) for a in ones for b in others)


def on_each_other(a: Glimpse, b: Glimpse) -> bool:
    """Return whether two boxes of about one moment hold one face."""
    dx = (a.box[0] + a.box[2] / 2) - (b.box[0] + b.box[2] / 2)
    dy = (a.box[1] + a.box[3] / 2) - (b.box[1] + b.box[3] / 2)
    return (dx * dx + dy * dy) ** 0.5 <= SAME_PLACE_WIDTHS * max(a.box[2], b.box[2])
