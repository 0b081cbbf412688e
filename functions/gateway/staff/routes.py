"""/v1/staff: a chain's own people; called by the portal."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.customers.acting import putting_right
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag, TagWriter
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.rights.schema import Erasure, show_erasure
from functions.gateway.staff.schema import MemberChange, NewMember, StaffMember, StaffPage, StaffSort, show_member
from regulars.errors import InputRefused, LimitReached, NotFound
from regulars.ids import new_id
from regulars.steps.erase_member import erase_member
from regulars.store.bounded import refuse_one_too_many
from regulars.store.session import Connection, act_for
from regulars.store.staff import (
    ListedMember,
    Member,
    add_staff,
    change_member,
    find_member,
    page_of_staff,
    put_sites,
)
from regulars.store.tenants import find_site

router = APIRouter(prefix="/v1/staff", tags=["staff"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("staff.see")]
MayChange = Annotated[Caller, may("staff.change")]
_CAN_BE_FORGOTTEN = frozenset({"birth_year", "phone", "email", "customer_id"})


@router.get("", response_model=StaffPage, responses=AS_CSV)
def list_staff(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    q: Search | None = None,
    site_id: UUID | None = None,
    active: bool | None = None,
    sort: StaffSort = "created_at",
) -> Response:
    """List the chain's staff; a manager sees who works at the named sites."""
    return answer_list(
        parts,
        caller,
        asked,
        "staff",
        sort=sort,
        page=StaffPage,
        read=lambda connection, piece: page_of_staff(
            connection, caller.tenant_id, piece, q=q, site_id=site_id, active=active
        ),
        show=show_member,
    )


@router.post("", status_code=201, responses=problem_responses(404, LimitReached))
def create_staff_member(parts: PartsDep, caller: MayChange, new: NewMember, tag: Tag) -> StaffMember:
    """Add somebody; they are told from visitors once two good photographs of them are there."""
    given = new.model_dump(exclude={"site_ids"})
    member = Member(tenant_id=caller.tenant_id, staff_id=new_id(), created_at=parts.clock(), **given)
    with parts.transaction(caller.tenancy) as connection:
        refuse_one_too_many(connection, "staff", caller.tenancy, caller.tenancy)
        add_staff(connection, member)
        _put_sites(connection, caller, member.staff_id, new.site_ids)
        detail = {"fields": sorted(new.model_fields_set)}
        note_act(connection, caller, "staff.added", "staff", member.staff_id, parts.clock(), detail)
        return _told(tag, found_member(connection, caller, member.staff_id))


@router.get("/{staff_id}", responses=problem_responses(404))
def read_staff_member(parts: PartsDep, caller: MaySee, staff_id: UUID, tag: Tag) -> StaffMember:
    """Return one member."""
    with parts.transaction(caller.tenancy) as connection:
        return _told(tag, found_member(connection, caller, staff_id))


@router.patch("/{staff_id}", responses=problem_responses(404))
def change_staff_member(
    parts: PartsDep, caller: MayChange, staff_id: UUID, change: MemberChange, tag: IfMatch
) -> StaffMember:
    """Change a member; visits that were stay as they are."""
    given = {name: getattr(change, name) for name in change.model_fields_set - {"site_ids"}}
    given = {name: value for name, value in given.items() if value is not None or name in _CAN_BE_FORGOTTEN}
    with parts.transaction(caller.tenancy) as connection:
        before = found_member(connection, caller, staff_id, lock=True)
        tag.expect(before.member, before.site_ids)
        if given:
            change_member(connection, caller.tenant_id, staff_id, **given)
        if change.site_ids is not None:
            _put_sites(connection, caller, staff_id, change.site_ids)
        detail = {"fields": sorted(change.model_fields_set)}
        note_act(connection, caller, "staff.changed", "staff", staff_id, parts.clock(), detail)
        return _told(tag, found_member(connection, caller, staff_id))


@router.delete("/{staff_id}", responses=problem_responses(404))
def delete_staff_member(parts: PartsDep, caller: MayChange, staff_id: UUID, tag: IfMatch) -> Erasure:
    """Erase a member with photographs, pictures and all they were known by; answers the receipt.

    Sightings of them stay sightings of staff, and nobody knows whose. Who has left and may be kept is not `active`.
    """
    with putting_right(parts, caller) as (connection, by):
        act_for(connection, caller.tenancy)
        before = found_member(connection, caller, staff_id, lock=True)
        tag.expect(before.member, before.site_ids)
        act_for(connection, by.tenancy)
        return show_erasure(erase_member(connection, staff_id, by=by))


def found_member(connection: Connection, caller: Caller, staff_id: UUID, *, lock: bool = False) -> ListedMember:
    """Return the member whom the caller sees; raises NotFound."""
    found = find_member(connection, caller.tenant_id, staff_id, lock=lock)
    if found is None:
        raise NotFound("There is no such member of staff.")
    return found


def _put_sites(connection: Connection, caller: Caller, staff_id: UUID, site_ids: Collection[UUID]) -> None:
    """Of who works at none of a manager's sites the manager would see nothing any more: refused."""
    if caller.tenancy.site_ids is not None and not site_ids:
        raise InputRefused("no_site", "Name at least one of your sites as theirs; nothing was changed.")
    for site_id in site_ids:
        if find_site(connection, caller.tenant_id, site_id) is None:
            raise NotFound("There is no such site.")
    put_sites(connection, caller.tenant_id, staff_id, site_ids)


def _told(tag: TagWriter, listed: ListedMember) -> StaffMember:
    tag.put(listed.member, listed.site_ids)
    return show_member(listed)
