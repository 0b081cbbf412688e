"""Who is logged in: one row per login, with the refresh token that is good now and those that were before."""

import hmac
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from regulars.domain.bounds import SESSIONS_OF_AN_ACCOUNT
from regulars.store.account_tables import sessions
from regulars.store.records import record_of
from regulars.store.secret_tokens import Presented, mint, present

_KIND = "rs"
_S = sessions.c
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
TWO_TABS = timedelta(seconds=10)
"""Within this, two tabs of one browser may both come with the token that one of them has just used up."""
Via = Literal["password", "oidc"]
Turn = Literal["renewed", "just_renewed", "stolen"]


@dataclass(frozen=True, slots=True)
class Session:
    """One login, and how it was made; it lives while it is renewed, to `LONGEST` at most. Times in UTC."""

    session_id: UUID
    tenant_id: UUID | None
    user_id: UUID
    via: Via
    device: str
    began_at: datetime
    renewed_at: datetime
    expires_at: datetime


def add_session(connection: Connection, session: Session) -> str:
    """Store a login and return its first refresh token; forget this account's that are over or one too many.

    With `SESSIONS_OF_AN_ACCOUNT` others alive the oldest end: who logs in by a script is not kept out, nor piles up.
    """
    over = (_S.user_id == session.user_id, _S.expires_at <= session.began_at)
    connection.execute(delete(sessions).where(*over))
    newest = select(_S.session_id).where(_S.user_id == session.user_id).order_by(_S.session_id.desc())
    beyond = newest.offset(SESSIONS_OF_AN_ACCOUNT - 1).scalar_subquery()
    connection.execute(delete(sessions).where(_S.session_id.in_(beyond)))
    token, secret_hash = mint(_KIND, session.session_id)
    connection.execute(insert(sessions).values(**asdict(session), secret_hash=secret_hash, used_hashes=[]))
    return token


def take_turn(connection: Connection, token: str, now: datetime) -> tuple[Session, Turn, str | None] | None:
    """Renew the session of this refresh token: return it, how that went, and the next token ("renewed").

    "just_renewed": another tab came first with the same token and has the next one. "stolen": the token was used up
    before that, so somebody else has had it; the session, and with it every token of the family, is ended. None: no
    token of ours, or of a session that is over. The row is locked.
    """
    presented = present(_KIND, token)
    if presented is None:
        return None
    wanted = select(sessions).where(_S.session_id == presented.row_id, _S.expires_at > now).with_for_update()
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    session = record_of(Session, row)
    if hmac.compare_digest(row["secret_hash"], presented.secret_hash):
        session = replace(session, renewed_at=now, expires_at=min(now + IDLE, session.began_at + LONGEST))
        return session, "renewed", _renew(connection, session, row)
    return _used_before(connection, session, row["used_hashes"], presented, now)


def session_of_token(connection: Connection, token: str) -> Session | None:
    """Return the session that a refresh token, used up or not, belongs to."""
    presented = present(_KIND, token)
    if presented is None:
        return None
    row = connection.execute(select(sessions).where(_S.session_id == presented.row_id)).mappings().one_or_none()
    known = [row["secret_hash"], *row["used_hashes"]] if row else []
    return record_of(Session, row) if row and presented.secret_hash in known else None


def sessions_of(connection: Connection, user_id: UUID, now: datetime) -> list[Session]:
    """Return the account's sessions that live, the newest first."""
    wanted = select(sessions).where(_S.user_id == user_id, _S.expires_at > now).order_by(_S.session_id.desc())
    return [record_of(Session, row) for row in connection.execute(wanted).mappings()]


def end_session(connection: Connection, user_id: UUID, session_id: UUID) -> bool:
    """End one session of the account; return False when it has no such one."""
    own = (_S.user_id == user_id, _S.session_id == session_id)
    return connection.execute(delete(sessions).where(*own)).rowcount > 0


def end_sessions(connection: Connection, user_id: UUID, *, but: UUID | None = None) -> None:
    """End all sessions of the account, but for this one."""
    connection.execute(delete(sessions).where(_S.user_id == user_id, _S.session_id.is_distinct_from(but)))


def _renew(connection: Connection, session: Session, row: RowMapping) -> str:
    token, secret_hash = mint(_KIND, session.session_id)
    values = asdict(session) | {"secret_hash": secret_hash, "used_hashes": [*row["used_hashes"], row["secret_hash"]]}
    connection.execute(update(sessions).where(_S.session_id == session.session_id).values(**values))
    return token


def _used_before(
    connection: Connection, session: Session, used: list[str], presented: Presented, now: datetime
) -> tuple[Session, Turn, None] | None:
    if presented.secret_hash not in used:
        return None
    if presented.secret_hash == used[-1] and now - session.renewed_at <= TWO_TABS:
        return session, "just_renewed", None
    end_session(connection, session.user_id, session.session_id)
    return session, "stolen", None
