"""Figures for docs/models.md: does a pack's table keep its word (`python -m regulars.vision.measure_gallery`).

People outside a gallery of known size are searched in it at the threshold for the wanted FPIR. What they reach, over
what was wanted, should be 1. Rows with several shots on a side fuse them (mean of the unit vectors) to length 1, and to
the square root of the mean's own length: shots that agree less give a shorter vector, which takes back what averaging
adds to strangers' likeness too.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import FloatArray
from regulars.errors import InputRefused, RegularsError
from regulars.vision.labelled_faces import faces_of, people_in, vectors_of
from regulars.vision.packs import load_pack
from regulars.vision.progress import on_stderr
from regulars.vision.sessions import choose_engine

GALLERIES = (10, 100, 500)
SHOTS = ((3, 1), (1, 2), (3, 2), (5, 2))
WANTED = (0.01, 0.005)
DRAWS = 40


def ratio(
    vectors: FloatArray,
    people: NDArray[np.intp],
    table: ThresholdTable,
    size: int,
    shots: tuple[int, int] = (1, 1),
    power: float = 0.0,
) -> tuple[float, ...]:
    """Return realised over wanted FPIR, one per WANTED, mean of DRAWS random galleries of `size` people.

    `shots` are fused per probe and per gallery person, to the length of their mean to the `power`.
    """
    rng = np.random.default_rng(0)
    of = [np.flatnonzero(people == person) for person in range(int(people.max()) + 1)]
    fit: list[NDArray[np.intp]] = [rows for rows in of if len(rows) >= max(shots)]
    bars = np.array([table.threshold_cosine(fpir, size) for fpir in WANTED])
    reached: list[NDArray[np.bool_]] = []
    for _ in range(DRAWS):
        order: list[int] = rng.permutation(len(fit)).tolist()
        drawn = [[rng.choice(fit[i], n, replace=False) for i in order] for n in shots]
        gallery = np.stack([_fused(vectors[rows], power) for rows in drawn[1][:size]])
        probes = np.stack([_fused(vectors[rows], power) for rows in drawn[0][size:]])
        reached.append((probes @ gallery.T).max(axis=1)[:, None] >= bars)
    return tuple(float(rate) for rate in np.concatenate(reached).mean(axis=0) / np.array(WANTED))


def _fused(rows: FloatArray, power: float) -> FloatArray:
    mean = rows.mean(axis=0)
    return (mean / np.linalg.norm(mean) ** (1 - power)).astype(np.float32)


def report(vectors: FloatArray, people: NDArray[np.intp], table: ThresholdTable) -> Iterator[str]:
    """Yield the table of realised over wanted FPIR."""
    head = " / ".join(f"{100 * fpir:g} %" for fpir in WANTED)
    yield f"| gallery | shots: probe, gallery | fused to length 1: {head} | fused to the root of the mean's length |"
    yield "| --- | --- | --- | --- |"

    def said(size: int, shots: tuple[int, int], power: float) -> str:
        return " / ".join(f"{value:.2f}" for value in ratio(vectors, people, table, size, shots, power))

    everybody = int(people.max() + 1)
    for size in (*GALLERIES, everybody * 4 // 5):
        if size < everybody:
            yield f"| {size} | 1, 1 | {said(size, (1, 1), 0.0)} | |"
    for shots in SHOTS:
        size = int((np.bincount(people) >= max(shots)).sum()) // 2
        if size == 0:
            yield f"| none | {shots[0]}, {shots[1]} | fewer than two people have {max(shots)} photographs | |"
            continue
        yield f"| {size} | {shots[0]}, {shots[1]} | {said(size, shots, 0.0)} | {said(size, shots, 0.5)} |"


def main() -> int:
    """Print how true a pack's impostor table is; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.vision.measure_gallery", description=main.__doc__)
    parser.add_argument("--pack", default="default", help="a shipped pack's name, or the path of a TOML file")
    parser.add_argument("--models", type=Path, default=Path(".regulars/models"), help="the model folder (%(default)s)")
    parser.add_argument("--faces", type=Path, required=True, help="a folder with a folder of photographs per person")
    chosen = parser.parse_args()
    say = on_stderr("measure")
    try:
        pack = load_pack(chosen.pack, chosen.models, choose_engine())
        faces = list(faces_of(people_in(chosen.faces), pack.detector))
        names, people = np.unique([face.identity for face in faces], return_inverse=True)
        if len(names) < 2:
            raise InputRefused("no_people", f"{chosen.faces}: faces of fewer than two people were found.")
        for line in report(vectors_of(faces, pack.embedder, say), people, pack.thresholds):
            sys.stdout.write(line + "\n")
    except RegularsError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
