"""Beside the search of recognize: is it somebody who objected, at this chain or in the network?"""

from collections.abc import Sequence

from regulars.domain.faces import FloatArray
from regulars.domain.matching import Bars, Decision, Ranked
from regulars.domain.objections import decide_with_objectors
from regulars.ports import VectorIndex
from regulars.steps.search_gallery import Proposal, propose, ranked_people
from regulars.store.session import Connection, Engine
from regulars.store.templates import Gallery
from regulars.tenancy import Tenancy


def propose_objectors(
    vector: FloatArray, pack: str, tenancy: Tenancy, *, engine: Engine, vectors: VectorIndex
) -> tuple[Proposal, ...]:
    """Ask the index for the objectors most like `vector` (float32 [d]). Raises IndexLost, DependencyAway."""
    scopes = {one for one in (tenancy.tenant_id, tenancy.scope_id) if one is not None}
    galleries = [Gallery(scope_id, "objector", pack) for scope_id in sorted(scopes)]
    return tuple(propose(vector, gallery, tenancy, engine=engine, vectors=vectors) for gallery in galleries)


def heed_objections(
    connection: Connection,
    vector: FloatArray,
    objectors: Sequence[Proposal],
    bars: Bars,
    decision: Decision,
    others: Sequence[Ranked],
) -> Decision:
    """Return the decision as it stands beside who objected; `others` are the staff and customers it was made of."""
    found = [one for proposal in objectors for one in ranked_people(connection, vector, proposal)]
    named = max((one.cosine for one in others if one.subject_id == decision.subject_id), default=-1.0)
    return decide_with_objectors(sorted(found, key=lambda one: -one.cosine), bars, decision, named)
