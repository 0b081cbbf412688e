"""POST /v1/auth/second-factor…: an account's own authenticator; called by the portal."""

from fastapi import APIRouter, Request, Response

from functions.gateway.auth import second_factor, sessions
from functions.gateway.auth.caller import Person
from functions.gateway.auth.own_account import check_present_password, own_account
from functions.gateway.auth.refusals import AlreadyThere, SecondFactorWrong, WrongPassword
from functions.gateway.auth.schema import FactorCode, NewFactor, PresentPassword, PresentPasswordAndCode, RecoveryCodes
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from regulars.store.second_factors import remove_second_factor
from regulars.store.sessions import end_sessions
from regulars.tenancy import PLATFORM

router = APIRouter(prefix="/v1/auth/second-factor", tags=["auth"], responses=problem_responses(401, 403, 422, 429, 503))
WRONG = problem_responses(401, SecondFactorWrong, 403, WrongPassword)


@router.post("", responses=problem_responses(403, WrongPassword, AlreadyThere))
def begin_second_factor(parts: PartsDep, access: Person, given: PresentPassword) -> NewFactor:
    """Begin to set up an authenticator: it counts once a code of it was confirmed."""
    user = check_present_password(parts, access, given.present)
    secret, uri = second_factor.set_up(parts, user)
    return NewFactor(otpauth_uri=uri, secret=secret)


@router.post("/confirm", responses=problem_responses(401, SecondFactorWrong, 404))
def confirm_second_factor(
    parts: PartsDep, request: Request, response: Response, access: Person, given: FactorCode
) -> RecoveryCodes:
    """Confirm the authenticator by a code of it: from now on every login needs one, and other logins end."""
    user, now = own_account(parts, access), parts.clock()
    codes = second_factor.confirm(parts, user, given.code)
    with parts.transaction(PLATFORM) as connection:
        end_sessions(connection, user.user_id, but=access.session_id)
        sessions.note(connection, user.tenant_id, user.user_id, "second_factor.set_up", "user", user.user_id, now)
    sessions.go_on(parts, request, response, access)
    return RecoveryCodes(codes=codes)


@router.post("/recovery-codes", responses=WRONG)
def renew_recovery_codes(parts: PartsDep, access: Person, given: PresentPasswordAndCode) -> RecoveryCodes:
    """Make new recovery codes; those from before are good no more."""
    user = check_present_password(parts, access, given.present)
    second_factor.check_code(parts, user, given.code)
    with parts.transaction(PLATFORM) as connection:
        return RecoveryCodes(codes=second_factor.new_recovery_codes(connection, user))


@router.post("/remove", status_code=204, responses=WRONG)
def remove_own_second_factor(
    parts: PartsDep, request: Request, response: Response, access: Person, given: PresentPasswordAndCode
) -> None:
    """Remove the authenticator and its recovery codes; where one is required, the next step is to set up another."""
    user, now = check_present_password(parts, access, given.present), parts.clock()
    second_factor.check_code(parts, user, given.code)
    with parts.transaction(PLATFORM) as connection:
        remove_second_factor(connection, user.user_id)
        sessions.note(connection, user.tenant_id, user.user_id, "second_factor.removed", "user", user.user_id, now)
    sessions.go_on(parts, request, response, access)
