"""PUT /v1/auth/password and what to do without one: called by the portal."""

from fastapi import APIRouter, BackgroundTasks, Request, Response

from functions.gateway.auth import sessions
from functions.gateway.auth.caller import Person, refuse_foreign_pages
from functions.gateway.auth.links import mail_link, make_link
from functions.gateway.auth.origin import origin_of
from functions.gateway.auth.own_account import check_present_password
from functions.gateway.auth.passwords import check_new_password
from functions.gateway.auth.refusals import LinkUsedUp, WrongPassword
from functions.gateway.auth.schema import Forgotten, Me, PasswordByLink, PasswordChange, PasswordSet
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from regulars.store.one_time_links import use_link, void_links
from regulars.store.sessions import end_sessions
from regulars.store.users import find_user, find_user_by_email, set_password_hash
from regulars.tenancy import PLATFORM

router = APIRouter(prefix="/v1/auth/password", tags=["auth"])


@router.put("", responses=problem_responses(401, 403, WrongPassword, 422, 429, 503))
def change_password(parts: PartsDep, request: Request, response: Response, access: Person, given: PasswordChange) -> Me:
    """Choose another password; the account's other logins end."""
    user, now = check_present_password(parts, access, given.present), parts.clock()
    new = given.new.get_secret_value()
    check_new_password(new, user.email)
    if new == given.present.get_secret_value():
        raise WrongPassword("The new password is the present one; choose another.")
    password_hash = parts.passwords.hash(new)
    with parts.transaction(PLATFORM) as connection:
        set_password_hash(connection, user.user_id, password_hash)
        void_links(connection, user.user_id)
        end_sessions(connection, user.user_id, but=access.session_id)
        sessions.note(connection, user.tenant_id, user.user_id, "password.changed", "user", user.user_id, now)
    return sessions.go_on(parts, request, response, access)


@router.post("/forgotten", status_code=202, responses=problem_responses(403, 422, 429, 503))
def forget_password(parts: PartsDep, request: Request, later: BackgroundTasks, given: Forgotten) -> None:
    """Have a one-time link mailed, if there is such an account: the answer is the same for all addresses.

    Where this installation has no mail, nothing is sent: whoever manages the account's chain makes a link by hand.
    """
    refuse_foreign_pages(request)
    email = given.email.lower()
    parts.limits.count("reset_from_address", origin_of(request))
    parts.limits.count("reset_of_account", email)
    later.add_task(_mail_reset, parts, email)  # after the answer, so that its time tells nothing either


@router.post("/by-link", responses=problem_responses(403, LinkUsedUp, 422, 429, 503))
def set_password_by_link(parts: PartsDep, request: Request, given: PasswordByLink) -> PasswordSet:
    """Choose a password by a one-time link; all logins of the account end, and the link is used up."""
    refuse_foreign_pages(request)
    now = parts.clock()
    parts.limits.count("link_from_address", origin_of(request))
    new = given.new.get_secret_value()
    check_new_password(new, "")  # before the link is used up: a second try needs no second link
    password_hash = parts.passwords.hash(new)
    with parts.transaction(PLATFORM) as connection:
        used = use_link(connection, given.token.get_secret_value(), now)
        user = find_user(connection, used[0], lock=True) if used else None
        if used is None or user is None:
            raise LinkUsedUp("This link was used before, has run out, or never was one; ask for a new one.")
        check_new_password(new, user.email)  # refusing rolls the use of the link back
        set_password_hash(connection, user.user_id, password_hash)
        void_links(connection, user.user_id)
        end_sessions(connection, user.user_id)
        action = "invitation.accepted" if used[1] == "invitation" else "password.reset"
        sessions.note(connection, user.tenant_id, user.user_id, action, "user", user.user_id, now)
    # Whoever else guesses at the account must not keep its owner out, who has just shown to be that.
    parts.limits.forget("login_of_account", str(user.user_id))
    return PasswordSet(email=user.email)


def _mail_reset(parts: Parts, email: str) -> None:
    if parts.mail is None:
        return
    with parts.transaction(PLATFORM) as connection:
        user = find_user_by_email(connection, email)
        if user is None:
            return
        link = make_link(parts, connection, user, "reset", parts.clock())
    mail_link(parts, user, "reset", link)
