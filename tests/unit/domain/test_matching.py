"""Who it was: thresholds by gallery size, lead, grey zone, same frame, staff first."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import FloatArray
from regulars.domain.matching import (
    LEAD_DECADES,
    SMALLEST_GALLERY,
    Bars,
    Person,
    Ranked,
    bars_for,
    decide,
    decide_with_staff,
    rank,
)
from regulars.ids import new_id

TABLE = ThresholdTable(points=((-1.0, 0.1), (-7.0, 0.7)))
BARS = Bars(match_cosine=0.5, grey_cosine=0.4, add_cosine=0.6, lead_cosine=0.05)
ANNA, BERT, CLEO = new_id(), new_id(), new_id()


def unit(*values: float) -> FloatArray:
    made = np.array(values, np.float32)
    return (made / np.linalg.norm(made)).astype(np.float32)


def test_the_bars_rise_with_the_gallery_and_with_the_error_that_is_wanted_less() -> None:
    small, large = bars_for(TABLE, 0.005, 1000), bars_for(TABLE, 0.005, 10_000)
    assert large.match_cosine == pytest.approx(small.match_cosine + 0.1, abs=1e-3)
    assert bars_for(TABLE, 0.0005, 1000).match_cosine > small.match_cosine
    assert small.grey_cosine < small.match_cosine < small.add_cosine
    assert small.lead_cosine == pytest.approx(0.1 * LEAD_DECADES, abs=1e-3)


def test_a_handful_of_people_is_searched_as_strictly_as_a_hundred() -> None:
    assert bars_for(TABLE, 0.005, 1) == bars_for(TABLE, 0.005, SMALLEST_GALLERY)
    assert bars_for(TABLE, 0.005, SMALLEST_GALLERY + 1) != bars_for(TABLE, 0.005, SMALLEST_GALLERY)


def test_the_bars_exist_even_where_ten_times_the_wanted_error_is_no_probability() -> None:
    assert math.isfinite(bars_for(TABLE, 0.3, 50).grey_cosine)


def test_a_person_is_as_alike_as_their_nearest_template_and_their_centroid_in_the_mean() -> None:
    probe = unit(1, 0)
    [ranked] = rank(probe, [Person(ANNA, np.stack([unit(1, 0), unit(0, 1)]))])
    # The mean of two looks at right angles is (.5, .5): as a `mean_vector` it has the length sqrt(sqrt(.5)).
    assert ranked.cosine == pytest.approx((1 + math.sqrt(0.5) * math.sqrt(math.sqrt(0.5))) / 2, abs=1e-6)


def test_the_most_alike_comes_first() -> None:
    people = [Person(ANNA, unit(0, 1)[None]), Person(BERT, unit(1, 1)[None]), Person(CLEO, unit(1, 0)[None])]
    assert [one.subject_id for one in rank(unit(1, 0), people)] == [CLEO, BERT, ANNA]


def test_a_clear_match_is_known_and_only_a_very_clear_one_is_fit_to_learn_from() -> None:
    plain = decide([Ranked(ANNA, 0.55), Ranked(BERT, 0.2)], (), BARS, may_enrol=True)
    assert (plain.outcome, plain.subject_id, plain.sure) == ("known", ANNA, False)
    assert decide([Ranked(ANNA, 0.61)], (), BARS, may_enrol=True).sure
    assert not decide([Ranked(ANNA, 0.61)], (), BARS, may_enrol=False).sure


def test_like_two_people_is_neither() -> None:
    decision = decide([Ranked(ANNA, 0.56), Ranked(BERT, 0.52)], (), BARS, may_enrol=True)
    assert (decision.outcome, decision.reason, decision.subject_id) == ("undetermined", "close_second", None)


def test_between_somebody_and_nobody_nothing_is_decided() -> None:
    decision = decide([Ranked(ANNA, 0.45)], (), BARS, may_enrol=True)
    assert (decision.outcome, decision.reason) == ("undetermined", "grey_zone")


def test_a_stranger_is_new_when_seen_well_and_undetermined_when_not() -> None:
    assert decide([Ranked(ANNA, 0.2)], (), BARS, may_enrol=True).outcome == "new"
    assert decide([], (), BARS, may_enrol=True).outcome == "new"
    badly = decide([], (), BARS, may_enrol=False)
    assert (badly.outcome, badly.reason) == ("undetermined", "not_enough_quality_to_enrol")


def test_somebody_who_stands_elsewhere_in_the_picture_is_not_matched_and_nobody_like_them_enrolled() -> None:
    decision = decide([Ranked(ANNA, 0.8)], {ANNA}, BARS, may_enrol=True)
    assert (decision.outcome, decision.reason) == ("undetermined", "same_frame")
    second = decide([Ranked(ANNA, 0.8), Ranked(BERT, 0.6)], {ANNA}, BARS, may_enrol=True)
    assert (second.outcome, second.subject_id) == ("known", BERT)
    stranger = decide([Ranked(ANNA, 0.1)], {ANNA}, BARS, may_enrol=True)
    assert stranger.outcome == "new"


@given(
    cosines=st.lists(st.floats(-1, 1), max_size=6),
    excluded=st.sets(st.integers(0, 5)),
    may_enrol=st.booleans(),
)
def test_nobody_below_the_threshold_or_excluded_is_ever_known(
    cosines: list[float], excluded: set[int], may_enrol: bool
) -> None:
    people = [new_id() for _ in range(6)]
    ranked = sorted((Ranked(people[i], cosine) for i, cosine in enumerate(cosines)), key=lambda one: -one.cosine)
    decision = decide(ranked, {people[i] for i in excluded}, BARS, may_enrol=may_enrol)
    if decision.outcome == "known":
        best = next(one for one in ranked if one.subject_id == decision.subject_id)
        assert best.cosine >= BARS.match_cosine
        assert decision.subject_id not in {people[i] for i in excluded}
    else:
        assert decision.subject_id is None
    if decision.outcome == "new":
        assert may_enrol


def test_staff_is_staff_even_when_a_customer_looks_about_as_much_like_them() -> None:
    customers = [Ranked(ANNA, 0.7)]
    known = decide(customers, (), BARS, may_enrol=True)
    decision = decide_with_staff([Ranked(BERT, 0.68)], BARS, customers, known)
    assert (decision.outcome, decision.subject_id) == ("staff", BERT)


def test_a_customer_who_is_clearly_more_alike_stays_a_customer() -> None:
    customers = [Ranked(ANNA, 0.9)]
    known = decide(customers, (), BARS, may_enrol=True)
    assert decide_with_staff([Ranked(BERT, 0.55)], BARS, customers, known) == known


def test_nobody_a_little_like_staff_is_enrolled_as_a_customer() -> None:
    stranger = decide([], (), BARS, may_enrol=True)
    decision = decide_with_staff([Ranked(BERT, 0.45)], BARS, [], stranger)
    assert (decision.outcome, decision.reason) == ("undetermined", "maybe_staff")
    assert decide_with_staff([Ranked(BERT, 0.3)], BARS, [], stranger) == stranger
