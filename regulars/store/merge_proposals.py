"""Merge proposals: two customers who may be one person, for a human to decide; in words, never with a score."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from regulars.domain.consolidation import Doubt
from regulars.ids import new_id
from regulars.store.correction_tables import merge_proposals
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of

ProposalDecision = Literal["merged", "refused", "outdated"]
_P = merge_proposals.c


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """`tenant_id` None: several tenants know the two."""

    scope_id: UUID
    proposal_id: UUID
    tenant_id: UUID | None
    one_id: UUID
    other_id: UUID
    reason: Doubt
    created_at: datetime
    decision: ProposalDecision | None
    decided_at: datetime | None
    decided_by: str | None


def propose_merge(
    connection: Connection,
    scope_id: UUID,
    tenant_id: UUID | None,
    pair: tuple[UUID, UUID],
    reason: Doubt,
    now: datetime,
) -> bool:
    """Add a proposal unless there was one for these two that is open or was refused; return whether it is new."""
    one_id, other_id = sorted(pair)
    same = (_P.scope_id == scope_id, _P.one_id == one_id, _P.other_id == other_id)
    there = select(_P.proposal_id).where(*same, or_(_P.decision.is_(None), _P.decision == "refused"))
    if connection.execute(there.limit(1)).one_or_none():
        return False
    values = {"scope_id": scope_id, "proposal_id": new_id(), "tenant_id": tenant_id, "created_at": now}
    connection.execute(insert(merge_proposals).values(**values, one_id=one_id, other_id=other_id, reason=reason))
    return True


PROPOSALS_BY = Sorting(_P.proposal_id, {"created_at": _P.created_at})


def page_of_proposals(connection: Connection, tenant_id: UUID, piece: Piece) -> Slice[MergeProposal]:
    """Return one page of the tenant's open proposals."""
    wanted = select(merge_proposals).where(_P.tenant_id == tenant_id, _P.decision.is_(None))
    return read_slice(connection, wanted, PROPOSALS_BY, piece, partial(record_of, MergeProposal))


def find_proposal(connection: Connection, tenant_id: UUID, proposal_id: UUID) -> MergeProposal | None:
    """Return the tenant's proposal, or None."""
    wanted = select(merge_proposals).where(_P.tenant_id == tenant_id, _P.proposal_id == proposal_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return MergeProposal(**row) if row else None


def reopen_proposal(connection: Connection, scope_id: UUID, proposal_id: UUID) -> None:
    """Let a human decide a proposal again."""
    own = (_P.scope_id == scope_id, _P.proposal_id == proposal_id)
    connection.execute(update(merge_proposals).where(*own).values(decision=None, decided_at=None, decided_by=None))


def settle_proposals(
    connection: Connection,
    scope_id: UUID,
    decision: ProposalDecision,
    actor: str,
    now: datetime,
    *,
    proposal_id: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """Close one proposal, or all open ones about a customer."""
    statement = update(merge_proposals).where(_P.scope_id == scope_id, _P.decision.is_(None))
    if proposal_id is not None:
        statement = statement.where(_P.proposal_id == proposal_id)
    if about is not None:
        statement = statement.where(or_(_P.one_id == about, _P.other_id == about))
    connection.execute(statement.values(decision=decision, decided_at=now, decided_by=actor))
