"""Issues of saved reports: each is files of one range of days, kept for months, and mailed to some once."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.saved import Format, file_key
from regulars.store.account_tables import users
from regulars.store.paging import Piece, Slice, Sorting, read_slice
from regulars.store.records import record_of
from regulars.store.saved_report_tables import report_issues, report_mails
from regulars.store.tenants import Language

_I, _M = report_issues.c, report_mails.c
_SORTING = Sorting(_I.issue_id, {"made_at": _I.made_at})


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: days from `first_day` to `last_day` of these sites (None: all), made at `made_at` (UTC)."""

    tenant_id: UUID
    issue_id: UUID
    saved_report_id: UUID
    first_day: date
    last_day: date
    site_ids: list[UUID] | None
    scheduled: bool
    formats: list[Format]
    language: Language
    made_at: datetime

    def key(self, form: Format) -> str:
        """Return where its file of this format lies in the object store."""
        return file_key(self.tenant_id, self.saved_report_id, self.issue_id, form)


@dataclass(frozen=True, slots=True)
class PendingMail:
    """An issue that has not been mailed to somebody yet."""

    issue: Issue
    user_id: UUID


def add_issue(connection: Connection, issue: Issue, mail_to: Collection[UUID]) -> bool:
    """Add an issue, to be mailed to these accounts; False when a scheduled one of the same days is there already."""
    added = insert(report_issues).values(**asdict(issue)).on_conflict_do_nothing().returning(_I.issue_id)
    if connection.execute(added).one_or_none() is None:
        return False
    rows = [{"tenant_id": issue.tenant_id, "issue_id": issue.issue_id, "user_id": one} for one in sorted(mail_to)]
    if rows:
        connection.execute(insert(report_mails), rows)
    return True


def find_issue(connection: Connection, tenant_id: UUID, saved_report_id: UUID, issue_id: UUID) -> Issue | None:
    """Return the issue, or None."""
    own = (_I.tenant_id == tenant_id, _I.saved_report_id == saved_report_id, _I.issue_id == issue_id)
    row = connection.execute(select(report_issues).where(*own)).mappings().one_or_none()
    return _issue_of(row) if row else None


def page_of_issues(connection: Connection, tenant_id: UUID, saved_report_id: UUID, piece: Piece) -> Slice[Issue]:
    """Return one page of the issues of a saved report, sorted by `made_at`."""
    wanted = select(report_issues).where(_I.tenant_id == tenant_id, _I.saved_report_id == saved_report_id)
    return read_slice(connection, wanted, _SORTING, piece, _issue_of)


def ranges_issued(connection: Connection, tenant_id: UUID, saved_report_id: UUID) -> set[Range]:
    """Return the days of every scheduled issue of a saved report."""
    own = (_I.tenant_id == tenant_id, _I.saved_report_id == saved_report_id, _I.scheduled)
    return {Range(*row) for row in connection.execute(select(_I.first_day, _I.last_day).where(*own))}


def remove_issues(connection: Connection, tenant_id: UUID, saved_report_id: UUID, ended_before: date) -> int:
    """Remove the issues of ranges that ended before a day; return how many. Their files are swept."""
    own = (_I.tenant_id == tenant_id, _I.saved_report_id == saved_report_id, _I.last_day < ended_before)
    return connection.execute(delete(report_issues).where(*own)).rowcount


def keys_of_issues(connection: Connection, tenant_id: UUID) -> set[str]:
    """Return where all files lie that a tenant's issues name."""
    rows = connection.execute(select(report_issues).where(_I.tenant_id == tenant_id)).mappings()
    return {issue.key(form) for issue in map(_issue_of, rows) for form in issue.formats}


def pending_mails(connection: Connection, tenant_id: UUID, made_since: datetime) -> list[PendingMail]:
    """Return what has not been mailed of the issues made since then (UTC), in order."""
    wanted = (
        select(report_issues, _M.user_id)
        .join(report_mails, (_M.tenant_id == _I.tenant_id) & (_M.issue_id == _I.issue_id))
        .where(_I.tenant_id == tenant_id, _M.mailed_at.is_(None), _I.made_at >= made_since)
        .order_by(_I.issue_id, _M.user_id)
    )
    return [PendingMail(_issue_of(row), row["user_id"]) for row in connection.execute(wanted).mappings()]


def hold_mail(connection: Connection, mail: PendingMail) -> str | None:
    """Take a mail in hand until this transaction ends; return its address, None when another has it or had it."""
    own = (_M.tenant_id == mail.issue.tenant_id, _M.issue_id == mail.issue.issue_id, _M.user_id == mail.user_id)
    held = select(_M.user_id).where(*own, _M.mailed_at.is_(None)).with_for_update(skip_locked=True)
    if connection.execute(held).one_or_none() is None:
        return None
    return connection.scalar(select(users.c.email).where(users.c.user_id == mail.user_id))


def note_mailed(connection: Connection, mail: PendingMail, now: datetime) -> None:
    """Note that it was sent."""
    own = (_M.tenant_id == mail.issue.tenant_id, _M.issue_id == mail.issue.issue_id, _M.user_id == mail.user_id)
    connection.execute(update(report_mails).where(*own).values(mailed_at=now))


def _issue_of(row: RowMapping) -> Issue:
    return record_of(Issue, row)
