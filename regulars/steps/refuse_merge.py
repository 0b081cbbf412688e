"""A human says that two customers who were proposed as one person are two."""

from regulars.steps.change_hands import By, Draft
from regulars.store.corrections import Correction, keep_apart
from regulars.store.merge_proposals import MergeProposal, settle_proposals
from regulars.store.session import Connection
from regulars.store.templates import lock_gallery


def refuse_merge(connection: Connection, proposal: MergeProposal, *, by: By) -> Correction:
    """Close the tenant's open proposal and remember the two as two people; takes the gallery's lock."""
    lock_gallery(connection, by.scope_id)
    settle_proposals(connection, by.scope_id, "refused", by.actor, by.now, proposal_id=proposal.proposal_id)
    draft = Draft(by, "kept_apart", [proposal.one_id, proposal.other_id])
    draft.before["proposal"] = str(proposal.proposal_id)
    keep_apart(connection, by.scope_id, proposal.one_id, proposal.other_id, draft.correction_id, by.now)
    tenants = [by.tenancy.tenant_id] if by.tenancy.tenant_id else []
    return draft.finish(connection, ("customer", proposal.one_id), tenants)
