"""Routes that put right who is who: called by the portal, and by the page for 'not this person'."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.auth.caller import Caller, may
from functions.gateway.customers.acting import putting_right
from functions.gateway.customers.schema import (
    Correction,
    CorrectionPage,
    Look,
    LookPage,
    Merge,
    MergeProposalPage,
    ProposalAnswer,
    ProposalFaces,
    Split,
    StaffNamed,
    show_correction,
    show_proposal,
)
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.visits.pictures import kept_since, latest_face
from regulars.errors import NotFound
from regulars.steps.correct_visit import not_this_person as correct_visit
from regulars.steps.correct_visit import this_is_staff as correct_to_staff
from regulars.steps.merge_people import merge_people
from regulars.steps.refuse_merge import refuse_merge
from regulars.steps.split_person import split_by_looks, split_by_visits
from regulars.steps.undo_addition import undo_addition
from regulars.steps.undo_correction import undo_correction as undo
from regulars.store.corrections import page_of_corrections
from regulars.store.merge_proposals import find_proposal, page_of_proposals, settle_proposals
from regulars.store.reassigning import sightings_of_customers
from regulars.store.session import act_for
from regulars.store.template_changes import templates_of_customers
from regulars.wiring import pack_thresholds

router = APIRouter(prefix="/v1", tags=["customers"], responses=problem_responses(401, 403, 422, 503))
NOT_FOUND = problem_responses(404)
MaySee = Annotated[Caller, may("customers.see")]
MayCorrect = Annotated[Caller, may("customers.correct")]


@router.post("/visits/{visit_id}/not-this-person", responses=NOT_FOUND)
def not_this_person(parts: PartsDep, caller: MayCorrect, visit_id: UUID) -> Correction:
    """Take a visit from its customer: it becomes somebody new's when they can be known again, else undetermined."""
    with putting_right(parts, caller, visits=[visit_id]) as (connection, by):
        return show_correction(correct_visit(connection, visit_id, by=by))


@router.post("/visits/{visit_id}/this-is-staff", responses=NOT_FOUND)
def this_is_staff(parts: PartsDep, caller: MayCorrect, visit_id: UUID, who: StaffNamed) -> Correction:
    """Say that a visit was a staff member at work: it stops counting; undoing brings it back."""
    with putting_right(parts, caller, visits=[visit_id], staff=[who.staff_id]) as (connection, by):
        return show_correction(correct_to_staff(connection, visit_id, who.staff_id, by=by))


@router.post("/customers/{customer_id}/split", responses=NOT_FOUND)
def split_customer(parts: PartsDep, caller: MayCorrect, customer_id: UUID, how: Split) -> Correction:
    """Make two customers of one who is two."""
    with putting_right(parts, caller, customers=[customer_id], visits=how.visit_ids) as (connection, by):
        if how.visit_ids:
            return show_correction(split_by_visits(connection, customer_id, how.visit_ids, by=by))
        thresholds, fpir = pack_thresholds(parts.settings), parts.settings.wanted_fpir
        return show_correction(split_by_looks(connection, customer_id, thresholds, fpir, by=by))


@router.post("/customers/{customer_id}/merge", responses=NOT_FOUND)
def merge_customers(parts: PartsDep, caller: MayCorrect, customer_id: UUID, merge: Merge) -> Correction:
    """Make one customer of two who are one person and whom no other chain knows; the older one stays."""
    with putting_right(parts, caller, customers=[customer_id, merge.other_id]) as (connection, by):
        return show_correction(merge_people(connection, customer_id, merge.other_id, by=by))


@router.get("/customers/{customer_id}/looks", responses=NOT_FOUND)
def list_looks(parts: PartsDep, caller: MaySee, customer_id: UUID) -> LookPage:
    """List the looks that a customer is known by."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        held = templates_of_customers(connection, by.scope_id, [customer_id])
        act_for(connection, caller.tenancy)
        seen = sightings_of_customers(connection, caller.tenant_id, [customer_id])
    visits = {one.track_id: one.visit_id for one in seen}
    return LookPage(
        items=[
            Look(
                template_id=one.template_id,
                visit_id=visits.get(one.track_id) if one.track_id else None,
                learned_at=one.created_at,
            )
            for one in held
        ],
        next_cursor=None,
    )


@router.delete("/customers/{customer_id}/looks/{template_id}", responses=NOT_FOUND)
def undo_look(parts: PartsDep, caller: MayCorrect, customer_id: UUID, template_id: UUID) -> Correction:
    """Undo an addition: forget a look that was somebody else's; the visit it is from stays."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        return show_correction(undo_addition(connection, template_id, by=by, customer_id=customer_id))


@router.get("/merge-proposals", response_model=MergeProposalPage, responses=AS_CSV)
def list_merge_proposals(
    parts: PartsDep, caller: MaySee, asked: ListAsked, sort: Literal["created_at", "-created_at"] = "-created_at"
) -> Response:
    """List the pairs of customers who may be one person, for a human to decide."""
    return answer_list(
        parts,
        caller,
        asked,
        "merge-proposals",
        sort=sort,
        page=MergeProposalPage,
        read=lambda connection, piece: page_of_proposals(connection, caller.tenant_id, piece),
        show=show_proposal,
    )


@router.get("/merge-proposals/{proposal_id}/faces", responses=NOT_FOUND)
def read_proposal_faces(
    parts: PartsDep, caller: Annotated[Caller, may("faces.see")], proposal_id: UUID
) -> ProposalFaces:
    """Return links to the latest pictures of both, for some minutes; the audit log notes who looked."""
    with parts.transaction(caller.tenancy) as connection:
        since = kept_since(connection, parts, caller.tenant_id)
        proposal = find_proposal(connection, caller.tenant_id, proposal_id)
        if proposal is None:
            raise NotFound("There is no such open proposal.")
        one, other = (
            latest_face(connection, parts, caller, customer_id, since, "merge_decided")
            for customer_id in (proposal.one_id, proposal.other_id)
        )
    return ProposalFaces(one=one, other=other)


@router.post("/merge-proposals/{proposal_id}", responses=NOT_FOUND)
def answer_merge_proposal(parts: PartsDep, caller: MayCorrect, proposal_id: UUID, answer: ProposalAnswer) -> Correction:
    """Decide a proposal: merge the two, or remember that they are two people."""
    with putting_right(parts, caller, proposals=[proposal_id]) as (connection, by):
        proposal = find_proposal(connection, caller.tenant_id, proposal_id)
        if proposal is None or proposal.decision is not None:
            raise NotFound("There is no such open proposal.")
        if answer.decision == "refuse":
            return show_correction(refuse_merge(connection, proposal, by=by))
        settle_proposals(connection, by.scope_id, "merged", by.actor, by.now, proposal_id=proposal_id)
        return show_correction(merge_people(connection, proposal.one_id, proposal.other_id, by=by))


@router.get("/corrections", response_model=CorrectionPage, responses=AS_CSV)
def list_corrections(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    customer_id: UUID | None = None,
    sort: Literal["at", "-at"] = "-at",
) -> Response:
    """List what was put right about this chain's customers, by whomever."""
    return answer_list(
        parts,
        caller,
        asked,
        "corrections",
        sort=sort,
        page=CorrectionPage,
        read=lambda connection, piece: page_of_corrections(
            connection, caller.tenant_id, piece, customer_id=customer_id
        ),
        show=show_correction,
    )


@router.post("/corrections/{correction_id}/undo", responses=NOT_FOUND)
def undo_correction(parts: PartsDep, caller: MayCorrect, correction_id: UUID) -> Correction:
    """Undo a correction; of several about the same people the newest first."""
    with putting_right(parts, caller, corrections=[correction_id]) as (connection, by):
        return show_correction(undo(connection, correction_id, by=by))
