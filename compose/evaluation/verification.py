"""Question: are two photographs of one person? Pairs in folds, each fold judged with the threshold of the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.dataset import Pair
from compose.evaluation.seen_faces import SeenFace
from regulars.domain.faces import FloatArray

TITLE = "Verification of pairs"
NO_FACE_COSINE = -1.0
"""A pair with a photograph in which no face was found is called different: so it would be."""

Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PairScores:
    """Each pair's cosine, float32 [n], whether it shows one person, and its fold."""

    cosines: FloatArray
    same: Truth
    folds: NDArray[np.int64]


def score_pairs(pairs: Sequence[Pair], by_file: Mapping[str, SeenFace]) -> PairScores:
    """Return the cosines of all pairs."""

    def cosine(pair: Pair) -> float:
        a, b = by_file.get(pair.a), by_file.get(pair.b)
        return NO_FACE_COSINE if a is None or b is None else float(a.vector @ b.vector)

    return PairScores(
        np.array([cosine(pair) for pair in pairs], np.float32),
        np.array([pair.same for pair in pairs], np.bool_),
        np.array([pair.fold for pair in pairs], np.int64),
    )


def verification(scores: PairScores) -> Answer:
    """Return the mean accuracy over the folds."""
    folds = np.unique(scores.folds)
    if len(folds) < 2:
        return unanswered(TITLE, "lfw_pairs.json with at least two folds is needed")
    if scores.same.all() or not scores.same.any():
        return unanswered(TITLE, "pairs of one person and pairs of two are needed")
    right: list[float] = []
    for fold in folds.tolist():
        other = scores.folds != fold
        threshold = best_threshold(scores.cosines[other], scores.same[other])
        called_one = scores.cosines[~other] >= threshold
        right.append(np.count_nonzero(np.equal(called_one, scores.same[~other])) / len(called_one))
    different = scores.cosines[~scores.same]
    at_far = float(np.quantile(different, 1 - 1e-2))
    accepted = float(np.mean(scores.cosines[scores.same] >= at_far))
    notes = [
        ("pairs, folds", f"{len(scores.same)}, {len(folds)}"),
        ("accuracy by fold", " ".join(f"{share:.4f}" for share in right)),
        ("accepted at FAR 1 %", f"{accepted:.4f}"),
    ]
    return Answer(TITLE, {"verification_accuracy": float(np.mean(right))}, notes)


def best_threshold(cosines: FloatArray, same: Truth) -> float:
    """Return the cosine from which on calling a pair one person is most often right."""
    order = np.argsort(cosines)
    rising = same[order]
    # Between two neighbours: the different ones below are right, and so are the same ones above.
    right = np.concatenate([[rising.sum()], rising.sum() + np.cumsum(np.where(rising, -1, 1))])
    place = int(np.argmax(right))
    bounds = np.array([-1.0, *cosines[order], 1.0])
    return float((bounds[place] + bounds[place + 1]) / 2)
