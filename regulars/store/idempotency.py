"""Requests sent again: who runs a key now, and the answer of the one that was carried out; called by the gateway.

A key belongs to its caller for `KEPT`. Whoever claims it runs the request until `runs_until`; after that another may
claim it, and the first can no longer commit: `carry_out`, in the transaction of the change itself, finds it gone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.ids import new_id
from regulars.store.idempotency_tables import idempotency_keys

KEPT = timedelta(hours=24)
RUNS_AT_MOST = timedelta(minutes=1)
_K = idempotency_keys.c


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out the request of this key, once."""

    caller: str
    key_hash: bytes
    claim_id: UUID
    tenant_id: UUID | None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered; the body is sealed, for it may tell of people or hold a secret that is shown once."""

    status: int
    headers: dict[str, str]
    body_sealed: bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request of the key. `answer` is None while it runs, and for good when the answer was lost."""

    request_hash: bytes
    runs_until: datetime
    answer: KeptAnswer | None


def claim_key(
    connection: Connection, caller: str, tenant_id: UUID | None, key_hash: bytes, request_hash: bytes, now: datetime
) -> Claim | Earlier:
    """Claim the key for this request, or return the earlier one that holds it; `now` in UTC.

    One that ran too long without having changed anything has crashed: its claim passes on.
    """
    claim = Claim(caller, key_hash, new_id(), tenant_id)
    values = {
        "tenant_id": tenant_id,
        "claim_id": claim.claim_id,
        "request_hash": request_hash,
        "claimed_at": now,
        "runs_until": now + RUNS_AT_MOST,
        "carried_out": False,
        "status": None,
        "headers": None,
        "body_sealed": None,
    }
    crashed = and_(_K.request_hash == request_hash, _K.carried_out.is_(False), _K.runs_until <= now)
    # Locks the row that is there also when it stays as it is, so that it can be read afterwards.
    statement = (
        insert(idempotency_keys)
        .values(caller=caller, key_hash=key_hash, **values)
        .on_conflict_do_update(
            index_elements=[_K.caller, _K.key_hash],
            set_=values,
            where=or_(_K.claimed_at <= now - KEPT, crashed),
        )
        .returning(_K.claim_id)
    )
    if connection.execute(statement).one_or_none() is not None:
        return claim
    return _earlier(connection, claim)


def carry_out(connection: Connection, claim: Claim) -> bool:
    """Note that what this transaction changes is what was asked for; False: the claim has passed to another."""
    return connection.execute(update(idempotency_keys).where(_own(claim)).values(carried_out=True)).rowcount > 0


def keep_answer(connection: Connection, claim: Claim, answer: KeptAnswer) -> None:
    """Keep the answer for whoever asks again."""
    connection.execute(
        update(idempotency_keys)
        .where(_own(claim))
        .values(carried_out=True, status=answer.status, headers=answer.headers, body_sealed=answer.body_sealed)
    )


def lose_answer(connection: Connection, claim: Claim, now: datetime) -> None:
    """Note that the request was carried out and that its answer cannot be kept."""
    connection.execute(update(idempotency_keys).where(_own(claim)).values(carried_out=True, runs_until=now))


def free_key(connection: Connection, claim: Claim) -> None:
    """Forget the key of a request that was refused: it may be sent again, corrected or not."""
    connection.execute(delete(idempotency_keys).where(_own(claim)))


def purge_answers(connection: Connection, now: datetime) -> int:
    """Delete what is older than `KEPT`, in the transaction's sight; return how many there were."""
    return connection.execute(delete(idempotency_keys).where(_K.claimed_at <= now - KEPT)).rowcount


def _own(claim: Claim) -> ColumnElement[bool]:
    return and_(_K.caller == claim.caller, _K.key_hash == claim.key_hash, _K.claim_id == claim.claim_id)


def _earlier(connection: Connection, claim: Claim) -> Earlier:
    statement = select(idempotency_keys).where(_K.caller == claim.caller, _K.key_hash == claim.key_hash)
    row = connection.execute(statement).mappings().one()
    answer = None
    if row["status"] is not None:
        answer = KeptAnswer(row["status"], row["headers"], row["body_sealed"])
    return Earlier(row["request_hash"], row["runs_until"], answer)
