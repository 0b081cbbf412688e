"""GET, POST, PATCH, DELETE /v1/users: called by the portal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.auth.links import mail_link, make_link
from functions.gateway.auth.refusals import AlreadyThere, LastOne
from functions.gateway.errors import problem_responses
from functions.gateway.etag import ChangedMeanwhile, IfMatch, Tag
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.users.acting import allowed_as, checked_sites, keep_one, managed_user
from functions.gateway.users.schema import Invitation, InvitedUser, User, UserChange, UserPage, UserSort, show_user
from regulars.errors import InputRefused, LimitReached
from regulars.ids import new_id
from regulars.store import users
from regulars.store.bounded import refuse_one_too_many
from regulars.store.second_factors import remove_second_factor
from regulars.store.sessions import end_sessions
from regulars.store.users import Role
from regulars.tenancy import Tenancy

router = APIRouter(prefix="/v1/users", tags=["users"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("users.see")]
MayChange = Annotated[Caller, may("users.change")]
NOT_FOUND = problem_responses(404)


@router.get("", response_model=UserPage, responses=AS_CSV)
def list_users(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    q: Search | None = None,
    role: Role | None = None,
    sort: UserSort = "created_at",
) -> Response:
    """List the chain's accounts; the platform's operator sees the platform's own and every chain's owners."""
    own = caller.tenancy.tenant_id
    return answer_list(
        parts,
        caller,
        asked,
        "users",
        sort=sort,
        page=UserPage,
        read=lambda connection, piece: users.page_of_users(connection, own, piece, q=q, role=role),
        show=show_user,
    )


@router.post("", status_code=201, responses=problem_responses(404, AlreadyThere, LimitReached))
def create_user(parts: PartsDep, caller: MayChange, new: Invitation) -> InvitedUser:
    """Invite somebody: the link lets them choose a password."""
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        tenant_id = allowed_as(connection, caller, new.role, new.tenant_id)
        sites = checked_sites(connection, tenant_id, new.role, new.site_ids)
        refuse_one_too_many(connection, "accounts", Tenancy(tenant_id), caller.tenancy)
        user = users.User(new_id(), tenant_id, new.email, None, new.role, now, sites)
        if not users.add_user(connection, user):
            raise AlreadyThere("This e-mail address has an account already; nothing was changed.")
        link = make_link(parts, connection, user, "invitation", now)
        about = ("user", user.user_id, now, {"role": new.role})
        note_act(connection, caller, "user.invited", *about, tenant_id=user.tenant_id)
    return _invited(parts, user, link)


@router.get("/{user_id}", responses=NOT_FOUND)
def read_user(parts: PartsDep, caller: MaySee, user_id: UUID, tag: Tag) -> User:
    """Return one account."""
    with parts.transaction(caller.tenancy) as connection:
        return _tagged(managed_user(connection, caller, user_id), tag)


@router.patch("/{user_id}", responses=problem_responses(404, LastOne, ChangedMeanwhile))
def change_user(parts: PartsDep, caller: MayChange, user_id: UUID, change: UserChange, tag: IfMatch) -> User:
    """Give an account another role or other sites; it has them at its next renewal, after 10 min at most."""
    with parts.transaction(caller.tenancy) as connection:
        before = managed_user(connection, caller, user_id)
        tag.expect(before.role, sorted(before.site_ids or ()))
        role = change.role or before.role
        allowed_as(connection, caller, role, before.tenant_id)
        if role != before.role:
            keep_one(connection, before)
        given = sorted(before.site_ids or ()) if change.site_ids is None and role == "manager" else change.site_ids
        sites = checked_sites(connection, before.tenant_id, role, given or [])
        users.change_user(connection, before, role, sites)
        about = ("user", before.user_id, parts.clock(), {"fields": sorted(change.model_fields_set)})
        note_act(connection, caller, "user.changed", *about, tenant_id=before.tenant_id)
        return _tagged(managed_user(connection, caller, user_id), tag)


@router.delete("/{user_id}", status_code=204, responses=problem_responses(404, LastOne, ChangedMeanwhile))
def delete_user(parts: PartsDep, caller: MayChange, user_id: UUID, tag: IfMatch) -> None:
    """Remove an account: its logins end, and what it did stays in the audit log."""
    with parts.transaction(caller.tenancy) as connection:
        user = managed_user(connection, caller, user_id)
        tag.expect(user.role, sorted(user.site_ids or ()))
        keep_one(connection, user)
        users.remove_user(connection, user_id)
        about = ("user", user.user_id, parts.clock())
        note_act(connection, caller, "user.removed", *about, tenant_id=user.tenant_id)


@router.post("/{user_id}/link", status_code=201, responses=NOT_FOUND)
def create_user_link(parts: PartsDep, caller: MayChange, user_id: UUID) -> InvitedUser:
    """Make a new one-time link for an account: the invitation again, or a new password for who has forgotten it."""
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        user = managed_user(connection, caller, user_id)
        link = make_link(parts, connection, user, "reset" if user.password_hash else "invitation", now)
        about = ("user", user.user_id, now)
        note_act(connection, caller, "user.link_made", *about, tenant_id=user.tenant_id)
    return _invited(parts, user, link)


@router.delete("/{user_id}/second-factor", status_code=204, responses=NOT_FOUND)
def remove_second_factor_of_user(parts: PartsDep, caller: MayChange, user_id: UUID) -> None:
    """Remove the second factor of somebody who has lost phone and recovery codes; their logins end."""
    with parts.transaction(caller.tenancy) as connection:
        user = managed_user(connection, caller, user_id)
        if caller.access and caller.access.user_id == user_id:
            raise InputRefused("own_second_factor", "Your own is removed with its code: /v1/auth/second-factor/remove.")
        remove_second_factor(connection, user_id)
        end_sessions(connection, user_id)
        about = ("user", user.user_id, parts.clock())
        note_act(connection, caller, "second_factor.removed", *about, tenant_id=user.tenant_id)


def _invited(parts: Parts, user: users.User, link: str) -> InvitedUser:
    purpose = "reset" if user.password_hash else "invitation"
    return InvitedUser(**show_user(user).model_dump(), link=link, mailed=mail_link(parts, user, purpose, link))


def _tagged(user: users.User, tag: Tag) -> User:
    tag.put(user.role, sorted(user.site_ids or ()))
    return show_user(user)
