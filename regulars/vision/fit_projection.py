"""When a pack is made: fit the projection of its vectors (`python -m regulars.vision.fit_projection`).

Prints, on people that it was not fitted on, what a smaller vector costs: the share of people found again at a
false-positive identification rate of 1 % and 0.3 %, with one photograph each in the gallery.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regulars.domain.faces import FloatArray
from regulars.errors import RegularsError
from regulars.vision import projection
from regulars.vision.labelled_faces import faces_of, people_in, vectors_of
from regulars.vision.pack_file import sha256_of
from regulars.vision.packs import load_pack
from regulars.vision.progress import on_stderr
from regulars.vision.sessions import choose_engine

SPLITS = 4
FPIRS = (0.01, 0.003)


def found_again(vectors: FloatArray, people: NDArray[np.intp], seed: int) -> tuple[float, ...]:
    """Return the open-set TPIR at each of FPIRS.

    The gallery is a random photograph of everybody who has two or more; who has one is a stranger.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(people))
    names, first, count = np.unique(people[order], return_index=True, return_counts=True)
    gallery = order[first[count > 1]]
    known = np.setdiff1d(np.flatnonzero(np.isin(people, names[count > 1])), gallery)
    strangers = np.flatnonzero(np.isin(people, names[count == 1]))
    highest = (vectors[strangers] @ vectors[gallery].T).max(axis=1)
    cosines = vectors[known] @ vectors[gallery].T
    right = people[gallery[cosines.argmax(axis=1)]] == people[known]
    bars = [float(np.quantile(highest, 1 - fpir)) for fpir in FPIRS]
    return tuple(float((right & (cosines.max(axis=1) >= bar)).mean()) for bar in bars)


def cost(vectors: FloatArray, identities: Sequence[str], dimension: int) -> str:
    """Return a line that compares whole and projected vectors, fitted on half of the people, tested on the other."""
    people = np.unique(np.asarray(identities), return_inverse=True)[1]
    whole: list[tuple[float, ...]] = []
    smaller: list[tuple[float, ...]] = []
    for split in range(SPLITS):
        fitted_on = np.isin(people, np.random.default_rng(split).permutation(people.max() + 1)[: people.max() // 2])
        fitted = projection.fit(vectors[fitted_on], dimension)
        others = vectors[~fitted_on]
        for held, tested in ((whole, others), (smaller, projection.project(others, fitted))):
            held.extend(found_again(tested, people[~fitted_on], 100 * split + draw) for draw in range(5))
    said = [" / ".join(f"{value:.4f}" for value in np.mean(held, axis=0)) for held in (whole, smaller)]
    return f"TPIR at FPIR 1 % / 0.3 %, other people: {vectors.shape[1]} dimensions {said[0]}, {dimension} {said[1]}"


def main() -> int:
    """Fit and write the projection of a pack's joined vectors; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.vision.fit_projection", description=main.__doc__)
    parser.add_argument("--pack", default="default", help="a shipped pack's name, or the path of a TOML file")
    parser.add_argument("--models", type=Path, default=Path(".regulars/models"), help="the model folder (%(default)s)")
    parser.add_argument("--faces", type=Path, required=True, help="a folder with a folder of photographs per person")
    parser.add_argument("--dimension", type=int, default=128)
    parser.add_argument("--into", type=Path, required=True, help="the text file to write")
    chosen = parser.parse_args()
    say = on_stderr("fit")
    try:
        pack = load_pack(chosen.pack, chosen.models, choose_engine())
        joined = replace(pack, described=pack.described.model_copy(update={"projection": None}))
        faces = list(faces_of(people_in(chosen.faces), pack.detector))
        vectors = vectors_of(faces, joined.embedder, say)
        say(cost(vectors, [face.identity for face in faces], chosen.dimension))
        projection.write(projection.fit(vectors, chosen.dimension), chosen.into)
    except RegularsError as error:
        say(str(error))
        return 1
    sys.stdout.write(f'sha256 = "{sha256_of(chosen.into)}"\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
