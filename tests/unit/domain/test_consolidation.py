"""Which customers are one person, and which looks of one customer are of two."""

import numpy as np
import pytest

from regulars.domain.calibration import ThresholdTable
from regulars.domain.consolidation import (
    MERGE_FACTOR,
    Pair,
    likeness,
    looks_of_another,
    pair_bars,
    sort_pairs,
    templates_joined,
)
from regulars.domain.faces import FloatArray
from regulars.domain.matching import Person, bars_for
from regulars.domain.templates import MOST_TEMPLATES, Template
from regulars.ids import new_id

TABLE = ThresholdTable(points=((-1.0, 0.1), (-7.0, 0.7)))
FPIR = 0.005
BARS = pair_bars(TABLE, FPIR, 100)
ONE, TWO, THREE, FOUR = (new_id() for _ in range(4))


def look(axis: int, aside: int = 0, share: float = 0.0) -> FloatArray:
    """Return a unit vector along `axis`, turned towards `aside` so that the cosine to `axis` falls by `share`."""
    vector = np.zeros(32, np.float32)
    vector[axis] = 1 - share
    vector[aside] += np.sqrt(1 - (1 - share) ** 2) if share else 0
    return vector


def template(vector: FloatArray) -> Template:
    return Template(new_id(), vector, 0.9)


def test_a_merge_asks_for_more_than_a_match_and_a_proposal_for_what_would_be_doubted() -> None:
    single = bars_for(TABLE, FPIR, 100)
    assert BARS.propose_cosine == pytest.approx(single.grey_cosine)
    assert BARS.merge_cosine > single.match_cosine
    assert BARS.merge_cosine == pytest.approx(TABLE.threshold_cosine(FPIR * MERGE_FACTOR, 100))
    assert pair_bars(TABLE, FPIR, 3) == BARS, "a small gallery gets the threshold of a hundred"
    assert pair_bars(TABLE, FPIR, 5000).merge_cosine > BARS.merge_cosine


def test_one_pair_of_looks_alone_does_not_make_two_customers_alike() -> None:
    one = Person(ONE, np.stack([look(0), look(1), look(2)]))
    other = Person(TWO, np.stack([look(0), look(3), look(4)]))
    assert float((one.vectors @ other.vectors.T).max()) == 1
    assert likeness(one, other) < 0.7
    assert likeness(one, one) > likeness(one, other)


def test_the_most_alike_are_merged_first_and_everybody_once() -> None:
    pairs = [Pair(ONE, TWO, 0.6), Pair(TWO, THREE, 0.8), Pair(ONE, FOUR, 0.45), Pair(THREE, FOUR, 0.1)]
    found = sort_pairs(pairs, BARS)
    assert [(pair.one_id, pair.other_id) for pair in found.merge] == [(TWO, THREE)]
    assert [(pair.one_id, pair.other_id, doubt) for pair, doubt in found.propose] == [
        (ONE, TWO, "several_alike"),
        (ONE, FOUR, "alike"),
    ]


def test_joined_templates_are_few_diverse_and_begin_with_the_oldest() -> None:
    kept = [template(look(axis)) for axis in range(4)]
    added = [template(look(axis)) for axis in range(3, 8)]
    staying = templates_joined(kept, added)
    assert len(staying) == MOST_TEMPLATES
    assert kept[0].template_id in staying
    assert added[0].template_id not in staying, "it says what one of the others says"


def test_looks_of_two_people_fall_apart_and_of_one_do_not() -> None:
    own = [template(look(0)), template(look(0, 5, 0.3)), template(look(0, 6, 0.4))]
    strange = [template(look(1)), template(look(1, 7, 0.2))]
    mixed = [own[0], strange[0], own[1], strange[1], own[2]]
    assert looks_of_another(mixed, TABLE, FPIR) == {one.template_id for one in strange}
    assert looks_of_another(own, TABLE, FPIR) == set()
    assert looks_of_another(own[:1], TABLE, FPIR) == set()
