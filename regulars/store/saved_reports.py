"""Saved reports: a chain's named filters, when each is made by itself, and who is mailed it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Text, delete, func, insert, select, update

from regulars.domain.gender import Gender
from regulars.domain.reports.buckets import Bucket
from regulars.domain.reports.counted import HourBand
from regulars.domain.reports.saved import Format, Schedule
from regulars.store.paging import Piece, Slice, Sorting, mentions, read_slice
from regulars.store.records import record_of
from regulars.store.saved_report_tables import saved_report_recipients, saved_reports
from regulars.store.tenants import Language

_S, _R = saved_reports.c, saved_report_recipients.c
_SORTING = Sorting(_S.saved_report_id, {"name": func.plain_text(_S.name, type_=Text), "created_at": _S.created_at})
_RECIPIENTS = (
    select(func.array_agg(_R.user_id))
    .where(_R.tenant_id == _S.tenant_id, _R.saved_report_id == _S.saved_report_id)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class SavedReport:
    """One saved report; `site_ids` None: all of the chain's.

    Issues of it are made for ranges that end on the day of `scheduled_at` (UTC) or later, and kept for `keep_months`.
    """

    tenant_id: UUID
    saved_report_id: UUID
    name: str
    site_ids: list[UUID] | None
    bucket: Bucket
    hour_from: int | None
    hour_to: int | None
    gender: Gender | None
    schedule: Schedule
    scheduled_at: datetime
    formats: list[Format]
    language: Language
    keep_months: int
    created_at: datetime
    recipient_ids: frozenset[UUID] = frozenset()

    @property
    def band(self) -> HourBand | None:
        """The hours of the day that it is of."""
        if self.hour_from is None or self.hour_to is None:
            return None
        return HourBand(self.hour_from, self.hour_to % 24)


def add_saved_report(connection: Connection, report: SavedReport) -> None:
    """Add a saved report with its recipients."""
    values = {name: value for name, value in asdict(report).items() if name != "recipient_ids"}
    connection.execute(insert(saved_reports).values(**values))
    _add_recipients(connection, report.tenant_id, report.saved_report_id, report.recipient_ids)


def find_saved_report(
    connection: Connection, tenant_id: UUID, saved_report_id: UUID, *, lock: bool = False
) -> SavedReport | None:
    """Return the saved report, or None; with `lock` nobody else changes it before this transaction ends."""
    wanted = _all_of(tenant_id).where(_S.saved_report_id == saved_report_id)
    found = connection.execute(wanted.with_for_update(of=saved_reports) if lock else wanted)
    row = found.mappings().one_or_none()
    return _report_of(row) if row else None


def page_of_saved_reports(
    connection: Connection, tenant_id: UUID, piece: Piece, *, q: str | None = None, schedule: Schedule | None = None
) -> Slice[SavedReport]:
    """Return one page of the chain's saved reports; `q` is looked for in their names."""
    wanted = _all_of(tenant_id)
    if q is not None:
        wanted = wanted.where(mentions(q, _S.name))
    if schedule is not None:
        wanted = wanted.where(_S.schedule == schedule)
    return read_slice(connection, wanted, _SORTING, piece, _report_of)


def list_saved_reports(connection: Connection, tenant_id: UUID) -> list[SavedReport]:
    """Return all of them."""
    rows = connection.execute(_all_of(tenant_id).order_by(_S.saved_report_id)).mappings()
    return [_report_of(row) for row in rows]


def change_saved_report(
    connection: Connection, report: SavedReport, recipient_ids: Collection[UUID] | None, **values: Any
) -> None:
    """Set these columns, and with `recipient_ids` who is mailed it."""
    own = (_S.tenant_id == report.tenant_id, _S.saved_report_id == report.saved_report_id)
    if values:
        connection.execute(update(saved_reports).where(*own).values(**values))
    if recipient_ids is not None:
        mine = (_R.tenant_id == report.tenant_id, _R.saved_report_id == report.saved_report_id)
        connection.execute(delete(saved_report_recipients).where(*mine))
        _add_recipients(connection, report.tenant_id, report.saved_report_id, recipient_ids)


def remove_saved_report(connection: Connection, tenant_id: UUID, saved_report_id: UUID) -> None:
    """Remove it with its issues; their files are swept."""
    own = (_S.tenant_id == tenant_id, _S.saved_report_id == saved_report_id)
    connection.execute(delete(saved_reports).where(*own))


def _add_recipients(connection: Connection, tenant_id: UUID, saved_report_id: UUID, user_ids: Collection[UUID]) -> None:
    rows = [{"tenant_id": tenant_id, "saved_report_id": saved_report_id, "user_id": one} for one in sorted(user_ids)]
    if rows:
        connection.execute(insert(saved_report_recipients), rows)


def _all_of(tenant_id: UUID) -> Select[Any]:
    return select(saved_reports, _RECIPIENTS.label("recipient_ids")).where(_S.tenant_id == tenant_id)


def _report_of(row: RowMapping) -> SavedReport:
    return record_of(SavedReport, row, recipient_ids=frozenset(row["recipient_ids"] or ()))
