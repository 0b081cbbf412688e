"""Third step of recognize: who in a gallery could it be. Milvus proposes, PostgreSQL's exact vectors decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.domain.matching import Bars, Ranked, bars_for, rank
from regulars.errors import DependencyAway
from regulars.ports import VectorIndex
from regulars.steps.index_templates import collection_of
from regulars.steps.weigh_evidence import FacePack
from regulars.store.session import Connection, Engine, transaction
from regulars.store.templates import (
    Gallery,
    StateOfIndex,
    StoredTemplate,
    not_yet_found,
    people_of,
    state_of_index,
    templates_of,
)
from regulars.tenancy import Tenancy

HITS = 50
"""Templates asked of the index: at five a person, ten people at least."""
PEOPLE = 10
"""People whose exact vectors are compared; the eleventh is never known, nor the second best that matters."""
MOST_PENDING = 5000
"""With more templates missing from the index, comparing each one by one would hold the lock too long."""


class IndexLost(DependencyAway):
    """The index does not have what PostgreSQL says it has; it is being repaired."""

    code = "index_lost"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the index proposed before the lock: `subjects` best first, complete up to the state's watermark."""

    gallery: Gallery
    state: StateOfIndex
    subjects: tuple[UUID, ...]


def propose(
    vector: FloatArray, gallery: Gallery, tenancy: Tenancy, *, engine: Engine, vectors: VectorIndex
) -> Proposal:
    """Ask the index for the people most like `vector` (float32 [d]).

    Raises IndexLost when it finds nobody where PostgreSQL noted that it holds templates, DependencyAway when it does
    not answer or lacks too much.
    """
    with transaction(engine, tenancy) as connection:
        state = state_of_index(connection, gallery)
    if state.people == 0:
        return Proposal(gallery, state, ())
    if state.pending > MOST_PENDING:
        raise DependencyAway("The vector index is being rebuilt; nothing was decided, send it again in a minute.")
    hits = vectors.search(collection_of(gallery.pack), gallery.scope_id, gallery.kind, vector[None], HITS)[0]
    if not hits and state.indexed:
        raise IndexLost(
            "The vector index has lost its templates and is rebuilt now; nothing was decided, send it again."
        )
    return Proposal(gallery, state, tuple(dict.fromkeys(hit.subject_id for hit in hits))[:PEOPLE])


def ranked_people(
    connection: Connection, vector: FloatArray, proposal: Proposal, only: Iterable[UUID] | None = None
) -> list[Ranked]:
    """Return the people most like `vector`, best first, by their exact vectors as this transaction sees them.

    Beside the proposed ones these are the people with templates that the search may have missed. `only` leaves
    everybody else out.
    """
    missed = _nearest(vector, not_yet_found(connection, proposal.gallery, proposal.state.watermark))
    subjects = {*proposal.subjects, *missed}
    if only is not None:
        subjects &= set(only)
    return rank(vector, people_of(templates_of(connection, proposal.gallery, subjects)))


def bars_of(proposal: Proposal, pack: FacePack, wanted_fpir: float) -> Bars:
    """Return what a cosine is held against, at the gallery's present size."""
    return bars_for(pack.thresholds, wanted_fpir, proposal.state.people)


def _nearest(vector: FloatArray, templates: Sequence[StoredTemplate]) -> list[UUID]:
    if not templates:
        return []
    cosines = np.stack([template.vector for template in templates]) @ vector
    by_likeness = [templates[int(row)].subject_id for row in np.argsort(-cosines)]
    return list(dict.fromkeys(by_likeness))[:PEOPLE]
