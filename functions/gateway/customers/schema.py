"""What the routes that put people right take and tell: never a vector, never a score."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.gateway.listing import Page
from functions.gateway.visits.pictures import FaceLink
from regulars.domain.consolidation import WORDS, Doubt
from regulars.store.corrections import Correction as StoredCorrection
from regulars.store.corrections import CorrectionKind
from regulars.store.merge_proposals import MergeProposal as StoredProposal


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Split(_Order):
    """Which visits are somebody else's: these, or (`by_looks`) those whose looks differ from the customer's oldest."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"by_looks": True}]})

    visit_ids: Annotated[list[UUID], Field(max_length=1000)] = []
    by_looks: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> "Split":
        if bool(self.visit_ids) == self.by_looks:
            raise PydanticCustomError("either_or", "give either visit_ids or by_looks")
        return self


class Merge(_Order):
    """The customer who is the same person."""

    other_id: UUID


class StaffNamed(_Order):
    """Which staff member it was."""

    staff_id: UUID


class ProposalFaces(BaseModel):
    """The latest pictures of the two, null where none is kept."""

    one: FaceLink | None
    other: FaceLink | None


class ProposalAnswer(_Order):
    """What a human says of a proposal: they are one person (`merge`), or two (`refuse`)."""

    decision: Literal["merge", "refuse"]


class Correction(BaseModel):
    """Something that was put right, at `at` (UTC). `made` is the customer whom a split or 'not this person' made."""

    correction_id: UUID
    kind: CorrectionKind
    customer_ids: list[UUID]
    made: UUID | None
    at: AwareDatetime
    undone_at: AwareDatetime | None


class CorrectionPage(Page[Correction]):
    """Corrections, the newest first unless asked otherwise."""


class Look(BaseModel):
    """A look that a customer is known by: which visit it is from, and when it was learned (UTC).

    `visit_id` null: it is from another chain's visit or from a photograph; such a look cannot be undone here.
    """

    template_id: UUID
    visit_id: UUID | None
    learned_at: AwareDatetime


class LookPage(Page[Look]):
    """A customer's looks, the oldest first; they are few, and always on one page."""


class MergeProposal(BaseModel):
    """Two customers who may be one person, why, and in `words`."""

    proposal_id: UUID
    one_id: UUID
    other_id: UUID
    reason: Doubt
    words: str
    created_at: AwareDatetime


class MergeProposalPage(Page[MergeProposal]):
    """Open proposals, the newest first unless asked otherwise."""


def show_correction(correction: StoredCorrection) -> Correction:
    """Return the correction as it is told."""
    made = correction.before.get("made")
    return Correction(
        correction_id=correction.correction_id,
        kind=correction.kind,
        customer_ids=correction.customer_ids,
        made=UUID(made) if made else None,
        at=correction.at,
        undone_at=correction.undone_at,
    )


def show_proposal(proposal: StoredProposal) -> MergeProposal:
    """Return the proposal as it is told."""
    return MergeProposal(
        proposal_id=proposal.proposal_id,
        one_id=proposal.one_id,
        other_id=proposal.other_id,
        reason=proposal.reason,
        words=WORDS[proposal.reason],
        created_at=proposal.created_at,
    )
