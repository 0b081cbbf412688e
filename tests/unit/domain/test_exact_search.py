"""Galleries in memory: whom a search finds is whom comparing every look finds, in small ones and in large ones."""

import numpy as np
import pytest
from numpy.typing import NDArray

from regulars.domain.exact_search import ALL_COMPARED, ExactGallery, least_compared
from regulars.domain.faces import FloatArray
from regulars.domain.matching import bars_for
from regulars.domain.sketches import sketches_of
from regulars.ids import new_id
from regulars.vision.pack_file import find_pack, read_pack_file

SMALL, LARGE = 500, ALL_COMPARED + 5000
LOOKS = 5


def unit(vectors: NDArray[np.float64]) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def alike(vectors: FloatArray, cosine: float, rng: np.random.Generator) -> FloatArray:
    """Return a vector at just this cosine from each of `vectors`, float32 [n, d] of length 1."""
    return at(np.array([cosine]), vectors, across(vectors, rng))


def across(vectors: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return a vector of length 1 at right angles to each of `vectors`, float32 [n, d] of length 1."""
    other = rng.normal(size=vectors.shape)
    return unit(other - (other * vectors).sum(axis=1, keepdims=True) * vectors)


def at(cosines: NDArray[np.float64], ones: FloatArray, others: FloatArray) -> FloatArray:
    """Return a vector at each cosine from each of `ones`, towards what is at right angles to it."""
    return (cosines[:, None] * ones + np.sqrt(1 - cosines[:, None] ** 2) * others).astype(np.float32)


class Compared:
    """A gallery of `vectors`, LOOKS a person, and what comparing every look says of it."""

    def __init__(self, vectors: FloatArray) -> None:
        self.vectors, self.there = vectors, np.ones(len(vectors), np.bool_)
        self.people = [one for one in (new_id() for _ in range(len(vectors) // LOOKS)) for _ in range(LOOKS)]
        self.gallery = ExactGallery(vectors.shape[1])
        for begin in range(0, len(vectors), 700):
            end = min(begin + 700, len(vectors))
            self.gallery.add(range(begin + 1, end + 1), self.people[begin:end], 2 * vectors[begin:end])

    def remove(self, rows: NDArray[np.intp]) -> None:
        self.there[rows] = False
        self.gallery.remove((rows + 1).tolist())
        for block in vars(self.gallery)["_blocks"]:
            gone = ~self.there[block.seqs[: block.used] - 1]
            assert not block.vectors[: block.used][gone].any()
            assert not block.sketches[:, : block.used][:, gone].any()

    def check(self, query: FloatArray, people: int) -> None:
        cosines = np.where(self.there, self.vectors @ query, -np.inf)
        best: list[int] = np.lexsort((np.arange(len(cosines)), -cosines))[:50].tolist()
        wanted = list(dict.fromkeys(self.people[row] for row in best))[:people]
        assert self.gallery.nearest(query, 50, people) == wanted


@pytest.mark.parametrize("many", [SMALL, LARGE])
def test_of_looks_equally_like_a_face_the_oldest_are_found(many: int) -> None:
    """Numbers of one eighth, so that cosines are exact and ties are ties."""
    rng = np.random.default_rng(many)
    faces = rng.choice(np.array([-0.125, 0.125], np.float32), (many // 100, 64))
    compared = Compared(faces[rng.integers(0, len(faces), many)])
    for _ in range(2):
        for query in faces[:5]:
            compared.check(query, 10 if many == SMALL else 5)
        compared.remove(rng.choice(np.flatnonzero(compared.there), many // 10, replace=False))
    assert len(compared.gallery) == many - 2 * (many // 10) == compared.there.sum()
    compared.gallery = compared.gallery.without_gaps()
    compared.check(faces[0], 5)


def test_in_a_large_gallery_who_could_be_meant_is_found_without_comparing_all() -> None:
    rng = np.random.default_rng(3)
    people = unit(np.repeat(rng.normal(size=(LARGE // LOOKS, 128)), LOOKS, axis=0))
    compared = Compared(alike(people, 0.77, rng))
    rows = rng.choice(LARGE, 120, replace=False)
    for cosine, some in ((1.0, rows[:40]), (0.7, rows[40:80]), (0.55, rows[80:])):
        for query in alike(compared.vectors[some], cosine, rng):
            compared.check(query, 1)
    compared.remove(rows[:40])
    for query in compared.vectors[rows[:40]]:
        compared.check(query, 1)


def test_what_a_gallery_grew_out_of_is_overwritten_when_its_last_search_ends() -> None:
    gallery, vectors = ExactGallery(64), unit(np.random.default_rng(5).normal(size=(100, 64)))
    gallery.add(range(1, 101), [new_id()] * 100, vectors)
    searched = [*vars(gallery)["_blocks"]]
    held, sketches = searched[0].vectors, searched[0].sketches
    gallery.add(range(101, 201), [new_id()] * 100, vectors)
    assert held[:100] == pytest.approx(vectors)
    searched.clear()
    assert not held.any()
    assert not sketches.any()
    assert len(gallery.nearest(vectors[0], 50, 2)) == 2


def test_a_look_at_a_bar_is_hardly_ever_passed_over() -> None:
    """In how many signs vectors differ is tried; strangers are as alike as the default pack's table says."""
    pack, rng = read_pack_file(find_pack("default")), np.random.default_rng(4)
    far, cosines = (np.array(column) for column in zip(*pack.thresholds.points, strict=True))
    ones = unit(rng.normal(size=(60_000, 128)))
    pairs, chance = (ones, across(ones, rng)), rng.random(len(ones))
    most = rng.normal(scale=cosines[0] / 1.28, size=len(chance)).clip(-1, cosines[0])
    strangers = np.where(chance < 10 ** far[0], np.interp(np.log10(chance), far[::-1], cosines[::-1]), most)
    theirs = np.bincount(signs_apart(strangers, *pairs).sum(axis=0)).cumsum() / len(chance)
    for many in (ALL_COMPARED + 1, 40_000, 400_000, 1_000_000):
        bars = bars_for(pack.thresholds, 0.005, many // LOOKS)
        compared_to = int(theirs.searchsorted(least_compared(many) / many))
        match, grey = (passed_over(one, compared_to, *pairs) for one in (bars.match_cosine, bars.grey_cosine))
        assert (match < 1e-5, grey < 1e-4) == (True, True), (many, match, grey)


def passed_over(cosine: float, compared_to: int, ones: FloatArray, others: FloatArray) -> float:
    """Return how often looks at this cosine differ in more signs: bases are drawn apart, so their signs add up."""
    apart = signs_apart(np.full(15_000, cosine), ones[:15_000], others[:15_000])
    first, second = (np.bincount(signs) / len(signs) for signs in apart)
    return float(np.convolve(first, second)[compared_to + 1 :].sum())


def signs_apart(cosines: NDArray[np.float64], ones: FloatArray, others: FloatArray) -> NDArray[np.int64]:
    """Return in how many of each base's 128 signs vectors at these cosines differ, [2, n]."""
    apart = sketches_of(ones) ^ sketches_of(at(cosines, ones, others))
    return np.bitwise_count(apart).reshape(2, 2, -1).sum(axis=1, dtype=np.int64)
