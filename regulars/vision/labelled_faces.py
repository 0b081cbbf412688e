"""For the commands that fit and measure: a folder of people becomes faces with names, and vectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from pydantic import BaseModel, ValidationError

from regulars.domain.faces import Detection, FloatArray, Image
from regulars.domain.quality import Quality
from regulars.errors import InputRefused
from regulars.vision.detector import FaceDetector
from regulars.vision.embedder import FaceEmbedder
from regulars.vision.progress import Say
from regulars.vision.quality import quality_of
from regulars.vision.same_person import one_name_each

PICTURES = (".jpg", ".jpeg", ".png")
LONGEST_SIDE_PX = 1280
LEAST_SCORE = 0.5
"""A photograph of a person holds a face: the surest is taken even when the detector is not sure."""
FACES_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class LabelledFace:
    """The main face of one photograph and the person it is labelled with."""

    path: Path
    identity: str
    image: Image
    face: Detection
    quality: Quality


class _Manifest(BaseModel):
    aliases: tuple[tuple[str, ...], ...] = ()


def people_in(folder: Path) -> list[tuple[Path, str]]:
    """Return every photograph below `folder` (or below its `stills`, if it has them) with its identity.

    The identity is the path of the photograph's folder. Where a `manifest.json` lies in `folder`, its `aliases` (lists
    of identities that are one person) are one identity. Raises InputRefused `no_people` where there are not two,
    `unreadable_manifest` where that file is not such a one.
    """
    stills = folder / "stills" if (folder / "stills").is_dir() else folder
    same_as = one_name_each(_aliases_in(folder / "manifest.json"))
    found: list[tuple[Path, str]] = []
    for path in sorted(stills.rglob("*")):
        if path.suffix.lower() in PICTURES and path.parent != stills:
            name = path.parent.relative_to(stills).as_posix()
            found.append((path, same_as.get(name, name)))
    if len({name for _, name in found}) < 2:
        raise InputRefused("no_people", f"{stills} holds no folders of photographs of at least two people.")
    return found


def _aliases_in(manifest: Path) -> tuple[tuple[str, ...], ...]:
    try:
        return _Manifest.model_validate_json(manifest.read_bytes()).aliases if manifest.is_file() else ()
    except (OSError, ValidationError) as error:
        raise InputRefused("unreadable_manifest", f"{manifest} cannot be used: {error}. Nothing was done.") from error


def faces_of(people: Sequence[tuple[Path, str]], detector: FaceDetector) -> Iterator[LabelledFace]:
    """Yield the main face of each photograph; one without a face, or that cannot be read, is left out."""
    for path, identity in people:
        image = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if image is None:
            continue
        picture = np.asarray(image, np.uint8)
        face = main_face(picture, detector)
        if face is not None:
            yield LabelledFace(path, identity, picture, face, quality_of(picture, face))


def main_face(image: Image, detector: FaceDetector) -> Detection | None:
    """Return the large face near the middle, None without any."""
    height, width = image.shape[:2]

    def weight(face: Detection) -> float:
        x, y, w, h = face.box
        off = np.hypot((x + w / 2) / width - 0.5, (y + h / 2) / height - 0.5)
        return float(w * h * max(0.05, 1 - 1.5 * off))

    return max(detector.detect(image, min_score=LEAST_SCORE, max_side=LONGEST_SIDE_PX), key=weight, default=None)


def vectors_of(faces: Sequence[LabelledFace], embedder: FaceEmbedder, say: Say) -> FloatArray:
    """Return one unit row per face, float32 [n, d]; `say` hears how far it is."""
    rows = [np.zeros((0, embedder.dimension), np.float32)]
    for start in range(0, len(faces), FACES_AT_ONCE):
        rows.append(embedder.embed([(f.image, f.face.landmarks) for f in faces[start : start + FACES_AT_ONCE]]))
        if start % (8 * FACES_AT_ONCE) == 0:
            say(f"{start + len(rows[-1])} of {len(faces)} faces embedded")
    return np.concatenate(rows)
