"""Question: are the faces in group photographs found, and nothing else?"""

from collections.abc import Sequence
from pathlib import Path

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.dataset import Group
from realtime_workers.detect import FaceFinder
from realtime_workers.track import SURE_SCORE
from regulars.steps.look_at_picture import LOOKED_AT_SIDE_PX, MAX_PHOTOGRAPH_SIDE_PX
from regulars.vision.decode import decode_picture
from regulars.vision.packs import ModelPack

TITLE = "Detection in group photographs"


def detection(root: Path, groups: Sequence[Group], pack: ModelPack) -> Answer:
    """Return the shares of counted faces found, and of found faces that are none.

    Photographs are looked at as a staff member's are. The truth is a count, so what is found beyond it in a photograph
    is false. How the worker, which looks at smaller pictures, would call them persons is noted beside.
    """
    counted = sum(group.faces for group in groups)
    if counted == 0:
        return unanswered(TITLE, "groups.json with counted faces is needed")
    finder = FaceFinder(pack.detector)
    found: list[tuple[int, int]] = []
    followed: list[tuple[int, int]] = []
    notes = [("photographs, faces counted", f"{len(groups)}, {counted}")]
    for group in groups:
        picture = decode_picture((root / group.file).read_bytes(), MAX_PHOTOGRAPH_SIDE_PX)
        here = pack.detector.detect(picture, max_side=LOOKED_AT_SIDE_PX)
        persons = [face for face in finder.find(picture) if face.score >= SURE_SCORE]
        found.append((len(here), group.faces))
        followed.append((len(persons), group.faces))
        if len(here) != group.faces or len(persons) != group.faces:
            told = f"{group.faces} counted, {len(here)} found, {len(persons)} the worker would call persons"
            notes.append((group.file, told))
    right, false = _tally(found)
    worker_right, worker_false = _tally(followed)
    told = f"{worker_right / counted:.4f} found, {worker_false / max(1, worker_right + worker_false):.4f} false"
    notes.append(("as the worker looks", told))
    return Answer(TITLE, {"detection_recall": right / counted, "detection_false": false / max(1, right + false)}, notes)


def _tally(pictures: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return how many of (found, counted) are right and how many false."""
    return sum(min(pair) for pair in pictures), sum(max(0, found - counted) for found, counted in pictures)
