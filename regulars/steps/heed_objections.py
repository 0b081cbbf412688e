"""Beside the search of recognize: is it somebody who objected, at this chain or in the network?"""

from collections.abc import Sequence

from regulars.domain.matching import Bars, Decision, Ranked
from regulars.domain.objections import decide_with_objectors
from regulars.store.templates import Gallery
from regulars.tenancy import Tenancy


def objector_galleries(pack: str, tenancy: Tenancy) -> list[Gallery]:
    """Return where those who objected are searched."""
    scopes = {one for one in (tenancy.tenant_id, tenancy.scope_id) if one is not None}
    return [Gallery(scope_id, "objector", pack) for scope_id in sorted(scopes)]


def heed_objections(
    objectors: Sequence[Sequence[Ranked]], bars: Bars, decision: Decision, others: Sequence[Ranked]
) -> Decision:
    """Return the decision as it stands beside who objected; `others` are the staff and customers it was made of."""
    found = [one for of_gallery in objectors for one in of_gallery]
    named = max((one.cosine for one in others if one.subject_id == decision.subject_id), default=-1.0)
    return decide_with_objectors(sorted(found, key=lambda one: -one.cosine), bars, decision, named)
