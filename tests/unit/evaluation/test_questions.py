"""Each question on made people, where the answer is known before it is asked."""

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from compose.evaluation import gallery_growth as growth
from compose.evaluation import open_set as open_sets
from compose.evaluation import quarter as quarters
from compose.evaluation import staff as staffs
from compose.evaluation.gender_spoken import gender_spoken
from compose.evaluation.open_set import NOBODY, Trial, fused_open_set, open_set
from compose.evaluation.people import Chance
from compose.evaluation.quarter import play, quarter
from compose.evaluation.seen_faces import FaceCache, View
from compose.evaluation.small_faces import small_faces
from compose.evaluation.staff import staff_among_customers
from tests.unit.evaluation.made_faces import TRUE_TABLE, made_faces


class Blind:
    """Sees no face in any photograph."""

    def look(self, views: Sequence[View], title: str) -> list[None]:
        assert title
        return [None] * len(views)


@pytest.fixture
def chance() -> Chance:
    return np.random.default_rng(3)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures of made people are as sure after a few draws."""
    for question, draws in ((open_sets, "FUSED_DRAWS"), (quarters, "ORDERS"), (staffs, "DRAWS"), (growth, "ALL_DRAWS")):
        monkeypatch.setattr(question, draws, 2)
    monkeypatch.setattr(growth, "FOLDS", 3)


def test_the_threshold_is_the_one_that_so_many_strangers_pass() -> None:
    trial = Trial(np.array([0.2, 0.5, 0.9, NOBODY], np.float32), np.linspace(0.0, 0.4, 101).astype(np.float32))
    assert trial.fnir_at(0.01) == pytest.approx(0.5)  # 0.2 and the one taken for somebody else
    assert trial.fnir_at(0.9) == pytest.approx(0.25)


def test_people_apart_are_all_found_and_blurred_ones_are_not(chance: Chance) -> None:
    sharp, _ = open_set(made_faces([2] * 40 + [1] * 30, spread=0.3), chance)
    blurred, _ = open_set(made_faces([2] * 40 + [1] * 30, spread=2.5), chance)
    assert sharp.figures["tpir_fpir_1pct"] == 1.0
    assert blurred.figures["tpir_fpir_1pct"] < 0.9


def test_three_shots_see_more_than_one(chance: Chance) -> None:
    answer, trials = fused_open_set(made_faces([6] * 40, spread=2.2), chance)
    assert trials is not None
    assert trials[0].fnir_at(0.01) > 0.05
    assert answer.figures["fused_fnir_ratio"] < 0.667


def test_too_few_people_are_said_to_be_too_few(chance: Chance) -> None:
    few = made_faces([3] * 5, spread=0.3)
    answers = [open_set(few, chance)[0], fused_open_set(few, chance)[0], growth.gallery_growth(few, chance)]
    answers += [quarter(few, chance), staff_among_customers(few, chance)]
    assert [answer.figures for answer in answers] == [{}] * 5
    assert all(answer.notes for answer in answers)


def test_a_quarter_of_people_apart_is_reported_as_it_was(chance: Chance) -> None:
    told = play(made_faces([4] * 60, spread=0.3), chance)
    assert (told.people, told.customers_at_the_door, told.customers) == (60, 60, 60)
    assert told.first == {"new": 60}
    assert told.later == {"right": 180}
    assert (told.reported_first, told.reported_later) == (told.first, told.later)


def test_people_who_look_the_same_are_taken_for_each_other(chance: Chance) -> None:
    faces = made_faces([2] * 60, spread=0.2)
    one = faces.people["0000"][0].vector
    for face in faces.people["0001"]:
        face.vector[:] = one
    told = play(faces, chance)
    assert told.first["wrong"] == 1
    assert told.people - told.customers == 1


def test_a_low_quality_visit_is_neither_new_nor_returning(chance: Chance) -> None:
    told = play(made_faces([2] * 60, spread=0.2, qualities=(0.3,)), chance)
    assert (told.first, told.later, told.customers) == ({"undetermined": 60}, {"undetermined": 60}, 0)


def test_staff_apart_from_customers_is_excluded_and_nobody_is_lost(chance: Chance) -> None:
    answer = staff_among_customers(made_faces([4] * 45 + [1] * 110, spread=0.3), chance)
    assert answer.figures == {"staff_excluded": 1.0, "customers_lost_as_staff": 0.0}


def test_staff_is_enrolled_with_photographs_that_enrolling_takes(chance: Chance) -> None:
    faces = made_faces([6] * 45 + [1] * 110, spread=0.3, qualities=(0.6, 0.3))
    answer = staff_among_customers(faces, chance)
    # Of three photographs that may be matched two are enrolled: the third is excluded, and three say nothing.
    assert answer.figures["staff_excluded"] == 0.25
    assert dict(answer.notes)["staff visits left undetermined"] == "0.7500"


def test_strangers_pass_as_often_as_a_true_table_promises(chance: Chance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SIZES", {100: 2})
    strangers = made_faces([1] * 400, spread=0.3, table=TRUE_TABLE, wanted_fpir=0.05)
    figures = growth.gallery_growth(strangers, chance).figures
    assert set(figures) == {"fpir_ratio_100", "fpir_ratio_all"}
    assert all(0.3 < ratio < 1.5 for ratio in figures.values()), figures


def test_no_stranger_passes_a_table_twice_as_strict(chance: Chance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SIZES", {100: 1})
    figures = growth.gallery_growth(made_faces([1] * 200, spread=0.3), chance).figures
    assert figures == {"fpir_ratio_100": 0.0, "fpir_ratio_all": 0.0}


def test_gender_is_right_where_it_is_read_right() -> None:
    assert gender_spoken(made_faces([1] * 10, spread=0.3)).figures == {"gender_accuracy": 1.0, "gender_silent": 0.0}


def test_faces_too_small_to_be_found_are_a_line_of_the_table(chance: Chance) -> None:
    answer = small_faces(made_faces([2] * 25, spread=0.3), cast("FaceCache", Blind()), chance)
    assert [said.split(",")[0] for what, said in answer.notes if "px" in what] == ["found 0.000"] * 2


def test_the_same_seed_gives_the_same_answers() -> None:
    faces = made_faces([3] * 30 + [1] * 30, spread=1.2)
    answers = [quarter(faces, np.random.default_rng(5)) for _ in range(2)]
    assert answers[0] == answers[1]
