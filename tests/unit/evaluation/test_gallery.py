"""The gallery in memory decides, learns and merges by the product's rules."""

import numpy as np

from compose.evaluation.consolidating import consolidate
from compose.evaluation.gallery import Gallery
from regulars.domain.faces import FloatArray
from regulars.domain.gender import GenderVote
from regulars.domain.matching import Decision, Person, decide, rank
from regulars.domain.templates import MOST_TEMPLATES
from regulars.ids import new_id
from regulars.steps.weigh_evidence import Evidence
from tests.unit.evaluation.made_faces import DIMENSION, THRESHOLDS

UNSEARCHED = Decision("undetermined", "not_enough_quality_to_match")


def directions(count: int) -> FloatArray:
    vectors = np.random.default_rng(7).normal(size=(count, DIMENSION))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def toward(vector: FloatArray, aside: FloatArray, cosine: float) -> FloatArray:
    """Return a unit vector with this cosine to `vector`, leaning to `aside`."""
    across = aside - vector * float(aside @ vector)
    across /= np.linalg.norm(across)
    return (cosine * vector + np.sqrt(1 - cosine * cosine) * across).astype(np.float32)


def evidence(vector: FloatArray | None) -> Evidence:
    return Evidence(vector, 0.95, True, GenderVote(), frozenset(), UNSEARCHED)


def filled(vectors: FloatArray) -> Gallery:
    gallery = Gallery(THRESHOLDS, 0.005, DIMENSION)
    for vector in vectors:
        gallery.put(new_id(), vector[None])
    return gallery


def test_it_decides_as_the_product_does_with_everybody_in_view() -> None:
    people = directions(300)
    gallery = filled(people)
    everyone = gallery.everyone()
    probes = [toward(people[row], people[row + 1], cosine) for row in range(0, 200, 20) for cosine in (0.3, 0.5, 0.9)]
    for probe in probes:
        assert gallery.decide(evidence(probe)) == decide(rank(probe, everyone), (), gallery.bars(), may_enrol=True)


def test_without_a_vector_the_evidence_itself_says_what_it_is() -> None:
    assert filled(directions(3)).decide(evidence(None)) is UNSEARCHED


def test_a_newcomer_is_known_the_next_time() -> None:
    gallery = Gallery(THRESHOLDS, 0.005, DIMENSION)
    first = evidence(directions(1)[0])
    newcomer = gallery.settle(first, gallery.decide(first))
    again = gallery.decide(first)
    assert (again.outcome, again.subject_id, gallery.people) == ("known", newcomer, 1)


def test_a_person_keeps_at_most_five_templates_and_those_left_out_are_found_no_more() -> None:
    own, *aside = directions(12)
    gallery = Gallery(THRESHOLDS, 0.005, DIMENSION)
    subject_id = new_id()
    for one in aside:
        gallery.learn(subject_id, toward(own, one, 0.7), 0.9)
    assert len(gallery.person(subject_id).vectors) == MOST_TEMPLATES
    assert [one.subject_id for one in gallery.ranked(own)] == [subject_id]


def test_more_templates_than_the_first_matrix_holds_are_all_found() -> None:
    people = directions(1200)
    gallery = filled(people)
    assert all(gallery.ranked(people[row])[0].cosine > 0.99 for row in (0, 511, 512, 1199))


def test_two_that_are_one_beyond_doubt_are_merged_into_the_older() -> None:
    own, *others = directions(40)
    gallery = filled(np.stack(others))
    older, younger = new_id(), new_id()
    gallery.put(older, toward(own, others[0], 0.95)[None])
    gallery.put(younger, toward(own, others[1], 0.95)[None])
    done = consolidate(gallery)
    assert done.merged == ((older, younger),)
    assert gallery.people == 40
    assert isinstance(gallery.person(older), Person)
    assert len(gallery.person(older).vectors) in (1, 2)


def test_strangers_are_left_alone() -> None:
    gallery = filled(directions(60))
    assert consolidate(gallery).merged == ()
    assert gallery.people == 60
