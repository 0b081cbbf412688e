"""Links that let an account choose a password once: of an invitation, and of a forgotten one; kept as a hash."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, delete, insert

from regulars.ids import new_id
from regulars.store.account_tables import one_time_links
from regulars.store.secret_tokens import mint, present

_KIND = "rl"
_L = one_time_links.c
Purpose = Literal["invitation", "reset"]


def add_link(
    connection: Connection, user_id: UUID, tenant_id: UUID | None, purpose: Purpose, expires_at: datetime
) -> str:
    """Return the token of a new link; the account's links from before are good no more."""
    void_links(connection, user_id)
    link_id = new_id()
    token, secret_hash = mint(_KIND, link_id)
    connection.execute(
        insert(one_time_links).values(
            link_id=link_id,
            tenant_id=tenant_id,
            user_id=user_id,
            purpose=purpose,
            secret_hash=secret_hash,
            expires_at=expires_at,
        )
    )
    return token


def use_link(connection: Connection, token: str, now: datetime) -> tuple[UUID, Purpose] | None:
    """Use the link up: return whose it is and what for, None when it is none, was used or has run out."""
    presented = present(_KIND, token)
    if presented is None:
        return None
    right = (_L.link_id == presented.row_id, _L.secret_hash == presented.secret_hash, _L.expires_at > now)
    row = connection.execute(delete(one_time_links).where(*right).returning(_L.user_id, _L.purpose)).one_or_none()
    return (row.user_id, row.purpose) if row else None


def void_links(connection: Connection, user_id: UUID) -> None:
    """Let no link of the account be good any more."""
    connection.execute(delete(one_time_links).where(_L.user_id == user_id))
