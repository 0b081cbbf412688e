"""Second in the evaluation: every photograph looked at once by the pack's networks, and remembered between runs.

What the networks said lies under `.regulars/eval-cache`, by pack and by the photograph's sha256, so that a changed
threshold, gate or rule is measured within seconds. Quality is measured anew each time: its rules are what changes.
"""

import hashlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image as Pictures

from compose.evaluation.dataset import Still
from compose.evaluation.progress import followed, say
from regulars.domain.faces import Detection, FloatArray, Image
from regulars.errors import InputRefused
from regulars.steps.look_at_picture import MAX_PHOTOGRAPH_PIXELS, MAX_PHOTOGRAPH_SIDE_PX
from regulars.vision import align, decode, detector, embedder, gender, labelled_faces, projection
from regulars.vision.decode import decode_photograph
from regulars.vision.labelled_faces import main_face
from regulars.vision.packs import ModelPack
from regulars.vision.quality import quality_of

BATCH = 16
LOOKING = (align, decode, detector, embedder, gender, labelled_faces, projection)
"""The code between a photograph and what is remembered of it: another one, and all is looked at anew."""
FACE_NUMBERS = 15
"""Of a remembered row: box 4, landmarks 10, detection score; then the probability of male, then the vector."""


@dataclass(frozen=True, slots=True)
class View:
    """One photograph to look at, shrunk to `scale` of its size (0 < scale <= 1)."""

    still: Still
    scale: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SeenFace:
    """A photograph's labelled face: `vector` float32 [d] of length 1; `male` 0 to 1, NaN in a pack without gender.

    Two are equal only when they are the same object.
    """

    still: Still
    detection: Detection
    quality: float
    reasons: tuple[str, ...]
    vector: FloatArray
    male: float


@dataclass(frozen=True, slots=True)
class _Waiting:
    place: int
    file: Path
    image: Image
    detection: Detection


class FaceCache:
    """The networks of one pack, with a memory on disk. `root` is the data folder, `folder` where to remember."""

    def __init__(self, pack: ModelPack, root: Path, folder: Path) -> None:
        self._pack, self._root = pack, root
        reader = "" if pack.described.gender is None else pack.described.gender.model_dump_json()
        told = [pack.digest, pack.detector.digest, reader, *(inspect.getsource(module) for module in LOOKING)]
        self._folder = folder / f"{pack.digest}-{hashlib.sha256('|'.join(told).encode()).hexdigest()[:8]}"
        self._folder.mkdir(parents=True, exist_ok=True)

    def look(self, views: Sequence[View], title: str) -> list[SeenFace | None]:
        """Return the labelled face of each view, None where none was found or the file cannot be read."""
        seen: list[SeenFace | None] = []
        waiting: list[_Waiting] = []
        for view in followed(views, title, len(views)):
            seen.append(self._look(view, len(seen), waiting))
            if len(waiting) == BATCH:
                self._embed(views, waiting, seen)
        self._embed(views, waiting, seen)
        return seen

    def _look(self, view: View, place: int, waiting: list[_Waiting]) -> SeenFace | None:
        """Return what is remembered; else detect, and put the face with those that wait to be embedded."""
        try:
            content = (self._root / view.still.file).read_bytes()
        except OSError as error:
            say(f"{view.still.file} cannot be read ({type(error).__name__}): it counts as a photograph without a face")
            return None
        shrunk = "" if view.scale == 1.0 else f"-{view.scale:.4f}"
        file = self._folder / f"{hashlib.sha256(content).hexdigest()}{shrunk}.npy"
        row = np.load(file) if file.exists() else None
        if row is not None and len(row) == 0:
            return None
        try:
            upright = decode_photograph(content, MAX_PHOTOGRAPH_SIDE_PX, MAX_PHOTOGRAPH_PIXELS)
        except InputRefused as refused:
            say(f"{view.still.file}: {refused} It counts as a photograph without a face")
            return None
        image = _scaled(upright, view.scale)
        if row is not None:
            return _face(view.still, image, row)
        found = main_face(image, self._pack.detector)
        if found is None:
            _write(file, np.zeros(0, np.float32))
        else:
            waiting.append(_Waiting(place, file, image, found))
        return None

    def _embed(self, views: Sequence[View], waiting: list[_Waiting], seen: list[SeenFace | None]) -> None:
        crops = [(one.image, one.detection.landmarks) for one in waiting]
        if not crops:
            return
        vectors = self._pack.embedder.embed(crops)
        nobody = np.full(len(crops), np.nan, np.float32)
        male = nobody if self._pack.gender is None else self._pack.gender.read(crops)
        for one, vector, likely in zip(waiting, vectors, male, strict=True):
            box, marks = one.detection.box, one.detection.landmarks.ravel()
            row = np.array([*box, *marks, one.detection.score, likely, *vector], np.float32)
            _write(one.file, row)
            seen[one.place] = _face(views[one.place].still, one.image, row)
        waiting.clear()


def _face(still: Still, image: Image, row: FloatArray) -> SeenFace:
    x, y, width, height = (float(value) for value in row[:4])
    detection = Detection((x, y, width, height), row[4:14].reshape(5, 2), float(row[14]))
    quality = quality_of(image, detection)
    return SeenFace(still, detection, quality.score, quality.reasons, row[FACE_NUMBERS + 1 :], float(row[FACE_NUMBERS]))


def _scaled(image: Image, scale: float) -> Image:
    if scale == 1.0:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(Pictures.fromarray(image).resize(size, Pictures.Resampling.BOX), np.uint8)


def _write(file: Path, row: FloatArray) -> None:
    partial = file.with_suffix(".partial")
    with partial.open("wb") as opened:
        np.save(opened, row)
    partial.replace(file)
