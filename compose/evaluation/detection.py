"""Question: are the faces in group photographs found, and nothing else?"""

from collections.abc import Sequence
from pathlib import Path

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.dataset import Group
from realtime_workers.detect import FaceFinder
from realtime_workers.track import SURE_SCORE
from regulars.errors import InputRefused
from regulars.steps.look_at_picture import LOOKED_AT_SIDE_PX, MAX_PHOTOGRAPH_PIXELS, MAX_PHOTOGRAPH_SIDE_PX
from regulars.vision.decode import decode_photograph
from regulars.vision.packs import ModelPack

TITLE = "Detection in group photographs"


def detection(root: Path, groups: Sequence[Group], pack: ModelPack) -> Answer:
    """Return the shares of counted faces found, and of found faces that are none.

    Photographs are looked at as a staff member's are; one that cannot be opened is left out and noted. The truth is a
    count, so what is found beyond it in a photograph is false. How the worker, which looks at smaller pictures, would
    call them persons is noted beside.
    """
    finder = FaceFinder(pack.detector)
    found: list[tuple[int, int]] = []
    followed: list[tuple[int, int]] = []
    told: list[tuple[str, str]] = []
    for group in groups:
        try:
            content = (root / group.file).read_bytes()
            picture = decode_photograph(content, MAX_PHOTOGRAPH_SIDE_PX, MAX_PHOTOGRAPH_PIXELS)
        except (OSError, InputRefused) as error:
            told.append((group.file, f"left out: {error.strerror if isinstance(error, OSError) else error}"))
            continue
        here = pack.detector.detect(picture, max_side=LOOKED_AT_SIDE_PX)
        persons = [face for face in finder.find(picture) if face.score >= SURE_SCORE]
        found.append((len(here), group.faces))
        followed.append((len(persons), group.faces))
        if len(here) != group.faces or len(persons) != group.faces:
            seen = f"{group.faces} counted, {len(here)} found, {len(persons)} the worker would call persons"
            told.append((group.file, seen))
    return _answer(found, followed, told)


def _answer(
    found: Sequence[tuple[int, int]], followed: Sequence[tuple[int, int]], told: Sequence[tuple[str, str]]
) -> Answer:
    """Return the answer of (found, counted) in each photograph, as it is and `followed` as the worker looks."""
    counted = sum(faces for _, faces in found)
    if counted == 0:
        nothing = unanswered(TITLE, "groups.json with counted faces is needed")
        return Answer(TITLE, {}, [*nothing.notes, *told])
    right, false = _tally(found)
    worker_right, worker_false = _tally(followed)
    worker = f"{worker_right / counted:.4f} found, {worker_false / max(1, worker_right + worker_false):.4f} false"
    notes = [("photographs, faces counted", f"{len(found)}, {counted}"), *told, ("as the worker looks", worker)]
    return Answer(TITLE, {"detection_recall": right / counted, "detection_false": false / max(1, right + false)}, notes)


def _tally(pictures: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return how many of (found, counted) are right and how many false."""
    return sum(min(pair) for pair in pictures), sum(max(0, found - counted) for found, counted in pictures)
