"""Rolled-up days between memory and PostgreSQL: written day by day, read as columns of whole sites."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import INSIDE, Columns
from regulars.domain.reports.local_time import day_number
from regulars.domain.reports.site_days import HOURLY, SiteDay
from regulars.store.rollup_tables import rollup_days

# PostgreSQL lays a site's days side by side: a client that does takes longer over thousands of small values than over
# all that is in them. Site by site, for then the index hands the days out in order; sorting would move all of it.
_READ = text("""
select s.site_id, d.*
from unnest(cast(:sites as uuid[])) as s (site_id) cross join lateral (
    select string_agg(int4send(r.day - date '1970-01-01'), cast('' as bytea)) as days,
        string_agg(int4send(octet_length(r.cells)), cast('' as bytea)) as sizes,
        string_agg(r.visitors, cast('' as bytea)) as visitors, string_agg(r.cells, cast('' as bytea)) as cells,
        string_agg(r.dwells, cast('' as bytea)) as dwells, string_agg(r.hours, cast('' as bytea)) as hours,
        string_agg(float8send(coalesce(r.inside_peak, -1)) || float8send(coalesce(r.inside_person_s, 0))
            || float8send(coalesce(r.inside_span_s, 0)) || float8send(coalesce(r.inside_unseen_in, 0))
            || float8send(coalesce(r.inside_left_over, 0)), cast('' as bytea)) as insides
    from (
        select * from rollup_days r
        where r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day between :first and :last
            and (:changed_too or not exists (select from dirty_days d where d.tenant_id = r.tenant_id
                and d.site_id = r.site_id and d.day between r.day - 1 and r.day + 1))
        order by r.day
    ) r
) d
where d.days is not null
""").execution_options(binary=True)


def rolled_columns(
    connection: Connection, tenant_id: UUID, sites: Sequence[UUID], span: Range, *, changed_too: bool = False
) -> Columns:
    """Return what is rolled up of these sites' days in the range, without those that have changed since."""
    asked: dict[str, object] = {"tenant_id": tenant_id, "sites": sorted(sites, key=str), "changed_too": changed_too}
    asked |= {"first": span.first, "last": span.last}
    rows = connection.execute(_READ, asked).all()
    sizes = [np.frombuffer(row.sizes, ">i4") for row in rows]
    return Columns(
        sites=[row.site_id for row in rows],
        site_row=np.repeat(np.arange(len(rows)), [one.size for one in sizes]),
        day=_column([row.days for row in rows], ">i4").astype(np.int64),
        edges=np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes])),
        visitor=_column([row.visitors for row in rows], "<i4"),
        cell=_column([row.cells for row in rows], "u1"),
        dwell_s=_column([row.dwells for row in rows], "<i4"),
        hours=_column([row.hours for row in rows], "<i4").reshape(-1, len(HOURLY), 24),
        insides=_column([row.insides for row in rows], ">f8").astype(np.float64).reshape(-1, len(INSIDE)),
    )


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


def _column(pieces: Sequence[bytes], kind: str) -> NDArray[Any]:
    return np.frombuffer(b"".join(pieces), dtype=kind)
