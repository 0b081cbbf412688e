"""Galleries in memory: whom a search finds is whom comparing every look finds, in small ones and in large ones."""

from math import acos, comb, pi

import numpy as np
import pytest
from numpy.typing import NDArray

from regulars.domain.exact_search import ALL_COMPARED, ExactGallery, shares_compared
from regulars.domain.faces import FloatArray
from regulars.domain.matching import bars_for
from regulars.domain.sketches import SIGNS
from regulars.ids import new_id
from regulars.vision.pack_file import find_pack, read_pack_file

SMALL, LARGE = 500, ALL_COMPARED + 5000
LOOKS = 5


def unit(vectors: NDArray[np.float64]) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def alike(vectors: FloatArray, cosine: float, rng: np.random.Generator) -> FloatArray:
    """Return a vector at just this cosine from each of `vectors`, float32 [n, d] of length 1."""
    other = rng.normal(size=vectors.shape)
    across = unit(other - (other * vectors).sum(axis=1, keepdims=True) * vectors)
    return (cosine * vectors + np.sqrt(1 - cosine**2) * across).astype(np.float32)


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


@pytest.mark.parametrize("many", [ALL_COMPARED + 1, 100_000, 1_000_000])
def test_a_look_at_a_bar_is_hardly_ever_passed_over(many: int) -> None:
    """By the binomial distribution of signs, with strangers as alike as the default pack's table says."""
    table, rng = read_pack_file(find_pack("default")).thresholds, np.random.default_rng(4)
    far, cosines = (np.array(column) for column in zip(*table.points, strict=True))
    chance = rng.random(400_000)
    most = rng.normal(scale=cosines[0] / 1.28, size=len(chance)).clip(-1, cosines[0])
    strangers = np.where(chance < 10 ** far[0], np.interp(np.log10(chance), far[::-1], cosines[::-1]), most)
    bars, differing, match, grey = bars_for(table, 0.005, many // LOOKS), np.zeros(len(chance), np.int64), 0.0, 0.0
    for signs, share in zip((SIGNS // 2, SIGNS), shares_compared(many), strict=True):
        differing += rng.binomial(SIGNS // 2, np.arccos(strangers) / pi)
        compared_to = int(np.quantile(differing, share))
        match += passed_over(bars.match_cosine, compared_to, signs)
        grey += passed_over(bars.grey_cosine, compared_to, signs)
    assert (match < 1e-5, grey < 1e-4) == (True, True), (match, grey)


def passed_over(cosine: float, compared_to: int, signs: int) -> float:
    p = acos(cosine) / pi
    return sum(comb(signs, k) * p**k * (1 - p) ** (signs - k) for k in range(compared_to + 1, signs + 1))
