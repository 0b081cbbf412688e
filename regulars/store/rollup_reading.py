"""What PostgreSQL has of rolled-up days: which of them, in which version, and all of some as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from regulars.domain.presence import Passed
from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import Columns, Seconds
from regulars.domain.reports.local_time import Ints, day_number
from regulars.store.growing_column import GrowingColumn
from regulars.store.held_columns import HeldDays, VersionedDays
from regulars.store.rollup_tables import SHORT_SUMS, SUMS
from regulars.store.session import rows_as_they_come

_UNSETTLED = text("""
select x.site_id, x.day from dirty_days x
where x.tenant_id = :tenant_id and x.site_id = any(:sites)
    and x.day between cast(:first as date) - 1 and cast(:last as date) + 1
""")
_PRESENT = text("""
select s.site_id, d.*
from unnest(cast(:sites as uuid[])) as s (site_id) cross join lateral (
    select string_agg(int4send(r.day - date '1970-01-01') || xidsend(r.xmin) || timestamptz_send(r.rolled_up_at),
        cast('' as bytea)) as versions
    from (
        select r.day, r.xmin, r.rolled_up_at from rollup_days r
        where r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day between :first and :last order by r.day
    ) r
) d
where d.versions is not null
""").execution_options(binary=True)
# PostgreSQL lays some days of a site side by side: a client that does takes longer over thousands of small values than
# over all that is in them. Run by run, for then the index hands the days out in order; sorting would move all of it.
_READ = """
select s.site_id, d.*
from unnest(%(sites)s::uuid[], %(firsts)s::date[], %(lasts)s::date[]) as s (site_id, first, last)
cross join lateral generate_series(0, s.last - s.first, %(step)s) as p (begins)
cross join lateral (
    select string_agg(int4send(r.day - date '1970-01-01') || xidsend(r.xmin) || timestamptz_send(r.rolled_up_at),
        ''::bytea) as versions,
        string_agg(r.visitors, ''::bytea) as visitors, string_agg(r.dwells, ''::bytea) as dwells,
        string_agg(r.sums, ''::bytea) as sums
    from (
        select r.*, r.xmin from rollup_days r
        where r.tenant_id = %(tenant_id)s and r.site_id = s.site_id
            and r.day between s.first + p.begins and least(s.last, s.first + p.begins + %(step)s - 1)
        order by r.day
    ) r
) d
where d.versions is not null
"""
_SUMS = text("""
select s.site_id, string_agg(r.sums, cast('' as bytea) order by r.day desc) as sums, count(*) as days
from unnest(cast(:sites as uuid[]), cast(:firsts as date[]), cast(:lasts as date[])) as s (site_id, first, last)
join rollup_days r on r.tenant_id = :tenant_id and r.site_id = s.site_id and r.day between s.first and s.last
group by s.site_id
""").execution_options(binary=True)
_DAYS_AT_ONCE = 62
"""The visits of so many days of a site stay in the processor's cache on their way from PostgreSQL."""
_VERSION = np.dtype([("day", ">i4"), ("xmin", ">u4"), ("rolled_up_at", ">i8")])
"""PostgreSQL uses a transaction's number again after four billion others, and after a restore."""
Run: TypeAlias = tuple[UUID, Range]
"""A site and days of it."""


def unsettled_days(connection: Connection, tenant_id: UUID, sites: Sequence[UUID], span: Range) -> dict[UUID, Ints]:
    """Return the days of each site that have changed since they were rolled up, or lie beside one that has."""
    asked = {"tenant_id": tenant_id, "sites": list(sites), "first": span.first, "last": span.last}
    changed: dict[UUID, list[date]] = {}
    for site_id, day in connection.execute(_UNSETTLED, asked):
        changed.setdefault(site_id, []).append(day)
    return {
        site_id: np.array([day_number(day) + by for day in days for by in (-1, 0, 1)], dtype=np.int64)
        for site_id, days in changed.items()
    }


def days_present(
    connection: Connection, tenant_id: UUID, sites: Sequence[UUID], span: Range
) -> dict[UUID, VersionedDays]:
    """Return the days of the range that are rolled up, of each site that has one."""
    if not sites:
        return {}
    asked = {"tenant_id": tenant_id, "sites": list(sites), "first": span.first, "last": span.last}
    found = {row.site_id: np.frombuffer(row.versions, _VERSION) for row in connection.execute(_PRESENT, asked)}
    return {site_id: VersionedDays(version["day"].astype(np.int64), version) for site_id, version in found.items()}


def read_days(connection: Connection, tenant_id: UUID, runs: Sequence[Run]) -> HeldDays | None:
    """Return what PostgreSQL has of these days now, by the chain's numbers; None where it has nothing.

    No day may be in two runs. Raises DependencyAway.
    """
    if not runs:
        return None
    sites, spans = zip(*runs, strict=True)
    asked = {
        "tenant_id": tenant_id,
        "sites": list(sites),
        "firsts": [one.first for one in spans],
        "lasts": [one.last for one in spans],
        "step": _DAYS_AT_ONCE,
    }
    visits = _Visits(sum(-(-one.days // _DAYS_AT_ONCE) for one in spans))
    days = list[_Days]()
    for site_id, *columns in rows_as_they_come(connection, _READ, asked):
        days.append(_taken(site_id, columns, visits))
    return _all_of(days, visits) if days else None


def passed_by_site(connection: Connection, tenant_id: UUID, spans: Mapping[UUID, Range]) -> dict[UUID, list[Passed]]:
    """Return by site how many customers passed on each day of its range that is rolled up, the newest first.

    Sites without such a day are missing.
    """
    asked = {
        "tenant_id": tenant_id,
        "sites": list(spans),
        "firsts": [one.first for one in spans.values()],
        "lasts": [one.last for one in spans.values()],
    }
    found: dict[UUID, list[Passed]] = {}
    for site_id, sums, days in connection.execute(_SUMS, asked):
        passed = _sums(sums, days)["hours"][:, :2].sum(axis=2).tolist()
        found[site_id] = [Passed(came_in, went_out) for came_in, went_out in passed]
    return found


class _Visits:
    """Visits of so many pieces, more or less, one after another in memory that grows: as they come, so they stay."""

    def __init__(self, pieces: int) -> None:
        self.visitor, self.dwell_s = GrowingColumn(np.int32, pieces), GrowingColumn(np.int16, pieces)


@dataclass(frozen=True, slots=True)
class _Days:
    """Days of a site, each with its version and SUMS or SHORT_SUMS, all [d]."""

    site_id: UUID
    version: NDArray[Any]
    sums: NDArray[Any]


def _taken(site_id: UUID, columns: Sequence[bytes], visits: _Visits) -> _Days:
    """Put the visits of a row of _READ to the others, and return the rest of it."""
    versions, visitors, dwells, sums = columns
    version = np.frombuffer(versions, _VERSION)
    of_days = _Days(site_id, version, _sums(sums, version.size))
    visits.visitor.append(np.frombuffer(visitors, "<i4"))
    for dwell_s in _dwells(dwells, of_days.sums["visits"], of_days.sums["dwell_bytes"]):
        visits.dwell_s.append(dwell_s)
    return of_days


def _sums(sums: bytes, days: int) -> NDArray[Any]:
    """Return the sums of these days, in the form that is wide enough for all of them."""
    for kind in (SHORT_SUMS, SUMS):
        if len(sums) == days * kind.itemsize:
            return np.frombuffer(sums, kind)
    found, begins = np.empty(days, SUMS), 0
    for day in range(days):
        size_bytes = int.from_bytes(sums[begins : begins + 4], "little")
        kind = SHORT_SUMS if size_bytes == SHORT_SUMS.itemsize else SUMS
        found[day] = np.frombuffer(sums, kind, 1, begins)[0]
        begins += size_bytes
    return found


def _dwells(dwells: bytes, visits: NDArray[np.int32], size_bytes: NDArray[np.int32]) -> list[Seconds]:
    """Return how long these days' visits lasted, in one piece if two bytes could say it on each of the days."""
    if len(dwells) == 2 * visits.sum():
        return [np.frombuffer(dwells, "<i2")]
    kinds = np.where(size_bytes == 2 * visits, "<i2", "<i4").tolist()
    begins = (np.cumsum(size_bytes) - size_bytes).tolist()
    return [np.frombuffer(dwells, *one) for one in zip(kinds, visits.tolist(), begins, strict=True)]


def _all_of(days: Sequence[_Days], visits: _Visits) -> HeldDays:
    sites = sorted({one.site_id for one in days}, key=str)
    row = {site_id: place for place, site_id in enumerate(sites)}
    version = np.concatenate([one.version for one in days])
    size, alone = (np.concatenate([one.sums[name] for one in days]) for name in ("visits", "alone"))
    hours, tally = (np.concatenate([one.sums[name] for one in days], dtype=np.int32) for name in ("hours", "tally"))
    columns = Columns(
        sites=sites,
        site_row=np.repeat([row[one.site_id] for one in days], [one.version.size for one in days]),
        day=version["day"].astype(np.int64),
        edges=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(size, dtype=np.int64)]),
        visitor=visits.visitor.whole(),
        dwell_s=visits.dwell_s.whole(),
        tally=tally,
        hours=hours,
        alone=alone,
        people=None,
    )
    return HeldDays(columns, version)
