"""Rolled-up days between memory and PostgreSQL: written day by day, read as columns of whole sites."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Row, text
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import INSIDE, Columns, fitting, tallied, together
from regulars.domain.reports.local_time import Ints, day_number, day_of
from regulars.domain.reports.numbering import numbered
from regulars.domain.reports.site_days import HOURLY, SiteDay
from regulars.store.held_columns import HeldColumns, HeldDays, VersionedDays, merged
from regulars.store.rollup_tables import rollup_days

# PostgreSQL lays a site's days side by side: a client that does takes longer over thousands of small values than over
# all that is in them. Run by run, for then the index hands the days out in order; sorting would move all of it.
_PRESENT = text("""
select s.site_id, d.*, (
    select string_agg(int4send(x.day - date '1970-01-01'), cast('' as bytea)) from dirty_days x
    where x.tenant_id = :tenant_id and x.site_id = s.site_id
        and x.day between cast(:first as date) - 1 and cast(:last as date) + 1
) as changed
from unnest(cast(:sites as uuid[])) as s (site_id) cross join lateral (
    select string_agg(int4send(r.day - date '1970-01-01'), cast('' as bytea)) as days,
        string_agg(xidsend(r.xmin) || timestamptz_send(r.rolled_up_at), cast('' as bytea)) as versions
    from (
        select r.day, r.xmin, r.rolled_up_at from rollup_days r
        where r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day between :first and :last order by r.day
    ) r
) d
where d.days is not null
""").execution_options(binary=True)
_READ = text("""
select s.site_id, d.*
from unnest(cast(:sites as uuid[]), cast(:firsts as date[]), cast(:lasts as date[])) as s (site_id, first, last)
cross join lateral (
    select string_agg(int4send(r.day - date '1970-01-01'), cast('' as bytea)) as days,
        string_agg(xidsend(r.xmin) || timestamptz_send(r.rolled_up_at), cast('' as bytea)) as versions,
        string_agg(int4send(octet_length(r.cells)), cast('' as bytea)) as sizes,
        string_agg(r.visitors, cast('' as bytea)) as visitors, string_agg(r.cells, cast('' as bytea)) as cells,
        string_agg(r.dwells, cast('' as bytea)) as dwells, string_agg(r.hours, cast('' as bytea)) as hours,
        string_agg(float8send(coalesce(r.inside_peak, -1)) || float8send(coalesce(r.inside_person_s, 0))
            || float8send(coalesce(r.inside_span_s, 0)) || float8send(coalesce(r.inside_unseen_in, 0))
            || float8send(coalesce(r.inside_left_over, 0)), cast('' as bytea)) as insides
    from (
        select r.*, r.xmin from rollup_days r
        where r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day between s.first and s.last order by r.day
    ) r
) d
where d.days is not null
""").execution_options(binary=True)
_VERSION = np.dtype([("xmin", ">u4"), ("rolled_up_at", ">i8")])
"""PostgreSQL uses a transaction's number again after four billion others, and after a restore."""


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
    asked = {"tenant_id": tenant_id, "sites": sorted(sites, key=str), "first": span.first, "last": span.last}
    wanted: dict[UUID, VersionedDays] = {row.site_id: _present(row) for row in connection.execute(_PRESENT, asked)}
    there = {site_id: held.get(tenant_id, site_id) for site_id in wanted}
    lacking = {site_id: days.new_to(there[site_id]) for site_id, days in wanted.items()}
    fresh = _read(connection, tenant_id, lacking)
    found: list[Columns] = []
    for site_id, days in wanted.items():
        kept = there[site_id]
        if lacking[site_id].size:
            parts = [] if kept is None else [kept.without(lacking[site_id])]
            kept = merged([*parts, *fresh[site_id]]) if parts or fresh[site_id] else None
            if kept is not None:
                held.put(tenant_id, site_id, kept)
        if kept is not None and (asked_for := kept.among(days.day)).day.size:
            found.append(asked_for)
    return together(found, partial(held.numbering, tenant_id, [one.sites[0] for one in found]))


def rolled_month(connection: Connection, tenant_id: UUID, sites: Sequence[UUID], month: Range) -> Columns:
    """Return what is rolled up of these sites' days, also of those that have changed since."""
    asked = {"tenant_id": tenant_id, "sites": sorted(sites, key=str)}
    asked |= {"firsts": [month.first] * len(sites), "lasts": [month.last] * len(sites)}
    return together([_days_of_run(row).columns for row in connection.execute(_READ, asked)])


def _present(row: Row[Any]) -> VersionedDays:
    """Return the days that are rolled up, without those that have changed or lie beside one that has."""
    day = np.frombuffer(row.days, ">i4").astype(np.int64)
    version = np.frombuffer(row.versions, _VERSION)
    if row.changed is None:
        return VersionedDays(day, version)
    changed = np.frombuffer(row.changed, ">i4").astype(np.int64)
    holds = ~np.isin(day, np.concatenate([changed - 1, changed, changed + 1]))
    return VersionedDays(day[holds], version[holds])


def _read(connection: Connection, tenant_id: UUID, lacking: Mapping[UUID, Ints]) -> dict[UUID, list[HeldDays]]:
    """Return for each site what PostgreSQL has of these days now; each run of days is one part, without an overlap."""
    fresh: dict[UUID, list[HeldDays]] = {site_id: [] for site_id in lacking}
    runs = [
        (site_id, day_of(run[0]), day_of(run[-1]))
        for site_id, days in lacking.items()
        for run in np.split(days, np.flatnonzero(np.diff(days) > 1) + 1)
        if run.size
    ]
    if runs:
        sites, firsts, lasts = (list(column) for column in zip(*runs, strict=True))
        asked = {"tenant_id": tenant_id, "sites": sites, "firsts": firsts, "lasts": lasts}
        for row in connection.execute(_READ, asked):
            fresh[row.site_id].append(_days_of_run(row))
    return fresh


def _days_of_run(row: Row[Any]) -> HeldDays:
    sizes, cell = np.frombuffer(row.sizes, ">i4"), np.frombuffer(row.cells, np.uint8)
    edges = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), sizes]))
    visitor, people = numbered(np.frombuffer(row.visitors, "<i4"))
    columns = Columns(
        sites=[row.site_id],
        site_row=np.zeros(sizes.size, dtype=np.int64),
        day=np.frombuffer(row.days, ">i4").astype(np.int64),
        edges=edges,
        visitor=visitor,
        cell=cell,
        dwell_s=fitting(np.frombuffer(row.dwells, "<i4")),
        tally=tallied(cell, edges),
        hours=np.frombuffer(row.hours, "<i4").reshape(-1, len(HOURLY), 24),
        insides=np.frombuffer(row.insides, ">f8").astype(np.float64).reshape(-1, len(INSIDE)),
        people=people,
    )
    return HeldDays(columns, np.frombuffer(row.versions, _VERSION))


def write_days(connection: Connection, tenant_id: UUID, days: Iterable[SiteDay], now: datetime) -> None:
    """Write days, in the place of what was there for them."""
    rows = [
        {
            "tenant_id": tenant_id,
            "site_id": one.site_id,
            "day": one.day,
            "visitors": one.visits.visitor.astype("<i4").tobytes(),
            "cells": one.visits.cell.tobytes(),
            "dwells": one.visits.dwell_s.astype("<i4").tobytes(),
            "hours": one.hours.astype("<i4").tobytes(),
            "inside_peak": one.inside.peak if one.inside else None,
            "inside_person_s": one.inside.person_s if one.inside else None,
            "inside_span_s": one.inside.span_s if one.inside else None,
            "inside_unseen_in": one.inside.unseen_in if one.inside else None,
            "inside_left_over": one.inside.left_over if one.inside else None,
            "rolled_up_at": now,
        }
        for one in days
    ]
    if rows:
        statement = insert(rollup_days)
        keys = ["tenant_id", "site_id", "day"]
        fresh = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), rows)


def days_there(columns: Columns, site_id: UUID, span: Range) -> NDArray[np.bool_]:
    """Return for each day of the range whether the columns hold that day of the site."""
    there = np.zeros(span.days, dtype=bool)
    if site_id in columns.sites:
        there[columns.day[columns.site_row == columns.sites.index(site_id)] - day_number(span.first)] = True
    return there
