"""Consents: what a customer has said to one chain; never changed, who withdraws adds a row."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, insert, select

from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.rights_tables import consents

Purpose = Literal["recognition", "profile", "marketing"]
_C = consents.c
_SORTING = Sorting(_C.consent_id, {"at": _C.at})


@dataclass(frozen=True, slots=True)
class Consent:
    """Something that was said at `at` (UTC): `given` or withdrawn, `how` (on paper, at the desk), to which text."""

    tenant_id: UUID
    consent_id: UUID
    customer_id: UUID
    purpose: Purpose
    given: bool
    how: str
    text_version: str
    actor: str
    at: datetime


def add_consent(connection: Connection, consent: Consent) -> None:
    """Note what was said."""
    connection.execute(insert(consents).values(**asdict(consent)))


def consents_of(connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID]) -> list[Consent]:
    """Return all that a person, by all the ids that turned out to be theirs, has said to the chain, oldest first."""
    wanted = select(consents).where(_C.tenant_id == tenant_id, _C.customer_id.in_(list(customer_ids)))
    return [Consent(**row) for row in connection.execute(wanted.order_by(_C.at, _C.consent_id)).mappings()]


def page_of_consents(
    connection: Connection, tenant_id: UUID, customer_ids: Collection[UUID], piece: Piece
) -> Slice[Consent]:
    """Return one page of it."""
    wanted = select(consents).where(_C.tenant_id == tenant_id, _C.customer_id.in_(list(customer_ids)))
    return read_slice(connection, wanted, _SORTING, piece, partial(record_of, Consent))
