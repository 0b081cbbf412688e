"""Under the open-set questions: a gallery in memory that is searched, decided about and taught as recognize does it.

What lies in PostgreSQL and Milvus there is one matrix here; candidates, ranking, decision and learning are the
product's own functions, so a figure measured here is a figure of the product.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from regulars.domain.consolidation import Pair, likeness, templates_joined
from regulars.domain.faces import FloatArray
from regulars.domain.matching import Bars, Decision, Person, Ranked, Thresholds, bars_for, decide, rank
from regulars.domain.templates import Template, learn
from regulars.ids import new_id
from regulars.steps.search_gallery import HITS, PEOPLE
from regulars.steps.weigh_evidence import Evidence

GROW_BY = 512


@dataclass
class Gallery:
    """The people of one scope: each has one to five templates. `thresholds` are the pack's."""

    thresholds: Thresholds
    wanted_fpir: float
    dimension: int
    _vectors: FloatArray = field(init=False)
    _of: list[UUID | None] = field(default_factory=list[UUID | None])
    """Row by row whose template it is; None once it has left."""
    _people: dict[UUID, dict[UUID, tuple[int, float]]] = field(
        default_factory=dict[UUID, dict[UUID, tuple[int, float]]]
    )
    """Person, template, and then its row and quality, oldest first."""

    def __post_init__(self) -> None:
        self._vectors = np.zeros((GROW_BY, self.dimension), np.float32)

    @property
    def people(self) -> int:
        """How many people are in it."""
        return len(self._people)

    def bars(self) -> Bars:
        """Return what a cosine is held against at the present size."""
        return bars_for(self.thresholds, self.wanted_fpir, self.people)

    def ranked(self, vector: FloatArray) -> list[Ranked]:
        """Return the people most like `vector` (float32 [d], length 1), as recognize finds them."""
        rows = len(self._of)
        if rows == 0:
            return []
        cosines = self._vectors[:rows] @ vector
        near = np.argpartition(-cosines, HITS)[:HITS] if rows > HITS else np.arange(rows)
        best_first = near[np.argsort(-cosines[near], kind="stable")].tolist()
        subjects = [self._of[int(row)] for row in best_first]
        found = list(dict.fromkeys(one for one in subjects if one is not None))[:PEOPLE]
        return rank(vector, [self.person(subject_id) for subject_id in found])

    def decide(self, evidence: Evidence, excluded: Collection[UUID] = ()) -> Decision:
        """Return who of this gallery a track shows."""
        if evidence.vector is None:
            return evidence.without_vector
        return decide(self.ranked(evidence.vector), excluded, self.bars(), may_enrol=evidence.may_enrol)

    def settle(self, evidence: Evidence, decision: Decision) -> UUID | None:
        """Make the person that a decision calls new, learn where it is sure; return the person, if any."""
        subject_id = new_id() if decision.outcome == "new" else decision.subject_id
        if subject_id is not None and evidence.vector is not None and (decision.outcome == "new" or decision.sure):
            self.learn(subject_id, evidence.vector, evidence.quality)
        return subject_id

    def learn(self, subject_id: UUID, vector: FloatArray, quality: float) -> None:
        """Give a person, known or not yet, this template if it says something new."""
        held = self._people.setdefault(subject_id, {})
        learning = learn(vector, quality, self.templates(subject_id))
        if learning.replaces is not None:
            row, _ = held.pop(learning.replaces)
            self._vectors[row], self._of[row] = 0, None
        if learning.add:
            held[new_id()] = (self._append(subject_id, vector), quality)

    def merge(self, kept_id: UUID, gone_id: UUID) -> None:
        """Make two people one, with the templates of both that say most."""
        kept, gone = self.templates(kept_id), self.templates(gone_id)
        staying = templates_joined(kept, gone)
        held = self._people[kept_id] | self._people.pop(gone_id)
        self._people[kept_id] = {one: told for one, told in held.items() if one in staying}
        for one, (row, _) in held.items():
            self._of[row] = kept_id if one in staying else None

    def templates(self, subject_id: UUID) -> list[Template]:
        """Return a person's templates, oldest first."""
        held = self._people[subject_id].items()
        return [Template(one, self._vectors[row], quality) for one, (row, quality) in held]

    def pairs(self, hits: int) -> list[Pair]:
        """Return each two people of whom one has a template among the `hits` nearest to a template of the other."""
        rows = [row for row, subject_id in enumerate(self._of) if subject_id is not None]
        cosines = self._vectors[rows] @ self._vectors[rows].T
        near: list[list[int]] = np.argsort(-cosines, axis=1, kind="stable")[:, :hits].tolist()
        owners = [self._of[row] for row in rows]
        found: dict[tuple[UUID, UUID], None] = {}
        for one, others in zip(owners, near, strict=True):
            for other in (owners[place] for place in others):
                if one is not None and other is not None and one != other:
                    found[min(one, other), max(one, other)] = None
        return [Pair(one, other, likeness(self.person(one), self.person(other))) for one, other in found]

    def put(self, subject_id: UUID, vectors: FloatArray) -> None:
        """Give a person exactly these templates, float32 [k, d], as an enrolment by hand does."""
        held = self._people.setdefault(subject_id, {})
        for vector in vectors:
            held[new_id()] = (self._append(subject_id, vector), 1.0)

    def person(self, subject_id: UUID) -> Person:
        """Return a person with all templates."""
        rows = [row for row, _ in self._people[subject_id].values()]
        return Person(subject_id, self._vectors[rows])

    def everyone(self) -> list[Person]:
        """Return all people, in the order in which they came."""
        return [self.person(subject_id) for subject_id in self._people]

    def _append(self, subject_id: UUID, vector: FloatArray) -> int:
        row = len(self._of)
        if row == len(self._vectors):
            self._vectors = np.vstack([self._vectors, np.zeros((max(GROW_BY, row), self.dimension), np.float32)])
        self._vectors[row] = vector
        self._of.append(subject_id)
        return row
