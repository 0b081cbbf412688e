"""Between detection and everything kept of a person: which faces of successive pictures are one person.

Association in two stages as in BYTE (Zhang et al. 2022, "ByteTrack"): confident faces first, then the weak ones, which
may only prolong a track. At 5 pictures a second the boxes of a walking person do not overlap, so the cost is the
distance of centres in face sizes instead of BYTE's overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # pyright: ignore[reportUnknownVariableType]

from realtime_workers.fit import GATE_SPEED, GATE_SPEED_UNKNOWN, REFUSED, Expected, centre, cost, reach
from realtime_workers.kalman import FaceMotion
from regulars.domain.faces import Detection, FloatArray

STRONG_SCORE = 0.6
"""BYTE's upper stage: from here a detection may begin a track; YuNet's hands begin here too, see SURE_SCORE."""
SURE_SCORE = 0.8
CONFIRM_DETECTIONS = 3
LOST_AFTER_S = 2.0
TENTATIVE_LOST_AFTER_S = 0.65
"""Three pictures at 5 a second: an unconfirmed face that is gone this long was nothing."""
WEAK_WITHIN_S = 0.5
"""A weak detection may prolong only a track seen this recently."""
LONGEST_S = 600.0
"""Who stays for longer is another track from then on; recognize takes none of an hour (`tracks.LONGEST_TRACK`)."""
HIDDEN_S = 0.3
"""Unseen longer than this a face was hidden, not missed: then head and clothes must look alike, too."""
LIKENESS_HIDDEN = 0.6
"""A second apart one person's looks mostly agree to 0.75 and more, two people's to 0.6 and less; in the same light two
people can look alike, which is why place and size decide first."""
LIKENESS_MIN = 0.5
"""From picture to picture a hand or head may pass before a face: this only bars a jump to someone else."""
LOOK_GAIN = 0.15
"""Slow enough not to learn who passes before a face, quick enough for light that changes sixfold within a second."""
OUTSIDE_S = 0.3

Matrix = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Face:
    """One detection with the look (`looks.look_of`) of the person around it; `small` is too small to count anybody."""

    detection: Detection
    look: FloatArray
    small: bool = False

    @property
    def score(self) -> float:
        """How sure it is that here is somebody to be counted."""
        return 0.0 if self.small else self.detection.score


class Track:
    """One person followed through the picture. Times are seconds of one clock (frame time)."""

    __slots__ = ("best_score", "detections", "first_s", "last_s", "look", "motion", "number")

    def __init__(self, number: int, at_s: float, face: Face) -> None:
        self.number = number
        self.first_s = self.last_s = at_s
        self.detections = 1
        self.best_score = face.score
        self.look = face.look
        self.motion = FaceMotion(*centre(face.detection))

    @property
    def confirmed(self) -> bool:
        """A person: seen CONFIRM_DETECTIONS times, at least once beyond doubt and large enough."""
        return self.detections >= CONFIRM_DETECTIONS and self.best_score >= SURE_SCORE

    def take(self, at_s: float, face: Face) -> None:
        """Go on with the face found at `at_s`."""
        self.last_s = at_s
        self.detections += 1
        self.best_score = max(self.best_score, face.score)
        self.look = ((1 - LOOK_GAIN) * self.look + LOOK_GAIN * face.look).astype(np.float32)
        self.motion.correct(*centre(face.detection))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a followed face should be, in pixels, within `reach` face sizes; it `counts` once it was large enough."""

    x: float
    y: float
    size: float
    reach: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """What one picture changed: `seen` are the tracks found in it, `ended` those that nothing will prolong."""

    seen: list[tuple[Track, Face]]
    ended: list[Track]


class FaceTracker:
    """Follows all faces of one camera. Deterministic: the same detections give the same tracks."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._number = 0
        self._at_s = self._before_s = 0.0

    def confirmed(self) -> list[Track]:
        """Return the persons followed now, seen in the last picture or not."""
        return [track for track in self._tracks if track.confirmed]

    def places(self, at_s: float) -> list[Place]:
        """Return where the faces that are followed may be found at `at_s`, later than the last picture."""
        step_s = at_s - self._at_s
        return [
            Place(
                track.motion.x + track.motion.vx * step_s,
                track.motion.y + track.motion.vy * step_s,
                track.motion.size,
                _reach(track, at_s - track.last_s),
                track.best_score > 0,
            )
            for track in self._tracks
        ]

    def update(self, at_s: float, faces: list[Face], frame_width: int, frame_height: int) -> Step:
        """Take the faces of the picture at `at_s`, later than the last one; widths and boxes in the same pixels."""
        for track in self._tracks:
            track.motion.predict(at_s - self._at_s, coasting=track.last_s < self._at_s)
        self._before_s, self._at_s = self._at_s, at_s
        ended = self._end(lambda track: _is_over(track, at_s) or _has_left(track, at_s, frame_width, frame_height))
        strong = [face for face in faces if face.detection.score >= STRONG_SCORE]
        weak = [face for face in faces if face.detection.score < STRONG_SCORE]
        seen: list[tuple[Track, Face]] = []
        idle: list[Track] = []
        for tracks in self._by_claim():
            found, left, strong = self._match(tracks, strong)
            seen, idle = seen + found, idle + left
        found, idle, _ = self._match([track for track in idle if at_s - track.last_s <= WEAK_WITHIN_S], weak)
        seen += found
        # Somebody who stood still and starts at once is not where they were expected, and nobody else is there.
        stood = [track for track in idle if track.confirmed and track.last_s >= self._before_s]
        found, _, strong = self._match(stood, strong, starting=True)
        seen += found
        for track, face in seen:
            track.take(at_s, face)
        return Step(seen + [(self._begin(face), face) for face in strong], ended)

    def finish(self) -> list[Track]:
        """End every track: the scene was cut, or there are no more pictures."""
        return self._end(lambda _: True)

    def _by_claim(self) -> tuple[list[Track], list[Track], list[Track]]:
        """Who chooses among the faces first: persons in sight, then the hidden, then what has just appeared.

        A face that comes out from behind something is half a face at first, and may seem a new one.
        """
        hidden = [track for track in self._tracks if self._hidden(track)]
        visible = [track for track in self._tracks if track not in hidden]
        sure = [track for track in visible if track.confirmed]
        return sure, hidden, [track for track in visible if not track.confirmed]

    def _hidden(self, track: Track) -> bool:
        return track.last_s < self._before_s and self._at_s - track.last_s > HIDDEN_S

    def _begin(self, face: Face) -> Track:
        self._number += 1
        track = Track(self._number, self._at_s, face)
        self._tracks.append(track)
        return track

    def _end(self, over: Callable[[Track], bool]) -> list[Track]:
        ended = [track for track in self._tracks if over(track)]
        self._tracks = [track for track in self._tracks if track not in ended]
        return ended

    def _match(
        self, tracks: list[Track], faces: list[Face], *, starting: bool = False
    ) -> tuple[list[tuple[Track, Face]], list[Track], list[Face]]:
        """Return the pairs, the tracks and the faces left over."""
        if not tracks or not faces:
            return [], tracks, faces
        costs: Matrix = np.array([self._costs(track, faces, starting=starting) for track in tracks])
        rows, columns = cast("tuple[Indices, Indices]", linear_sum_assignment(costs))
        pairs = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if costs[r, c] < REFUSED]
        taken_tracks, taken_faces = {r for r, _ in pairs}, {c for _, c in pairs}
        return (
            [(tracks[r], faces[c]) for r, c in pairs],
            [track for r, track in enumerate(tracks) if r not in taken_tracks],
            [face for c, face in enumerate(faces) if c not in taken_faces],
        )

    def _costs(self, track: Track, faces: list[Face], *, starting: bool) -> list[float]:
        unseen_s = self._at_s - track.last_s
        far = reach(unseen_s, GATE_SPEED_UNKNOWN) if starting else _reach(track, unseen_s)
        alike = LIKENESS_HIDDEN if starting or self._hidden(track) else LIKENESS_MIN
        expected = Expected(track.motion, track.look, unseen_s, far, alike)
        return [cost(expected, face.detection, face.look) for face in faces]


def _reach(track: Track, unseen_s: float) -> float:
    return reach(unseen_s, GATE_SPEED_UNKNOWN if track.detections == 1 else GATE_SPEED)


def _is_over(track: Track, at_s: float) -> bool:
    limit_s = LOST_AFTER_S if track.confirmed else TENTATIVE_LOST_AFTER_S
    return at_s - track.last_s > limit_s or at_s - track.first_s > LONGEST_S


def _has_left(track: Track, at_s: float, frame_width: int, frame_height: int) -> bool:
    """Say whether an unseen face has moved out of the picture: who comes in there next is someone else."""
    if at_s - track.last_s <= OUTSIDE_S:
        return False
    motion = track.motion
    return not (0 <= motion.x < frame_width and 0 <= motion.y < frame_height)
