"""What the routes of accounts take and tell: never a password, a second factor's secret or a hash."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.gateway.auth.schema import Email
from functions.gateway.auth.session_token import MOST_SITES
from functions.gateway.listing import Page
from regulars.store.users import Role
from regulars.store.users import User as StoredUser

SiteIds = Annotated[
    list[UUID], Field(max_length=MOST_SITES, description="The sites that a manager sees; of no other role.")
]
UserSort = Literal["created_at", "-created_at", "email", "-email"]


class Invitation(BaseModel):
    """Whom to invite as what. `tenant_id` is for the platform's operator, who makes a chain's first owner."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"email": "mai@example.com", "role": "analyst"}]},
    )

    email: Email
    role: Role
    site_ids: SiteIds = []
    tenant_id: UUID | None = None


class UserChange(BaseModel):
    """What should be different from now on; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "analyst"}]})

    role: Role | None = None
    site_ids: SiteIds | None = None


class User(BaseModel):
    """An account. `state`: `invited` until its owner has chosen a password. `site_ids` null: all of the chain's."""

    user_id: UUID
    tenant_id: UUID | None
    email: str
    role: Role
    site_ids: list[UUID] | None
    state: Literal["invited", "active"]
    second_factor: bool
    created_at: AwareDatetime


class UserPage(Page[User]):
    """Accounts, the oldest first unless asked otherwise."""


class InvitedUser(User):
    """The account, and the link to hand over to its owner: shown once, good once, for 7 days.

    `mailed` says whether it was sent to the account's address, too.
    """

    link: str
    mailed: bool


def show_user(user: StoredUser) -> User:
    """Return the account as it is told."""
    return User(
        user_id=user.user_id,
        tenant_id=user.tenant_id,
        email=user.email,
        role=user.role,
        site_ids=None if user.site_ids is None else sorted(user.site_ids),
        state="active" if user.password_hash else "invited",
        second_factor=user.second_factor,
        created_at=user.created_at,
    )
