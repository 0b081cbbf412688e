"""Pieces of work one after another: which of them end the rest."""

import pytest

from regulars.errors import DependencyAway, InputRefused
from regulars.steps.going_on import IN_A_ROW, GoingOn


def failing(going_on: GoingOn, *failures: Exception | None) -> int:
    """Have one piece fail by each of them, none by None; return how many were begun."""
    begun = 0
    for failure in failures:
        with going_on.piece():
            begun += 1
            if failure:
                raise failure
    return begun


def test_what_gets_no_answer_now_and_then_ends_nothing_but_is_told_at_the_end() -> None:
    going_on, away = GoingOn(), DependencyAway("away")
    assert failing(going_on, away, None, *[away] * (IN_A_ROW - 1), None) == IN_A_ROW + 2
    with pytest.raises(DependencyAway, match="away"):
        going_on.end()


def test_where_nothing_answers_the_rest_is_not_tried() -> None:
    with pytest.raises(DependencyAway):
        failing(GoingOn(Exception), *[DependencyAway("away")] * IN_A_ROW, ValueError())


def test_only_what_it_is_for_is_kept() -> None:
    with pytest.raises(InputRefused):
        failing(GoingOn(), InputRefused("no", "no"))
    defects = GoingOn(Exception)
    assert failing(defects, *[ValueError()] * 9) == 9
    assert len(defects.failures) == 9


def test_where_all_went_well_nothing_is_raised() -> None:
    going_on = GoingOn()
    assert failing(going_on, None, None) == 2
    going_on.end()
