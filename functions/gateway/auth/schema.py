"""What login and its page say to each other."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr

from functions.gateway.auth.passwords import MAX_PASSWORD_LENGTH
from functions.gateway.auth.permissions import Action
from regulars.store.users import Role


class Login(BaseModel):
    """E-mail and password."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "a@b.vn", "password": "…"}]})

    email: Annotated[str, Field(min_length=3, max_length=254)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=MAX_PASSWORD_LENGTH)]


class Me(BaseModel):
    """Who is logged in, what the role may do, and until when without a further request (UTC).

    `site_ids` names the only sites that a manager sees; null: all of the chain's.
    """

    user_id: UUID
    email: str
    role: Role
    tenant_id: UUID | None
    tenant_name: str | None
    site_ids: list[UUID] | None
    actions: list[Action]
    expires_at: AwareDatetime
