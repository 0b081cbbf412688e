"""Corrections: what was put right about who is who, with what it takes to undo it; ids only, no face and no score."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Text, cast, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH
from sqlalchemy.dialects.postgresql import insert as upsert

from regulars.store.correction_tables import corrections, dirty_days, kept_apart
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of

CorrectionKind = Literal["merged", "split", "not_this_person", "addition_undone", "kept_apart", "was_staff"]
DayReason = CorrectionKind | Literal["gender_set", "erased"]
_C = corrections.c
_K = kept_apart.c


@dataclass(frozen=True, slots=True)
class Correction:
    """One act, at `at` (UTC), on the people `customer_ids`.

    `tenant_id` None: it touched the visits of several tenants. `before` is JSON: by tenant the sightings with whose
    they were, the templates that were added, and what else its kind must bring back.
    """

    scope_id: UUID
    correction_id: UUID
    tenant_id: UUID | None
    kind: CorrectionKind
    customer_ids: list[UUID]
    before: dict[str, Any]
    actor: str
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


def add_correction(connection: Connection, correction: Correction) -> None:
    """Note what was done."""
    connection.execute(insert(corrections).values(**asdict(correction)))


def find_correction(connection: Connection, correction_id: UUID) -> Correction | None:
    """Return the correction, or None when there is none in the transaction's sight."""
    row = connection.execute(select(corrections).where(_C.correction_id == correction_id)).mappings().one_or_none()
    return Correction(**row) if row else None


CORRECTIONS_BY = Sorting(_C.correction_id, {"at": _C.at})


def page_of_corrections(
    connection: Connection, tenant_id: UUID, piece: Piece, *, customer_id: UUID | None = None
) -> Slice[Correction]:
    """Return one page of the tenant's own corrections, of all or of those that touched a customer."""
    wanted = select(corrections).where(_C.tenant_id == tenant_id)
    if customer_id is not None:
        wanted = wanted.where(_C.customer_ids.contains([customer_id]))
    return read_slice(connection, wanted, CORRECTIONS_BY, piece, partial(record_of, Correction))


def corrections_of_tracks(connection: Connection, tenant_id: UUID, track_ids: Collection[UUID]) -> list[Correction]:
    """Return the tenant's own corrections that gave any of these tracks to somebody else, the newest first."""
    tracks = func.jsonb_path_query_array(_C.before, cast("$.sightings.*[*][0]", JSONPATH), type_=JSONB)
    touched = tracks.has_any(cast([str(one) for one in track_ids], ARRAY(Text)))
    wanted = select(corrections).where(_C.tenant_id == tenant_id, touched).order_by(_C.correction_id.desc())
    return [record_of(Correction, row) for row in connection.execute(wanted).mappings()]


def stands_below_another(connection: Connection, correction: Correction) -> bool:
    """Return whether a later correction of the same people stands, so that it would have to be undone first."""
    later = select(_C.correction_id).where(
        _C.scope_id == correction.scope_id,
        _C.correction_id > correction.correction_id,
        _C.undone_at.is_(None),
        _C.customer_ids.overlap(correction.customer_ids),
    )
    return connection.execute(later.limit(1)).one_or_none() is not None


def mark_undone(connection: Connection, correction: Correction, actor: str, now: datetime) -> None:
    """Note who undid it."""
    own = (_C.scope_id == correction.scope_id, _C.correction_id == correction.correction_id)
    connection.execute(update(corrections).where(*own).values(undone_at=now, undone_by=actor))


def keep_apart(
    connection: Connection, scope_id: UUID, one_id: UUID, other_id: UUID, correction_id: UUID, now: datetime
) -> None:
    """Remember that two customers are two people, so that nothing ever merges them by itself."""
    low, high = sorted((one_id, other_id))
    values = {"scope_id": scope_id, "one_id": low, "other_id": high, "correction_id": correction_id, "at": now}
    connection.execute(upsert(kept_apart).values(**values).on_conflict_do_nothing())


def let_together(connection: Connection, scope_id: UUID, correction_id: UUID) -> None:
    """Forget what a correction had kept apart."""
    connection.execute(delete(kept_apart).where(_K.scope_id == scope_id, _K.correction_id == correction_id))


def apart_from(connection: Connection, scope_id: UUID, customer_id: UUID) -> set[UUID]:
    """Return the customers who are known to be somebody else than this one."""
    rows = connection.execute(
        select(_K.one_id, _K.other_id).where(
            _K.scope_id == scope_id, (_K.one_id == customer_id) | (_K.other_id == customer_id)
        )
    )
    return {one if other == customer_id else other for one, other in rows}


def mark_dirty(
    connection: Connection, tenant_id: UUID, site_id: UUID, day: date, reason: DayReason, now: datetime
) -> None:
    """Note that what was counted of a site's day (by its own calendar) has changed, so that sums are made again."""
    values = {"tenant_id": tenant_id, "site_id": site_id, "day": day, "reason": reason, "at": now}
    keys, newest = ["tenant_id", "site_id", "day"], {"reason": reason, "at": now}
    connection.execute(upsert(dirty_days).values(**values).on_conflict_do_update(index_elements=keys, set_=newest))
