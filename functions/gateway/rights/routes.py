"""Erasures and consents under /v1: called by the portal, for a person who asks."""

from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from functions.gateway.auth.caller import Caller, may
from functions.gateway.customers.acting import putting_right
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.rights.proof import refuse_unproven
from functions.gateway.rights.schema import (
    Consent,
    ConsentGiven,
    ConsentPage,
    ConsentSort,
    Erasure,
    ErasureOrder,
    ErasurePage,
    ErasureSort,
    Objection,
    ObjectionOrder,
    ObjectionPage,
    ObjectionSort,
    show_consent,
    show_entry,
    show_erasure,
    show_objection,
)
from regulars.errors import NotFound
from regulars.ids import new_id
from regulars.rendering.labels import Labels
from regulars.steps.erase_person import erase_person
from regulars.steps.object_to_recognition import object_to_recognition, withdraw_objection
from regulars.store.audit import AuditEntry, record
from regulars.store.consents import Consent as StoredConsent
from regulars.store.consents import add_consent, page_of_consents
from regulars.store.erasing import ids_of_person
from regulars.store.erasures import find_erasure, page_of_erasures
from regulars.store.objections import page_of_objections
from regulars.store.tenants import Language, find_tenant, list_sites

router = APIRouter(prefix="/v1", tags=["rights"], responses=problem_responses(401, 403, 422, 503))
NOT_FOUND = problem_responses(404)
_AS_PAGE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The receipt as JSON or as a page.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
MayErase = Annotated[Caller, may("customers.erase")]


@router.post("/customers/{customer_id}/erasure", status_code=201, responses=NOT_FOUND)
def erase_customer(parts: PartsDep, caller: MayErase, customer_id: UUID, order: ErasureOrder) -> Erasure:
    """Forget a customer: from now on nobody is matched with them; the receipt is complete when it is `done`."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        if order.proof is not None:
            refuse_unproven(parts.settings.secret_key, order.proof, caller.tenant_id, customer_id, by.now)
        return show_erasure(erase_person(connection, customer_id, by=by, whole=order.proof is not None))


@router.get("/erasures", response_model=ErasurePage, responses=AS_CSV)
def list_erasures(parts: PartsDep, caller: MayErase, asked: ListAsked, sort: ErasureSort = "-asked_at") -> Response:
    """List this chain's erasures."""
    return answer_list(
        parts,
        caller,
        asked,
        "erasures",
        sort=sort,
        page=ErasurePage,
        read=lambda connection, piece: page_of_erasures(connection, caller.tenant_id, piece),
        show=show_entry,
    )


@router.get("/erasures/{erasure_id}", response_model=Erasure, responses={**_AS_PAGE, **NOT_FOUND})
def read_erasure(
    parts: PartsDep,
    caller: MayErase,
    erasure_id: UUID,
    format: Annotated[Literal["json", "pdf"], Query(description="`pdf`: a page to be handed over.")] = "json",  # noqa: A002
    language: Annotated[Language | None, Query(description="Of the page; left out: the portal's.")] = None,
) -> Erasure | Response:
    """Return the receipt of an erasure."""
    with parts.transaction(caller.tenancy) as connection:
        found = find_erasure(connection, erasure_id)
        if found is None or found.tenant_id != caller.tenant_id:
            raise NotFound("There is no such erasure.")
        tenant, sites = find_tenant(connection, caller.tenant_id), list_sites(connection, caller.tenant_id)
    if format == "json" or tenant is None:
        return show_erasure(found)
    # What draws is loaded when something is drawn: few processes ever do.
    from regulars.rendering.receipt import write_receipt

    zone = ZoneInfo(sites[0].time_zone if sites else "UTC")
    page = write_receipt(tenant.name, found, Labels(language or tenant.language), zone, parts.clock())
    named = {"Content-Disposition": f'attachment; filename="erasure-{erasure_id}.pdf"'}
    return Response(page, media_type="application/pdf", headers=named)


@router.post("/customers/{customer_id}/objection", status_code=201, responses=NOT_FOUND)
def object_customer(parts: PartsDep, caller: MayErase, customer_id: UUID, order: ObjectionOrder) -> Objection:
    """Erase a customer who objects to being recognized, and never enrol them again."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        if order.proof is not None:
            refuse_unproven(parts.settings.secret_key, order.proof, caller.tenant_id, customer_id, by.now)
        whole = order.proof is not None
        objection, _ = object_to_recognition(connection, customer_id, order.how, by=by, whole=whole)
        return show_objection(objection)


@router.get("/objections", response_model=ObjectionPage, responses=AS_CSV)
def list_objections(parts: PartsDep, caller: MayErase, asked: ListAsked, sort: ObjectionSort = "-at") -> Response:
    """List the objections made at this chain; whose they are nobody knows any more."""
    return answer_list(
        parts,
        caller,
        asked,
        "objections",
        sort=sort,
        page=ObjectionPage,
        read=lambda connection, piece: page_of_objections(connection, caller.tenant_id, piece),
        show=show_objection,
    )


@router.delete("/objections/{objection_id}", status_code=204, responses=NOT_FOUND)
def delete_objection(parts: PartsDep, caller: MayErase, objection_id: UUID) -> None:
    """Forget an objection, and the looks that were kept to heed it."""
    with putting_right(parts, caller) as (connection, by):
        withdraw_objection(connection, objection_id, by=by)


@router.get("/customers/{customer_id}/consents", response_model=ConsentPage, responses={**AS_CSV, **NOT_FOUND})
def list_consents(
    parts: PartsDep,
    caller: Annotated[Caller, may("customers.see")],
    asked: ListAsked,
    customer_id: UUID,
    sort: ConsentSort = "-at",
) -> Response:
    """List what a customer has said to this chain."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        ids = ids_of_person(connection, by.scope_id, customer_id)
    return answer_list(
        parts,
        caller,
        asked,
        "consents",
        sort=sort,
        page=ConsentPage,
        read=lambda connection, piece: page_of_consents(connection, caller.tenant_id, ids, piece),
        show=show_consent,
    )


@router.post("/customers/{customer_id}/consents", status_code=201, responses=NOT_FOUND)
def add_customer_consent(
    parts: PartsDep, caller: Annotated[Caller, may("customers.change")], customer_id: UUID, said: ConsentGiven
) -> Consent:
    """Note that a customer has consented, or withdrawn it; what was said before stays."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        consent = StoredConsent(
            tenant_id=caller.tenant_id,
            consent_id=new_id(),
            customer_id=customer_id,
            actor=caller.actor,
            at=by.now,
            **said.model_dump(),
        )
        add_consent(connection, consent)
        detail = {"purpose": said.purpose, "given": said.given}
        subject = ("customer", str(customer_id))
        record(connection, AuditEntry(caller.tenant_id, by.actor, "consent.noted", *subject, detail, by.now))
    return show_consent(consent)
