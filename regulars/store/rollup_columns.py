"""Rolled-up days between memory and PostgreSQL: written day by day, read as columns of whole sites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import Columns, alone_numbers, fitting, numbered_alike, tallied, together
from regulars.domain.reports.local_time import Ints, day_number, day_of
from regulars.domain.reports.site_days import SiteDay
from regulars.store.held_columns import HeldColumns, HeldDays, merged
from regulars.store.rollup_reading import Run, days_present, read_days, unsettled_days
from regulars.store.rollup_tables import SHORT_SUMS, SUMS, rollup_days


def rolled_columns(
    connection: Connection,
    tenant_id: UUID,
    sites: Sequence[UUID],
    span: Range,
    *,
    held: HeldColumns,
) -> Columns:
    """Return what is rolled up of these sites' days in the range, without those that have changed since.

    What `held` has of it is not read again; what is read is held.
    """
    ordered = sorted(set(sites), key=str)
    unsettled = unsettled_days(connection, tenant_id, ordered, span)
    kept = {one: days for one in ordered if (days := held.get(tenant_id, one)) is not None}
    present = days_present(connection, tenant_id, list(kept), span)
    lacking = {site_id: days.new_to(kept[site_id]) for site_id, days in present.items()}
    unread = [(site_id, span) for site_id in ordered if site_id not in kept]
    fresh = read_days(connection, tenant_id, [*unread, *_runs(lacking)])
    left = [kept[site_id].without(days) for site_id, days in lacking.items()]
    alike = _numbered_alike([*left, *([fresh] if fresh else [])])
    parts: dict[UUID, list[HeldDays]] = {}
    for part in alike:
        for site_id in part.columns.sites:
            parts.setdefault(site_id, []).append(part.of(site_id))
    found: list[Columns] = []
    for site_id in sorted(parts, key=str):
        days = merged(parts[site_id])
        if days is not kept.get(site_id):
            held.put(tenant_id, site_id, days)
        wanted = present[site_id].day if site_id in present else days.columns.day
        if site_id in unsettled:
            wanted = wanted[~np.isin(wanted, unsettled[site_id])]
        if wanted.size:
            found.append(days.among(wanted))
    if len(alike) == 1 and not unsettled and fresh:
        return alike[0].columns
    return together(found)


def rolled_month(connection: Connection, tenant_id: UUID, sites: Sequence[UUID], month: Range) -> Columns:
    """Return what is rolled up of these sites' days, also of those that have changed since; not to be counted."""
    found = read_days(connection, tenant_id, [(one, month) for one in sorted(set(sites), key=str)])
    return found.columns if found else together([])


def _runs(lacking: Mapping[UUID, Ints]) -> list[Run]:
    """Return the days of each site in runs of days that lie beside one another."""
    return [
        (site_id, Range(day_of(run[0]), day_of(run[-1])))
        for site_id, days in lacking.items()
        for run in np.split(days, np.flatnonzero(np.diff(days) > 1) + 1)
        if run.size
    ]


def _numbered_alike(parts: Sequence[HeldDays]) -> list[HeldDays]:
    alike = numbered_alike([one.columns for one in parts])
    return [
        one if one.columns is columns else replace(one, columns=columns)
        for one, columns in zip(parts, alike, strict=True)
    ]


def write_days(connection: Connection, tenant_id: UUID, days: Iterable[SiteDay], now: datetime) -> None:
    """Write days, in the place of what was there for them."""
    rows = [
        {
            "tenant_id": tenant_id,
            "site_id": one.site_id,
            "day": one.day,
            "visitors": one.visits.visitor.astype("<i4").tobytes(),
            "dwells": (dwells := _low_byte_first(fitting(one.visits.dwell_s))),
            "sums": _sums(one, len(dwells)),
            "rolled_up_at": now,
        }
        for one in days
    ]
    if rows:
        statement = insert(rollup_days)
        keys = ["tenant_id", "site_id", "day"]
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), rows)


def _low_byte_first(numbers: NDArray[Any]) -> bytes:
    return numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()


def _sums(one: SiteDay, dwell_bytes: int) -> bytes:
    tally = tallied(one.visits.cell, np.array([0, one.visits.size]))[0]
    kind = SHORT_SUMS if max(one.hours.max(), tally.max()) < 2**16 else SUMS
    sums = (kind.itemsize, one.visits.size, dwell_bytes, alone_numbers(one), one.hours, tally)
    return np.array(sums, kind).tobytes()


def days_there(columns: Columns, site_id: UUID, span: Range) -> NDArray[np.bool_]:
    """Return for each day of the range whether the columns hold that day of the site."""
    there = np.zeros(span.days, dtype=bool)
    if site_id in columns.sites:
        there[columns.day[columns.site_row == columns.sites.index(site_id)] - day_number(span.first)] = True
    return there
