"""Pairs in folds."""

import numpy as np
import pytest

from compose.evaluation.verification import PairScores, best_threshold, verification


def scores(cosines: list[float], same: list[bool], folds: list[int]) -> PairScores:
    return PairScores(np.array(cosines, np.float32), np.array(same), np.array(folds))


@pytest.mark.parametrize(
    ("cosines", "same", "right"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 4),
        ([0.1, 0.8, 0.2, 0.9], [False, False, True, True], 3),
        ([0.5, 0.6], [True, True], 2),
        ([0.5, 0.6], [False, False], 2),
    ],
)
def test_the_threshold_is_right_as_often_as_any_can_be(cosines: list[float], same: list[bool], right: int) -> None:
    threshold = best_threshold(np.array(cosines, np.float32), np.array(same))
    assert sum((cosine >= threshold) == truth for cosine, truth in zip(cosines, same, strict=True)) == right


def test_each_fold_is_judged_by_the_others() -> None:
    # Fold 2 would be called right throughout with its own threshold, but fold 1's lies above all of it.
    told = scores([0.1, 0.9, 0.2, 0.3], [False, True, False, True], [1, 1, 2, 2])
    assert verification(told).figures["verification_accuracy"] == pytest.approx((1.0 + 0.5) / 2)


def test_one_fold_alone_cannot_be_judged() -> None:
    assert verification(scores([0.1, 0.9], [False, True], [1, 1])).figures == {}


@pytest.mark.parametrize("same", [True, False])
def test_pairs_of_one_kind_alone_cannot_be_judged(same: bool) -> None:
    answer = verification(scores([0.1, 0.9, 0.2, 0.3], [same] * 4, [1, 1, 2, 2]))
    assert answer.figures == {}
    assert answer.notes
