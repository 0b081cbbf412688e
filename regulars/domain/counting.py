"""Line crossing of one track: the worker feeds it face-box centres, the manifest takes crossings and direction.

The rule (issue 2): a directed line A to B; the centre P passes from (B-A)x(P-A) < 0 to > 0, y pointing down, goes `in`.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from regulars.domain.cameras import CameraRole, Line
from regulars.domain.tracks import MAX_CROSSINGS, Crossing, Direction

BAND_FACE_WIDTHS = 0.25
"""Half-width of the hysteresis band. A detector's box centre trembles by about 0.05 face widths and a standing
person sways by about 0.1: a side counts as taken only well beyond both."""
BAND_MIN_PX = 2.0
BAND_MAX_OF_DIAGONAL = 0.05
END_MARGIN = 0.05
"""How far past an end of the line, in line lengths, a passage still counts: the drawn end is never exact."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the centre was: `distance_px` signed from the line, `along` 0 at A and 1 at B."""

    at: datetime
    distance_px: float
    along: float


class LineCounter:
    """Counts the passages of one track over one line; free it with its track.

    A passage is counted when the centre has settled on the other side of the hysteresis band and went through the
    segment itself. Trembling or standing on the line, touching it and walking round its end count nothing; a U-turn
    counts once in each direction. Where a track begins or ends inside the band, half a band decides: a person whose
    face is lost right behind the line did pass it.
    """

    def __init__(self, line: Line, frame_width: int, frame_height: int) -> None:
        """`line` is in normalised picture coordinates; `frame_width` and `frame_height` are the picture's pixels."""
        self._ax, self._ay = line.x1 * frame_width, line.y1 * frame_height
        self._dx, self._dy = (line.x2 - line.x1) * frame_width, (line.y2 - line.y1) * frame_height
        self._length_px = math.hypot(self._dx, self._dy)
        self._band_max_px = BAND_MAX_OF_DIAGONAL * math.hypot(frame_width, frame_height)
        self._band_px = BAND_MIN_PX
        self._settled = 0
        self._last: _Place | None = None
        self._passage: _Place | None = None
        self._net = 0
        self.crossings: list[Crossing] = []

    @property
    def direction(self) -> Direction:
        """The net of all passages: `in`, `out`, or `unknown` when they cancel out or there are none."""
        if self._net == 0:
            return "unknown"
        return "in" if self._net > 0 else "out"

    def observe(self, at: datetime, x: float, y: float, face_width: float) -> Crossing | None:
        """Take the box centre (pixels) seen at `at` (UTC, increasing); return the crossing it completes, if any."""
        if self._length_px < 1:
            return None
        here = self._place(at, x, y)
        self._band_px = max(BAND_MIN_PX, min(BAND_FACE_WIDTHS * face_width, self._band_max_px))
        self._note_passage(here)
        self._last = here
        if self._settled == 0 and abs(here.distance_px) >= self._band_px / 2:
            self._settled = _side(here.distance_px)
        return self._settle(here) if abs(here.distance_px) >= self._band_px else None

    def finish(self) -> Crossing | None:
        """The track has ended: return the crossing of one who passed the line but was lost inside the band."""
        if self._last is None or abs(self._last.distance_px) < self._band_px / 2:
            return None
        return self._settle(self._last)

    def _place(self, at: datetime, x: float, y: float) -> _Place:
        px, py = x - self._ax, y - self._ay
        distance_px = (self._dx * py - self._dy * px) / self._length_px
        along = (self._dx * px + self._dy * py) / self._length_px**2
        return _Place(at, distance_px, along)

    def _note_passage(self, here: _Place) -> None:
        last = self._last
        if last is None or _side(last.distance_px) == _side(here.distance_px):
            return
        part = abs(last.distance_px) / (abs(last.distance_px) + abs(here.distance_px))
        along = last.along + part * (here.along - last.along)
        self._passage = _Place(last.at + part * (here.at - last.at), 0.0, along)

    def _settle(self, here: _Place) -> Crossing | None:
        side, before, passage = _side(here.distance_px), self._settled, self._passage
        self._settled = side
        if before in (0, side) or passage is None:
            return None
        if not -END_MARGIN <= passage.along <= 1 + END_MARGIN:
            return None
        self._net += side
        crossing = Crossing(at=passage.at, direction="in" if side > 0 else "out")
        if len(self.crossings) < MAX_CROSSINGS:
            self.crossings.append(crossing)
        return crossing


def _side(distance_px: float) -> int:
    """The line itself belongs to the side that `in` comes from, so that each passage changes side exactly once."""
    return 1 if distance_px > 0 else -1


def direction_by_role(role: CameraRole) -> Direction:
    """Return the direction of a track at a camera without a line: its role, `unknown` where people pass both ways."""
    return "unknown" if role == "both" else role
