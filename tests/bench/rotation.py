"""`python -m tests.bench.rotation --faces DIR`: what turning vectors by a secret costs in accuracy, and what it hides.

On labelled faces with a pack's own embedder: everybody's first photograph is the gallery, the second is searched:
plainly, with both turned, and with probes that are not turned in a
turned gallery, as whoever steals the index would search it.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray
from regulars.domain.rotation import Rotation
from regulars.vision.labelled_faces import faces_of, people_in, vectors_of
from regulars.vision.packs import load_pack
from regulars.vision.progress import on_stderr
from regulars.vision.sessions import choose_engine
from tests.turned import ROTATION_SECRET

FPIR = 0.01


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rotation", description=__doc__)
    parser.add_argument("--faces", type=Path, required=True, help="a folder with a folder of photographs per person")
    parser.add_argument("--models", type=Path, default=Path(".regulars/models"))
    parser.add_argument("--most", type=int, default=1000, metavar="N", help="photographs at most (1000)")
    chosen = parser.parse_args()
    pack = load_pack("default", chosen.models, choose_engine())
    faces = list(faces_of(_some(people_in(chosen.faces), chosen.most), pack.detector))
    people = np.unique([one.identity for one in faces], return_inverse=True)[1]
    vectors = vectors_of(faces, pack.embedder, on_stderr("rotation"))
    turned = Rotation(ROTATION_SECRET).turn(vectors)
    away = float(np.abs(turned @ turned.T - vectors @ vectors.T).max())
    sys.stdout.write(f"{len(vectors)} photographs of {people.max() + 1} people, {vectors.shape[1]} numbers each; ")
    sys.stdout.write(f"largest change of a cosine {away:.1e}\n")
    sys.stdout.write(
        f"| searched | rank 1 | TPIR at FPIR {FPIR:.0%} | best cosine, median |\n| --- | --- | --- | --- |\n"
    )
    ways = {"plainly": (vectors, vectors), "both turned": (turned, turned), "turned, probes not": (vectors, turned)}
    for how, (probes, gallery) in ways.items():
        first, tpir, best = _searched(probes, gallery, people, pack.thresholds.threshold_cosine)
        sys.stdout.write(f"| {how} | {first:.1%} | {tpir:.1%} | {best:.3f} |\n")


def _some(people: list[tuple[Path, str]], most: int) -> list[tuple[Path, str]]:
    """Take two photographs each of those who have two, until there are enough."""
    of: dict[str, list[tuple[Path, str]]] = {}
    for one in people:
        of.setdefault(one[1], []).append(one)
    return [one for found in of.values() if len(found) > 1 for one in found[:2]][:most]


def _searched(
    probes: FloatArray, gallery: FloatArray, people: NDArray[np.intp], threshold: Callable[[float, int], float]
) -> tuple[float, float, float]:
    """Return rank 1, TPIR at the pack's own threshold for that gallery, and the median of the best cosines."""
    first = np.array([np.flatnonzero(people == one)[0] for one in range(people.max() + 1)])
    second = np.setdiff1d(np.arange(len(people)), first)
    cosines = probes[second] @ gallery[first].T
    best, who = cosines.max(axis=1), people[first][cosines.argmax(axis=1)]
    right = who == people[second]
    found = right & (best >= threshold(FPIR, len(first)))
    return float(right.mean()), float(found.mean()), float(np.median(best))


if __name__ == "__main__":
    main()
