"""Third step of recognize: who in a gallery could it be. A search proposes, PostgreSQL's exact vectors decide.

Galleries of up to a million looks are searched in memory (`regulars.steps.held_galleries`), others by the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.domain.matching import Bars, Ranked, bars_for, rank
from regulars.errors import DependencyAway
from regulars.ports import VectorIndex
from regulars.steps.held_galleries import HeldGalleries, Looked
from regulars.steps.index_templates import collection_of
from regulars.steps.weigh_evidence import FacePack
from regulars.store.candidates import Candidates, Wanted, read_candidates
from regulars.store.session import Connection, Engine, transaction
from regulars.store.templates import Gallery, StateOfIndex, StoredTemplate, people_of, state_of_index, templates_of
from regulars.tenancy import Tenancy

HITS = 50
"""Templates that a search returns: at five a person, ten people at least."""
PEOPLE = 10
"""People whose exact vectors are compared; the eleventh is never known, nor the second best that matters."""
MOST_PENDING = 5000
"""With more templates missing from the index, comparing each one by one would hold the lock too long."""


class IndexLost(DependencyAway):
    """The index does not have what PostgreSQL says it has; it is being repaired."""

    code = "index_lost"


class Searches(Protocol):
    """What is asked, in this order: galleries held in memory, then the index."""

    @property
    def engine(self) -> Engine:
        """PostgreSQL."""
        ...

    @property
    def vectors(self) -> VectorIndex:
        """The index."""
        ...

    @property
    def held(self) -> HeldGalleries:
        """Galleries in memory."""
        ...

    def before_index(self) -> None:
        """Raise DependencyAway while the index may not be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed before the lock: `subjects` best first, complete up to `seq`, of `people` in the gallery.

    `unindexed_too`: complete but for what the index had not taken yet.
    """

    gallery: Gallery
    subjects: tuple[UUID, ...]
    seq: int
    people: int
    unindexed_too: bool


def propose(vector: FloatArray, galleries: Sequence[Gallery], tenancy: Tenancy, *, within: Searches) -> list[Proposal]:
    """Return for each gallery the people most like `vector` (float32 [d]).

    Raises IndexLost when the index finds nobody where PostgreSQL noted that it holds templates, DependencyAway when it
    has to be asked and does not answer or lacks too much.
    """
    with transaction(within.engine, tenancy) as connection:
        looked = within.held.look(connection, galleries, within.engine)
        states = [
            state_of_index(connection, gallery) if held is None else held
            for gallery, held in zip(galleries, looked, strict=True)
        ]
    return [
        _held(vector, gallery, state) if isinstance(state, Looked) else _indexed(vector, gallery, state, within)
        for gallery, state in zip(galleries, states, strict=True)
    ]


def ranked_people(connection: Connection, vector: FloatArray, proposals: Sequence[Proposal]) -> list[list[Ranked]]:
    """Return for each proposal the people most like `vector`, best first, by the vectors that this transaction sees.

    Beside the proposed ones these are the people with templates that the search may have missed.
    """
    wanted = [Wanted(one.gallery, one.subjects, one.seq, one.unindexed_too) for one in proposals]
    found = read_candidates(connection, wanted)
    return [_ranked(connection, vector, *one) for one in zip(proposals, found, strict=True)]


def bars_of(proposal: Proposal, pack: FacePack, wanted_fpir: float) -> Bars:
    """Return what a cosine is held against, at the gallery's present size."""
    return bars_for(pack.thresholds, wanted_fpir, proposal.people)


def _held(vector: FloatArray, gallery: Gallery, looked: Looked) -> Proposal:
    subjects = looked.looks.nearest(vector, HITS, PEOPLE) if looked.looks else ()
    return Proposal(gallery, tuple(subjects), looked.seq, looked.people, unindexed_too=False)


def _indexed(vector: FloatArray, gallery: Gallery, state: StateOfIndex, within: Searches) -> Proposal:
    if state.people == 0:
        return Proposal(gallery, (), state.watermark, 0, unindexed_too=True)
    within.before_index()
    if state.pending > MOST_PENDING:
        raise DependencyAway("The vector index is being rebuilt; nothing was decided, send it again in a minute.")
    hits = within.vectors.search(collection_of(gallery.pack), gallery.scope_id, gallery.kind, vector[None], HITS)[0]
    if not hits and state.indexed:
        raise IndexLost(
            "The vector index has lost its templates and is rebuilt now; nothing was decided, send it again."
        )
    subjects = tuple(dict.fromkeys(hit.subject_id for hit in hits))[:PEOPLE]
    return Proposal(gallery, subjects, state.watermark, state.people, unindexed_too=True)


def _ranked(connection: Connection, vector: FloatArray, proposal: Proposal, found: Candidates) -> list[Ranked]:
    missed = [one for one in _nearest(vector, found.missed) if one not in proposal.subjects]
    return rank(vector, people_of([*found.proposed, *templates_of(connection, proposal.gallery, missed)]))


def _nearest(vector: FloatArray, templates: Sequence[StoredTemplate]) -> list[UUID]:
    if not templates:
        return []
    cosines = np.stack([template.vector for template in templates]) @ vector
    by_likeness = [templates[int(row)].subject_id for row in np.argsort(-cosines)]
    return list(dict.fromkeys(by_likeness))[:PEOPLE]
