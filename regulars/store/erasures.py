"""The ledger of erasures: whom nothing may bring back, what is still to be done, and the receipt of what was done."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Connection, Text, bindparam, insert, select, update

from regulars.domain.erasure import digest_of
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.rights_tables import erasures

_E = erasures.c
_SORTING = Sorting(_E.erasure_id, {"asked_at": _E.asked_at})


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure, asked for at `asked_at` (UTC).

    Of a customer in the gallery they were known in; of a member of staff in the chain's own, whose scope is the chain.
    `whole`: the person is gone from the gallery; otherwise only from `tenant_id`, up to `asked_at`. `subjects` are
    digests (`regulars.domain.erasure`). `work` is what lies outside PostgreSQL and is still to be deleted, None once it
    is: {"templates": {pack: [id]}, "subjects": [id], "folders": [prefix]}. `receipt` is what was removed where, in
    numbers, and how it was verified.
    """

    scope_id: UUID
    erasure_id: UUID
    tenant_id: UUID | None
    whole: bool
    subjects: list[str]
    actor: str
    asked_at: datetime
    state: Literal["in_progress", "done"]
    work: dict[str, Any] | None
    receipt: dict[str, Any]
    finished_at: datetime | None = None

    @property
    def of_staff(self) -> bool:
        """Whether a member of staff was erased and no customer."""
        return "staff" in self.receipt["removed"]


def verified(where: str, remaining: int, actor: str, now: datetime) -> dict[str, Any]:
    """Return the line of a receipt that says: `actor` has looked through this place at `now` (UTC)."""
    return {"where": where, "remaining": remaining, "at": now.isoformat(), "by": actor}


def add_erasure(connection: Connection, erasure: Erasure) -> None:
    """Enter an erasure into the ledger."""
    connection.execute(insert(erasures).values(**asdict(erasure)))


def find_erasure(connection: Connection, erasure_id: UUID) -> Erasure | None:
    """Return the erasure, or None when there is none in the transaction's sight."""
    row = connection.execute(select(erasures).where(_E.erasure_id == erasure_id)).mappings().one_or_none()
    return Erasure(**row) if row else None


def erasures_of(connection: Connection, scope_id: UUID) -> list[Erasure]:
    """Return every erasure in this gallery, the oldest first."""
    wanted = select(erasures).where(_E.scope_id == scope_id).order_by(_E.asked_at, _E.erasure_id)
    return [Erasure(**row) for row in connection.execute(wanted).mappings()]


def page_of_erasures(connection: Connection, tenant_id: UUID, piece: Piece) -> Slice[Erasure]:
    """Return one page of the erasures that the tenant has asked for."""
    wanted = select(erasures).where(_E.tenant_id == tenant_id)
    return read_slice(connection, wanted, _SORTING, piece, partial(record_of, Erasure))


def erasures_in_progress(connection: Connection, scope_id: UUID) -> list[Erasure]:
    """Return what is not finished in this gallery, the oldest first."""
    wanted = select(erasures).where(_E.scope_id == scope_id, _E.state == "in_progress")
    return [Erasure(**row) for row in connection.execute(wanted.order_by(_E.asked_at)).mappings()]


def rewrite_erasure(connection: Connection, erasure: Erasure) -> None:
    """Replace what is still to be done and the receipt."""
    changed = {name: getattr(erasure, name) for name in ("state", "work", "receipt", "finished_at")}
    own = (_E.scope_id == erasure.scope_id, _E.erasure_id == erasure.erasure_id)
    connection.execute(update(erasures).where(*own).values(**changed))


def are_erased(connection: Connection, scope_id: UUID, customer_ids: Collection[UUID]) -> bool:
    """Return whether one of these customers was erased from the gallery as a whole."""
    digests = bindparam(None, [digest_of(one) for one in customer_ids], ARRAY(Text()))
    wanted = select(_E.erasure_id).where(_E.scope_id == scope_id, _E.whole, _E.subjects.overlap(digests))
    return connection.execute(wanted.limit(1)).one_or_none() is not None
