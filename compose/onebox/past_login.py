"""How the demo's chain with a past is looked at, and whether it is there."""

from dataclasses import dataclass

from compose.onebox.place import Place
from regulars.store.session import Engine, transaction
from regulars.store.users import find_user_by_email
from regulars.tenancy import PLATFORM

EMAIL = "past@example.com"


@dataclass(frozen=True, slots=True)
class PastLogin:
    """Its owner's account."""

    email: str
    password: str


def login(place: Place) -> PastLogin:
    """Return the login of its owner, the same at every start, whether or not it is made yet."""
    return PastLogin(EMAIL, place.secret("past-owner-password")[:16])


def is_made(engine: Engine) -> bool:
    """Say whether it is there, all of it: its owner's account is made last. Raises DependencyAway."""
    with transaction(engine, PLATFORM) as connection:
        return find_user_by_email(connection, EMAIL) is not None
