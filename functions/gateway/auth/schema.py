"""What logins, passwords, second factors and the pages that ask for them say to each other."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.gateway.auth.passwords import MAX_PASSWORD_LENGTH
from functions.gateway.auth.permissions import Action
from functions.gateway.auth.session_token import Stage
from functions.gateway.text import Printable, Secret
from regulars.store.sessions import Via
from regulars.store.users import Role

Email = Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"), Printable]
Password = Annotated[Secret, Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)]
Code = Annotated[str, Field(min_length=6, max_length=20, description="Of the authenticator, or a recovery code.")]
_NEW = "correct horse battery"


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(_Order):
    """E-mail and password; `code` once the answer was `second_factor_wanted`."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "a@b.vn", "password": _NEW}]})

    email: Annotated[str, Field(min_length=3, max_length=254), Printable]
    password: Password
    code: Code | None = None


class Me(BaseModel):
    """Who is logged in, what the role may do, and until when without renewing (UTC).

    `site_ids` names the only sites that a manager sees; null: all of the chain's. `stage` says what the login is good
    for: everything (`full`), or first choosing a `password`, or first setting up a `second_factor`.
    """

    user_id: UUID
    email: str
    role: Role
    tenant_id: UUID | None
    tenant_name: str | None
    site_ids: list[UUID] | None
    stage: Stage
    second_factor: bool
    actions: list[Action]
    expires_at: AwareDatetime


class OwnSession(BaseModel):
    """One place where the account is logged in: how, with which browser (as it names itself), since when (UTC)."""

    session_id: UUID
    via: Via
    device: str
    began_at: AwareDatetime
    renewed_at: AwareDatetime
    expires_at: AwareDatetime
    this_one: bool


class OwnSessions(BaseModel):
    """Where the account is logged in, the newest first."""

    items: list[OwnSession]


class PasswordChange(_Order):
    """The present password, and the one to have from now on."""

    present: Password
    new: Password


class Forgotten(_Order):
    """Whose password was forgotten."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "a@b.vn"}]})

    email: Email


class PasswordByLink(_Order):
    """The token of a one-time link, and the password to have from now on."""

    token: Annotated[Secret, Field(min_length=1, max_length=200)]
    new: Password


class PasswordSet(BaseModel):
    """Whose password was set: log in with it."""

    email: str


class PresentPassword(_Order):
    """The present password, so that an unattended screen is not enough."""

    present: Password


class PresentPasswordAndCode(PresentPassword):
    """The present password and a code of the second factor."""

    code: Code


class FactorCode(_Order):
    """A code of the authenticator that was just set up."""

    code: Code


class NewFactor(BaseModel):
    """What the authenticator is to scan or be told; shown once."""

    otpauth_uri: str
    secret: str


class RecoveryCodes(BaseModel):
    """Codes for a lost phone, each good once; shown once."""

    codes: list[str]
