"""Between motion and detection: in which parts of a picture faces are looked for.

What looks as it did when it was last searched holds the faces that it held then; so does what looks as it did before
somebody who is followed came before it. So faces are looked for around those that are followed, where something has
changed since it was searched, and now and then everywhere.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from realtime_workers.detect import Look, scale_of
from realtime_workers.motion import (
    CELL_CHANGE,
    MOVING_CELLS,
    ROUGH_CELL_CHANGE,
    SIZE,
    Thumbnail,
    change_of_light,
    changed_cells,
)
from realtime_workers.track import Place
from regulars.vision.detector import Area

WHOLE_EVERY_S, WHOLE_AT_LEAST_EVERY_S = 5.0, 20.0
"""A face whose coming changed nothing that can be measured waits as long as nothing has gone on, between these."""
QUIET_AFTER_S = 2.0
BODIES_EVERY_S = 1.0
"""What changes below a followed face is mostly its body; somebody close behind it waits at most so long."""
CHANGES_AT_LEAST_EVERY_S = 0.2
CHANGES_PX_PER_S = 5e5
"""A search of what changed puts off the next one by its pixels over this, though by no more than the above: a newcomer
mostly costs little and is searched for in each picture, a crowd whose faces are not seen five times a second."""
COMPARED_EVERY_S = 0.2
"""How often a picture is compared while nothing goes on."""
WHOLE_FROM = 0.6
"""Parts that together cost this share of the whole picture: then the whole of it is looked at, and done with."""
FOLLOWED_PX = 64.0
"""A followed face is looked at in this size: its landmarks do not come out better in a larger one."""
FACE_MARGIN = 1.0
"""Face sizes that an area goes beyond where the face's centre may be: half a face, and what is around it."""
BODY_HALF, BODY_ABOVE = 1.5, 1.2
"""Face sizes from a face's centre to the side and to the top of its body's column."""
ARMS = 1.0
"""So many face sizes beyond the column, what is seen may still be that person: it is no background."""
CELLS_AROUND, SHARE_AROUND = 4, 0.1
"""How far an area goes beyond the cells that changed: of a face that comes nearer only the rim changes."""
STEP_TOLERANCE_S = 0.004

Cells = NDArray[np.bool_]
Box = tuple[int, int, int, int]


class _Known:
    """How each cell of a thumbnail looked when it was last searched, and before somebody followed came before it."""

    def __init__(self, picture: Thumbnail) -> None:
        self._searched, self._behind = picture.copy(), picture.copy()

    def changed(self, picture: Thumbnail, by: float = CELL_CHANGE) -> Cells:
        """Return the cells that look neither as when they were searched nor as whoever has left them uncovered them."""
        light = change_of_light(self._searched, picture)
        return changed_cells(self._searched + light, picture, by) & changed_cells(self._behind + light, picture, by)

    def uncover(self, picture: Thumbnail) -> None:
        """Forget who stood before the cells that look again as before: the next one to come there may look alike."""
        light = change_of_light(self._searched, picture)
        np.copyto(self._searched, self._behind, where=~changed_cells(self._behind + light, picture))

    def search(self, boxes: Sequence[Box], picture: Thumbnail, covered: Cells) -> None:
        """Note that all of `boxes` is searched, where somebody followed stands before the cells that are `covered`."""
        light = change_of_light(self._searched, picture)
        self._searched += light
        self._behind += light
        for left, top, right, bottom in boxes:
            here = slice(top, bottom), slice(left, right)
            self._searched[here] = picture[here]
            np.copyto(self._behind[here], picture[here], where=~covered[here])


class Lookout:
    """Remembers of one camera what was last searched, and says where to search next."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        self._whole_s = self._bodies_s = self._changes_from_s = 0.0
        self._busy_s = 0.0
        self._rest_s = 0.0, 0.0
        self.resting = False
        """Whether nothing has gone on for a while. May be read from another thread, as `sees_new` may be asked."""

    def skips(self, at_s: float) -> bool:
        """Say whether the picture at `at_s` need not even be compared: nothing goes on, and one was a moment ago.

        May be asked from another thread, which then knows early what it would be told later.
        """
        since_s, until_s = self._rest_s
        return since_s <= at_s < until_s

    def looks(
        self, at_s: float, picture: Thumbnail, followed: Sequence[Place], width: int, height: int
    ) -> Sequence[Look]:
        """Return where to look for faces in the picture at `at_s` (increasing), nowhere if it tells nothing new.

        `followed` is where faces are expected, in pixels of the picture, `width` by `height`.
        """
        looks = self._new_to(at_s, picture, followed, width, height)
        quiet = at_s - self._busy_s >= QUIET_AFTER_S
        self._rest_s = at_s, (at_s + COMPARED_EVERY_S - STEP_TOLERANCE_S if quiet else at_s)
        self.resting = quiet
        return looks

    def sees_new(self, picture: Thumbnail, *, rough: bool = False) -> bool:
        """Say whether `picture` has changed anywhere since it was searched; of a `rough` one it is harder to tell."""
        change = ROUGH_CELL_CHANGE if rough else CELL_CHANGE
        return self._known is None or bool(np.count_nonzero(self._known.changed(picture, change)) >= MOVING_CELLS)

    def _new_to(
        self, at_s: float, picture: Thumbnail, followed: Sequence[Place], width: int, height: int
    ) -> Sequence[Look]:
        covered = _columns(followed, BODY_HALF + ARMS, width, height)
        if self._known is None:
            self._busy_s, self._known = at_s, _Known(picture)
            return self._everywhere(self._known, at_s, picture, covered, width, height)
        if any(place.counts for place in followed):
            self._busy_s = at_s
        if at_s - self._whole_s >= self._whole_wait_s() - STEP_TOLERANCE_S:
            return self._everywhere(self._known, at_s, picture, covered, width, height)
        looks = [_around(place, width, height) for place in followed]
        changed = self._known.changed(picture)
        self._known.uncover(picture)
        cells = self._unexplained(at_s, changed, followed, width, height)
        if cells is None or np.count_nonzero(cells) < MOVING_CELLS:
            return looks
        self._busy_s = at_s
        boxes = _boxes(cells)
        changes = [Look(_in_pixels(box, width, height)) for box in boxes]
        if _cost([*looks, *changes], width, height) > WHOLE_FROM * _cost([_whole(width, height)], width, height):
            return self._everywhere(self._known, at_s, picture, covered, width, height)
        self._known.search(boxes, picture, covered)
        self._put_off(at_s, _cost(changes, width, height))
        return [*looks, *changes]

    def _everywhere(
        self, known: _Known, at_s: float, picture: Thumbnail, covered: Cells, width: int, height: int
    ) -> Sequence[Look]:
        known.search([(0, 0, *SIZE)], picture, covered)
        self._whole_s = self._bodies_s = at_s
        look = _whole(width, height)
        self._put_off(at_s, look.cost(width, height))
        return [look]

    def _put_off(self, at_s: float, searched_px: float) -> None:
        """Let the next search of changes wait for what this one costs."""
        self._changes_from_s = at_s + min(CHANGES_AT_LEAST_EVERY_S, searched_px / CHANGES_PX_PER_S)

    def _whole_wait_s(self) -> float:
        quiet_s = self._whole_s - self._busy_s
        return min(max(WHOLE_EVERY_S, quiet_s), WHOLE_AT_LEAST_EVERY_S)

    def _unexplained(
        self, at_s: float, changed: Cells, followed: Sequence[Place], width: int, height: int
    ) -> Cells | None:
        """Return the cells to be searched now, None when it is too soon."""
        if at_s - self._bodies_s >= BODIES_EVERY_S - STEP_TOLERANCE_S:
            self._bodies_s = at_s
            return changed
        if at_s < self._changes_from_s - STEP_TOLERANCE_S:
            return None
        return changed & ~_columns(followed, BODY_HALF, width, height)


def _columns(followed: Sequence[Place], half: float, width: int, height: int) -> Cells:
    """Return the cells from above each face to the picture's end, `half` face sizes to each side."""
    cells = np.zeros(SIZE[::-1], np.bool_)
    for place in followed:
        left, right = (round((place.x + side * half * place.size) * SIZE[0] / width) for side in (-1, 1))
        top = round((place.y - BODY_ABOVE * place.size) * SIZE[1] / height)
        cells[max(0, top) :, max(0, left) : max(0, right)] = True
    return cells


def _whole(width: int, height: int) -> Look:
    return Look(Area(0, 0, width, height))


def _cost(looks: Sequence[Look], width: int, height: int) -> float:
    return sum(look.cost(width, height) for look in looks)


def _around(place: Place, width: int, height: int) -> Look:
    half = (place.reach + FACE_MARGIN) * place.size
    left, right = (min(max(round(place.x + side * half), 0), width) for side in (-1, 1))
    top, bottom = (min(max(round(place.y + side * half), 0), height) for side in (-1, 1))
    left, top = min(left, width - 1), min(top, height - 1)
    area = Area(left, top, max(right, left + 1), max(bottom, top + 1))
    return Look(area, min(1.0, FOLLOWED_PX / (place.size * scale_of(width, height))))


def _boxes(cells: Cells) -> list[Box]:
    """Return boxes (left, top, right, bottom) of cells that hold all of `cells` with what is around them, apart."""
    near = cv2.dilate(cells.astype(np.uint8), np.ones((5, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near)
    boxes: list[Box] = []
    for left, top, columns, rows, _ in stats[1:count].tolist():
        aside, above = (round(CELLS_AROUND + SHARE_AROUND * cells_long) for cells_long in (columns, rows))
        right, bottom = min(SIZE[0], left + columns + aside), min(SIZE[1], top + rows + above)
        box = max(0, left - aside), max(0, top - above), right, bottom
        while (other := next((one for one in boxes if _touch(one, box)), None)) is not None:
            boxes.remove(other)
            box = min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])
        boxes.append(box)
    return boxes


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _in_pixels(box: Box, width: int, height: int) -> Area:
    left, top, right, bottom = box
    across, down = width / SIZE[0], height / SIZE[1]
    # A picture of fewer pixels than cells still has one pixel for each box.
    x, y = min(int(left * across), width - 1), min(int(top * down), height - 1)
    return Area(x, y, max(x + 1, round(right * across)), max(y + 1, round(bottom * down)))
