"""Between the match and the visit: somebody who objected to being recognized is not, and is never enrolled."""

from collections.abc import Sequence

from regulars.domain.matching import Bars, Decision, Ranked


def decide_with_objectors(objectors: Sequence[Ranked], bars: Bars, decision: Decision, cosine: float) -> Decision:
    """Return the decision, or `objected` for who is like somebody who objected.

    Already the grey zone is like enough: to call a stranger undetermined costs one visit's status, to enrol somebody
    who objected breaks a promise. Known customers and staff stay who they are when they are more like themselves:
    `cosine` is how like the track is to whom the decision names.
    """
    if not objectors or objectors[0].cosine < bars.grey_cosine:
        return decision
    if decision.subject_id is not None and cosine > objectors[0].cosine:
        return decision
    return Decision("undetermined", "objected")
