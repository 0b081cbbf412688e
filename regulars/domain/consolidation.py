"""Looking back at a gallery: which two customers are one person, and which look of a customer is somebody else's.

A person who was first seen in a way that is like nobody known, not even themselves, is enrolled twice. Later looks
bring the two together: their centroids are surer than any single picture was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import numpy as np

from regulars.domain.faces import FloatArray, mean_vector
from regulars.domain.matching import SMALLEST_GALLERY, Person, Thresholds
from regulars.domain.templates import MOST_TEMPLATES, Template, learn

MERGE_FACTOR = 0.5
"""Two customers are merged above the threshold of this share of the wanted FPIR: stricter than a match, since an error
would join two strangers' visits, and no later face would tell. `./run eval`, question quarter, counts both: 24 merges
in six orders, none of them wrong; from 1 on wrong ones begin."""
PROPOSE_FACTOR = 5.0
"""Above the threshold from which a single look would have stayed undetermined, a human is asked: of those pairs a good
half are one person (the same question)."""
APART_FACTOR = 100.0
"""Two looks of one customer below the threshold of this multiple of the wanted FPIR are of two people."""

Doubt = Literal["alike", "profiles_differ", "several_alike"]
WORDS: dict[Doubt, str] = {
    "alike": "They look alike, but not beyond doubt.",
    "profiles_differ": "They look like one person, but what was entered about the two differs.",
    "several_alike": "They look alike, and a third person looks like one of them as well.",
}


@dataclass(frozen=True, slots=True)
class PairBars:
    """What the likeness of two customers is held against."""

    merge_cosine: float
    propose_cosine: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers and how alike they are, -1 to 1."""

    one_id: UUID
    other_id: UUID
    cosine: float


@dataclass(frozen=True, slots=True)
class Sorted:
    """`merge`: beyond doubt, each customer in one pair at most. `propose`: for a human, with the reason."""

    merge: tuple[Pair, ...]
    propose: tuple[tuple[Pair, Doubt], ...]


def pair_bars(thresholds: Thresholds, wanted_fpir: float, people: int) -> PairBars:
    """Return the bars among `people` customers at the wanted false-positive identification rate."""
    size = max(people, SMALLEST_GALLERY)

    def at(factor: float) -> float:
        return thresholds.threshold_cosine(wanted_fpir * factor, size)

    return PairBars(at(MERGE_FACTOR), at(PROPOSE_FACTOR))


def likeness(one: Person, other: Person) -> float:
    """Return how alike two customers are, -1 to 1: the mean of their nearest templates' cosine and their centroids'.

    As in `matching.rank`: the nearest pair alone grows with the number of pairs, the centroids alone forget a look.
    """
    nearest = float((one.vectors @ other.vectors.T).max())
    return (nearest + float(mean_vector(one.vectors) @ mean_vector(other.vectors))) / 2


def sort_pairs(pairs: Iterable[Pair], bars: PairBars) -> Sorted:
    """Say what becomes of these pairs; of those beyond doubt the most alike first.

    A customer who is beyond doubt like two others is merged with the nearer one; the other pair is looked at again
    when the merged customer's templates are known.
    """
    taken: set[UUID] = set()
    merge: list[Pair] = []
    propose: list[tuple[Pair, Doubt]] = []
    for pair in sorted(pairs, key=lambda one: -one.cosine):
        if pair.cosine < bars.propose_cosine:
            break
        free = not taken & {pair.one_id, pair.other_id}
        if pair.cosine >= bars.merge_cosine and free:
            taken |= {pair.one_id, pair.other_id}
            merge.append(pair)
        else:
            propose.append((pair, "alike" if free else "several_alike"))
    return Sorted(tuple(merge), tuple(propose))


def templates_joined(kept: Sequence[Template], added: Sequence[Template]) -> set[UUID]:
    """Return the ids of the templates, of two customers' together, that stay: at most MOST_TEMPLATES.

    Each is taken as if it were learned now, so the oldest of `kept` never leaves.
    """
    held = list(kept)
    for one in added:
        learning = learn(one.vector, one.quality, held)
        if learning.replaces is not None:
            held = [other for other in held if other.template_id != learning.replaces]
        if learning.add:
            held.append(one)
    return {one.template_id for one in held[:MOST_TEMPLATES]}


def looks_of_another(templates: Sequence[Template], thresholds: Thresholds, wanted_fpir: float) -> set[UUID]:
    """Return the ids of a customer's templates, oldest first, that are of somebody else than the oldest; maybe none.

    Two groups grow from the oldest template and from the one least like it; each other one joins the group whose
    centroid is nearer. They are two people when the groups' centroids are no more alike than strangers are.
    """
    if len(templates) < 2:
        return set()
    vectors = np.stack([one.vector for one in templates])
    second = int((vectors @ vectors[0]).argmin())
    members = _two_groups(vectors, second)
    apart_cosine = thresholds.threshold_cosine(min(0.5, wanted_fpir * APART_FACTOR), SMALLEST_GALLERY)
    if float(mean_vector(vectors[~members]) @ mean_vector(vectors[members])) >= apart_cosine:
        return set()
    return {one.template_id for one, member in zip(templates, members, strict=True) if member}


def _two_groups(vectors: FloatArray, second: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return bool [k]: whether a row belongs to the group of row `second` and not to that of row 0."""
    members = vectors @ vectors[second] > vectors @ vectors[0]
    for _ in range(len(vectors)):
        members[0], members[second] = False, True
        again = vectors @ mean_vector(vectors[members]) > vectors @ mean_vector(vectors[~members])
        again[0], again[second] = False, True
        if (again == members).all():
            break
        members = again
    return members
