"""When a pack is made: fit its impostor table (`python -m regulars.vision.calibrate --pack P --faces DIR`).

Every pair of photographs of two different people is compared; the share of pairs that reach a cosine is its FAR. Down
to 1 in 1000 the table is what was measured, in half decades. Below it is a line in the probit of the FAR, fitted from
there to the FAR that 30 pairs still carry: impostor cosines of one network are close to normal, so their tail is
straight there, and it goes on straight to where no folder of people reaches (docs/models.md shows how well).

A gallery of N people then has FPIR = 1 - (1 - FAR)^N, as if its people were told apart one by one
(`python -m regulars.vision.measure_gallery`). For one probe per stranger the realised rate is 0.55 to 1.0 times the
wanted one with the default pack and 0.3 to 0.9 with retail-0095, at galleries of 10 to 1000. Giving each pair of
people, instead of each pair of photographs, the same weight would centre that on 1, so the law of independent people
holds and nothing is gained by fitting each probe's highest cosine; but who is photographed often is also seen often,
and then it passes 1.4. The safe side is kept.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import FloatArray
from regulars.domain.quality import may_match
from regulars.errors import InputRefused, RegularsError
from regulars.vision.labelled_faces import faces_of, people_in, vectors_of
from regulars.vision.packs import load_pack
from regulars.vision.progress import Say, on_stderr
from regulars.vision.sessions import choose_engine

FIRST, LAST, STEP = -1.0, -9.0, 0.5
"""The table's range and spacing in log10 FAR."""
LINE_FROM = -3.0
FEWEST_PAIRS = 30
ROWS_AT_ONCE = 512


def impostor_cosines(vectors: FloatArray, identities: Sequence[str]) -> FloatArray:
    """Return the cosines of all pairs of different people, falling: the highest tenth of them.

    Only that tail is kept, because the whole would be gigabytes for a few ten thousand photographs.
    """
    names = np.unique(np.asarray(identities), return_inverse=True)[1]
    pairs = _pairs(names)
    kept: list[FloatArray] = []
    floor = -1.0
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        stop = start + ROWS_AT_ONCE
        cosines = vectors[start:stop] @ vectors.T
        later = np.arange(len(vectors))[None, :] > np.arange(start, min(stop, len(vectors)))[:, None]
        chosen = cosines[later & (names[start:stop, None] != names[None, :]) & (cosines > floor)]
        kept.append(chosen.astype(np.float32))
        joined = np.concatenate(kept)
        wanted = int(pairs * 10**FIRST) + 1
        if len(joined) > 2 * wanted:
            joined = np.partition(joined, len(joined) - wanted)[-wanted:]
            floor, kept = float(joined[0]), [joined]
    return np.sort(np.concatenate(kept))[::-1][: int(pairs * 10**FIRST) + 1]


def fit_table(tail: FloatArray, pairs: int) -> ThresholdTable:
    """Return the table from the falling cosines of the most alike tenth of `pairs` pairs of different people.

    Raises InputRefused `too_few_people` when 1 in 1000 is carried by fewer than 30 pairs.
    """
    deepest = np.log10(FEWEST_PAIRS / pairs)
    if deepest > LINE_FROM:
        raise InputRefused(
            "too_few_people", f"{pairs} pairs of different people are too few: at least 30000 are needed."
        )
    steps = np.arange(FIRST, LAST - STEP / 2, -STEP)
    measured = {float(log_far): float(tail[int(pairs * 10**log_far)]) for log_far in steps if log_far >= deepest}
    fine = np.arange(LINE_FROM, deepest, -0.1)
    level = np.array([tail[int(pairs * 10**log_far)] for log_far in fine])
    slope, offset = np.polyfit([_probit(float(log_far)) for log_far in fine], level, 1)
    points = [
        (float(log_far), round(min(1.0, measured[log_far] if log_far >= LINE_FROM else line), 4))
        for log_far in map(float, steps)
        if (line := float(offset + slope * _probit(log_far))) < 1.0
    ]
    return ThresholdTable(points=tuple(points), measured_to_log10_far=round(float(deepest), 2))


def _probit(log10_far: float) -> float:
    return -NormalDist().inv_cdf(10**log10_far)


def _pairs(names: NDArray[np.intp]) -> int:
    sizes = np.bincount(names)
    return int((len(names) ** 2 - np.sum(sizes**2)) // 2)


def pairs_of_different_people(identities: Sequence[str]) -> int:
    """Return how many pairs of photographs show two different people."""
    return _pairs(np.unique(np.asarray(identities), return_inverse=True)[1])


def as_toml(table: ThresholdTable, comment: str) -> str:
    """Return the table as the `[thresholds]` section of a pack's TOML file."""
    lines = [f"# {comment}", "[thresholds]", f"measured_to_log10_far = {table.measured_to_log10_far}", "points = ["]
    lines += [f"    [{log_far}, {cosine:.4f}]," for log_far, cosine in table.points]
    return "\n".join([*lines, "]"])


def calibrate(pack_name: str, models: Path, folder: Path, say: Say) -> str:
    """Return the `[thresholds]` section of a pack, fitted on a folder of people without looks too poor to match."""
    pack = load_pack(pack_name, models, choose_engine())
    faces = [face for face in faces_of(people_in(folder), pack.detector) if may_match(face.quality.score)]
    identities = [face.identity for face in faces]
    pairs = pairs_of_different_people(identities)
    table = fit_table(impostor_cosines(vectors_of(faces, pack.embedder, say), identities), pairs)
    people = len(set(identities))
    return as_toml(
        table, f"{pairs} pairs from {len(faces)} photographs of {people} people, by regulars.vision.calibrate"
    )


def main() -> int:
    """Print the impostor table of a pack as TOML to paste into its file; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.vision.calibrate", description=main.__doc__)
    parser.add_argument("--pack", default="default", help="a shipped pack's name, or the path of a TOML file")
    parser.add_argument("--models", type=Path, default=Path(".regulars/models"), help="the model folder (%(default)s)")
    parser.add_argument("--faces", type=Path, required=True, help="a folder with a folder of photographs per person")
    chosen = parser.parse_args()
    say = on_stderr("calibrate")
    try:
        section = calibrate(chosen.pack, chosen.models, chosen.faces, say)
    except RegularsError as error:
        say(str(error))
        return 1
    sys.stdout.write(f"{section}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
