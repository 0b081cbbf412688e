"""Figures for docs/models.md and the curves of domain/quality.py (`python -m regulars.vision.measure_quality`).

One photograph of each person with several is degraded in every way below; what is left of its likeness to the person's
other photographs, over what the untouched one had, is what its quality score should say. Pairs of different people of
one score band show how alike poor looks of strangers are.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import Detection, FloatArray, Image
from regulars.errors import RegularsError
from regulars.vision.labelled_faces import LabelledFace, faces_of, main_face, people_in, vectors_of
from regulars.vision.packs import ModelPack, load_pack
from regulars.vision.progress import Say, on_stderr
from regulars.vision.quality import quality_of
from regulars.vision.sessions import choose_engine

BANDS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.01)
FARS = (1e-4, 1e-5)
LEAST_LIKENESS = 0.3


@dataclass(frozen=True, slots=True)
class Looks:
    """Degraded looks: `kind` what was done, `person`, `left` the share of likeness left, and their vectors."""

    kind: NDArray[np.str_]
    person: NDArray[np.intp]
    score: FloatArray
    left: FloatArray
    cosine: FloatArray
    vectors: FloatArray


def degraded(image: Image, face: Detection) -> Iterator[tuple[str, Image]]:
    """Yield the picture as it is, small, blurred, moving, dark, overexposed and cut, with what was done."""
    x, y, width, height = face.box
    yield "untouched", image
    for wide in (14, 18, 22, 26, 32, 40):
        yield (
            f"{wide} px wide",
            _u8(cv2.resize(image, None, fx=wide / width, fy=wide / width, interpolation=cv2.INTER_AREA)),
        )
    for share in (0.015, 0.03, 0.045, 0.06, 0.08):
        yield f"blur {share}", _u8(cv2.GaussianBlur(image, (0, 0), share * width))
    for share in (0.08, 0.16, 0.24):
        yield f"motion {share}", _u8(cv2.blur(image, (max(3, int(share * width)), 1)))
    noise = np.random.default_rng(1).normal(0, 3, image.shape)
    for gain in (0.4, 0.2, 0.1):
        yield f"dark {gain}", _u8(image * gain + noise)
    for gain in (1.6, 2.2, 3.0):
        yield f"bright {gain}", _u8(image * gain)
    for share in (0.2, 0.3, 0.4):
        yield f"left cut {share}", np.ascontiguousarray(image[:, max(0, int(x + share * width)) :])
    for share in (0.1, 0.2, 0.3):
        yield f"chin cut {share}", np.ascontiguousarray(image[: int(y + (1 - share) * height)])


def _u8(values: object) -> Image:
    return np.clip(np.asarray(values, np.float32), 0, 255).astype(np.uint8)


def looks_of(pack: ModelPack, folder: Path, people: int, say: Say) -> Looks:
    """Degrade one photograph of each of `people` random people and compare it with their other photographs."""
    everybody: dict[str, list[Path]] = {}
    for path, identity in people_in(folder):
        everybody.setdefault(identity, []).append(path)
    several = sorted(identity for identity, paths in everybody.items() if len(paths) > 1)
    chosen = np.random.default_rng(5).permutation(several)[:people]
    faces = list(faces_of([(path, name) for name in chosen for path in everybody[str(name)]], pack.detector))
    names = np.unique([face.identity for face in faces], return_inverse=True)[1]
    plain = vectors_of(faces, pack.embedder, say)
    made: list[tuple[str, int, LabelledFace]] = []
    first_of_each: list[int] = np.unique(names, return_index=True)[1].tolist()
    for index in first_of_each:
        for kind, image in degraded(faces[index].image, faces[index].face):
            face = main_face(image, pack.detector)
            if face is not None:
                look = LabelledFace(faces[index].path, "", image, face, quality_of(image, face))
                made.append((kind, index, look))
    vectors = vectors_of([look for _, _, look in made], pack.embedder, say)
    rows = np.array([index for _, index, _ in made])
    others = [np.flatnonzero((names == names[row]) & (np.arange(len(names)) != row)) for row in rows]
    likeness = np.array([float((plain[them] @ vector).mean()) for them, vector in zip(others, vectors, strict=True)])
    before = np.array([float((plain[them] @ plain[row]).mean()) for them, row in zip(others, rows, strict=True)])
    left = likeness / np.maximum(before, LEAST_LIKENESS)
    scores = np.array([look.quality.score for _, _, look in made], np.float32)
    kinds = np.array([kind for kind, _, _ in made])
    return Looks(kinds, names[rows], scores, left.astype(np.float32), likeness.astype(np.float32), vectors)


def report(looks: Looks, table: ThresholdTable) -> Iterator[str]:
    """Yield how score and likeness go together, by what was done and by score band."""
    yield "| done | looks | score | likeness left |"
    yield "| --- | --- | --- | --- |"
    for kind in dict.fromkeys(looks.kind.tolist()):
        of = looks.kind == kind
        yield f"| {kind} | {of.sum()} | {looks.score[of].mean():.2f} | {looks.left[of].mean():.2f} |"
    bars = [table.cosine_at_far(far) for far in FARS]
    yield ""
    yield f"| score | looks | likeness left | missed at cosine {bars[1]:.2f} | strangers alike, times FAR 1e-4 / 1e-5 |"
    yield "| --- | --- | --- | --- | --- |"
    for low, high in pairwise(BANDS):
        of = (looks.score >= low) & (looks.score < high)
        cosines = looks.vectors[of] @ looks.vectors[of].T
        strangers = cosines[np.triu(looks.person[of][:, None] != looks.person[of][None, :], 1)]
        times = " / ".join(f"{(strangers >= bar).mean() / far:.1f}" for bar, far in zip(bars, FARS, strict=True))
        missed = (looks.cosine[of] < bars[1]).mean()
        yield f"| {low}-{min(high, 1.0)} | {of.sum()} | {looks.left[of].mean():.2f} | {missed:.2f} | {times} |"


def main() -> int:
    """Print how well the quality score says what a look is worth; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.vision.measure_quality", description=main.__doc__)
    parser.add_argument("--pack", default="default", help="a shipped pack's name, or the path of a TOML file")
    parser.add_argument("--models", type=Path, default=Path(".regulars/models"), help="the model folder (%(default)s)")
    parser.add_argument("--faces", type=Path, required=True, help="a folder with a folder of photographs per person")
    parser.add_argument("--people", type=int, default=200)
    chosen = parser.parse_args()
    say = on_stderr("measure")
    try:
        pack = load_pack(chosen.pack, chosen.models, choose_engine())
        for line in report(looks_of(pack, chosen.faces, chosen.people, say), pack.thresholds):
            sys.stdout.write(line + "\n")
    except RegularsError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
