"""GET and PATCH /v1/customers: who they are, when they come, and their picture; called by the portal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from functions.gateway.auth.caller import Caller, may
from functions.gateway.customers.acting import putting_right
from functions.gateway.customers.profile_schema import (
    CustomerChange,
    CustomerDetail,
    CustomerPage,
    CustomerSort,
    UsualHour,
    VisitedSite,
    show_customer,
)
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.visits.pictures import FaceLink, kept_since, latest_face
from functions.gateway.visits.schema import UtcTime
from regulars.domain.gender import Gender
from regulars.errors import NotFound
from regulars.steps.change_profile import change_profile, hold_profile
from regulars.store.customer_list import CustomerFilter, ListedCustomer, one_customer, page_of_customers
from regulars.store.paging import Piece, Slice
from regulars.store.rhythm import sites_visited, usual_absence_days, usual_hours
from regulars.store.session import Connection, act_for

router = APIRouter(prefix="/v1", tags=["customers"], responses=problem_responses(401, 403, 422, 503))
_NO_CUSTOMER = "There is no such customer."


async def customer_filter(
    site_id: Annotated[UUID | None, Query(description="Was seen here.")] = None,
    since: Annotated[UtcTime | None, Query(alias="from", description="Was seen at or after this time.")] = None,
    until: Annotated[UtcTime | None, Query(alias="to", description="Was seen before this time.")] = None,
    new_since: Annotated[UtcTime | None, Query(alias="new_from", description="First came at or after it.")] = None,
    new_until: Annotated[UtcTime | None, Query(alias="new_to", description="First came before it.")] = None,
    gender: Gender | None = None,
    has_name: bool | None = None,
    q: Annotated[Search | None, Query(description="In the name, phone or handle.")] = None,
) -> CustomerFilter:
    """Return the filter that the query asks for."""
    return CustomerFilter(site_id, since, until, new_since, new_until, gender, has_name, q)


@router.get("/customers", response_model=CustomerPage, responses=AS_CSV)
def list_customers(
    parts: PartsDep,
    caller: Annotated[Caller, may("customers.see")],
    asked: ListAsked,
    wanted: Annotated[CustomerFilter, Depends(customer_filter)],
    sort: CustomerSort = "-last_visit_at",
) -> Response:
    """List the customers who visited the chain."""

    def read(connection: Connection, piece: Piece) -> Slice[ListedCustomer]:
        since = kept_since(connection, parts, caller.tenant_id)
        return page_of_customers(connection, caller.tenant_id, wanted, since, piece)

    return answer_list(
        parts,
        caller,
        asked,
        "customers",
        sort=sort,
        page=CustomerPage,
        read=read,
        show=show_customer,
    )


@router.get("/customers/{customer_id}", responses=problem_responses(404))
def read_customer(
    parts: PartsDep, caller: Annotated[Caller, may("customers.see")], tag: Tag, customer_id: UUID
) -> CustomerDetail:
    """Return one customer, with their rhythm."""
    with parts.transaction(caller.tenancy) as connection:
        since = kept_since(connection, parts, caller.tenant_id)
        return _read(connection, caller, since, tag, customer_id)


@router.patch("/customers/{customer_id}", responses=problem_responses(404, 412))
def change_customer(
    parts: PartsDep,
    caller: Annotated[Caller, may("customers.change")],
    tag: IfMatch,
    customer_id: UUID,
    change: CustomerChange,
) -> CustomerDetail:
    """Set what a human knows of a customer."""
    given = {name: getattr(change, name) for name in change.model_fields_set}
    if "gender" in given:
        given["gender"] = given["gender"] or "unknown"
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        since = kept_since(connection, parts, caller.tenant_id)
        before, note = hold_profile(connection, customer_id, by=by, gender_too="gender" in given)
        tag.expect(before.name, before.gender, before.birth_year, before.phone, note)
        change_profile(connection, customer_id, given, by=by)
        act_for(connection, caller.tenancy)
        return _read(connection, caller, since, tag, customer_id)


@router.get("/customers/{customer_id}/face", responses=problem_responses(404))
def read_customer_face(parts: PartsDep, caller: Annotated[Caller, may("faces.see")], customer_id: UUID) -> FaceLink:
    """Return a link to the customer's latest picture, for some minutes; the audit log notes who looked."""
    with parts.transaction(caller.tenancy) as connection:
        since = kept_since(connection, parts, caller.tenant_id)
        if one_customer(connection, caller.tenant_id, customer_id, since) is None:
            raise NotFound(_NO_CUSTOMER)
        link = latest_face(connection, parts, caller, customer_id, since, "customer_seen")
        if link is None:
            raise NotFound("No picture of this customer is kept.")
    return link


def _read(connection: Connection, caller: Caller, since: datetime, tag: Tag, customer_id: UUID) -> CustomerDetail:
    tenant_id = caller.tenant_id
    found = one_customer(connection, tenant_id, customer_id, since)
    if found is None:
        raise NotFound(_NO_CUSTOMER)
    _put_tag(tag, found)
    return CustomerDetail(
        **show_customer(found).model_dump(),
        note=found.note,
        usual_absence_days=usual_absence_days(connection, tenant_id, customer_id),
        hours=[
            UsualHour.model_validate(one, from_attributes=True)
            for one in usual_hours(connection, tenant_id, customer_id)
        ],
        sites=[
            VisitedSite.model_validate(one, from_attributes=True)
            for one in sites_visited(connection, tenant_id, customer_id)
        ],
    )


def _put_tag(tag: Tag, found: ListedCustomer) -> None:
    tag.put(found.name, found.gender_set, found.birth_year, found.phone, found.note)
