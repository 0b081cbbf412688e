"""The account behind a login, for the routes by which people change something of their own."""

from pydantic import SecretStr

from functions.gateway.auth.refusals import WrongPassword
from functions.gateway.auth.session_token import Access
from functions.gateway.parts import Parts
from regulars.errors import NotAuthenticated
from regulars.store.sessions import sessions_of
from regulars.store.users import User, find_user
from regulars.tenancy import PLATFORM


def own_account(parts: Parts, access: Access) -> User:
    """Return the account as it is now; raises NotAuthenticated when it, or this login of it, is gone."""
    with parts.transaction(PLATFORM) as connection:
        user = find_user(connection, access.user_id)
        living = sessions_of(connection, access.user_id, parts.clock())
    if user is None or access.session_id not in {one.session_id for one in living}:
        raise NotAuthenticated("This login is over; log in again.")
    return user


def check_present_password(parts: Parts, access: Access, password: SecretStr) -> User:
    """Return the account when this is its password; raises WrongPassword, TooManyAttempts, NotAuthenticated."""
    user = own_account(parts, access)
    parts.limits.count("password", str(user.user_id))
    if not parts.passwords.match(user.password_hash, password.get_secret_value()):
        raise WrongPassword("The present password is wrong; nothing was changed.")
    parts.limits.forget("password", str(user.user_id))
    return user
