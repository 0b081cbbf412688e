"""Question: are the faces in group photographs found, and nothing else?"""

from collections.abc import Sequence
from pathlib import Path

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.dataset import Group
from realtime_workers.detect import FaceFinder
from realtime_workers.track import SURE_SCORE
from regulars.vision.decode import decode_picture
from regulars.vision.packs import ModelPack

TITLE = "Detection in group photographs"
MAX_SIDE_PX = 12_000


def detection(root: Path, groups: Sequence[Group], pack: ModelPack) -> Answer:
    """Return the shares of counted faces found, and of found faces that are none.

    A face is found when the worker would follow it and the tracker would call it a person: one look at SURE_SCORE is
    what confirms a track. The truth is a count, so what is found beyond it in a photograph is false.
    """
    counted = sum(group.faces for group in groups)
    if counted == 0:
        return unanswered(TITLE, "groups.json with counted faces is needed")
    finder = FaceFinder(pack.detector)
    right = false = 0
    notes: list[tuple[str, str]] = []
    for group in groups:
        picture = decode_picture((root / group.file).read_bytes(), MAX_SIDE_PX)
        found = [face for face in finder.find(picture) if face.detection.score >= SURE_SCORE]
        right += min(len(found), group.faces)
        false += max(0, len(found) - group.faces)
        if len(found) != group.faces:
            scores = " ".join(f"{face.detection.score:.2f}" for face in found)
            notes.append((group.file, f"{group.faces} counted, {len(found)} found ({scores})"))
    notes.insert(0, ("photographs, faces counted", f"{len(groups)}, {counted}"))
    return Answer(TITLE, {"detection_recall": right / counted, "detection_false": false / max(1, right + false)}, notes)
