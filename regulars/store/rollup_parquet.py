"""Rolled-up days as Parquet files, written by DuckDB."""

from pathlib import Path
from typing import Any

import numpy as np

from regulars.domain.reports.columns import Columns
from regulars.domain.reports.site_days import GENDERS, HOURLY, STATUSES
from regulars.store.attaching import duck_of_process

_LATEST = np.iinfo(np.int32).max
# The lowest level of zstd takes a fifth of the time and makes files of the same size.
_PARQUET = "(format parquet, compression zstd, compression_level 1)"
_VISITS_PARQUET = """
copy (
    select $sites[site] as site_id, date '1970-01-01' + day as day, hour, nullif(visitor, 0) as visitor,
        $statuses[status + 1] as status, $genders[gender + 1] as gender,
        cast(nullif(dwell_s, -1) as integer) as dwell_s
    from visit_columns
) to '{path}' {parquet}
"""
_HOURS_PARQUET = """
copy (
    select site_id, date '1970-01-01' + cast(day as integer) as day, cast(hour as utinyint) as hour, {columns}
    from hour_columns order by day, hour
) to '{path}' {parquet}
"""


def write_visits(days: Columns, path: Path) -> None:
    """Write the visits of these days, one row each, as a Parquet file."""
    sizes, cell = np.diff(days.edges), days.cells
    kind = cell // np.uint8(24)
    day, hour = np.repeat(days.day.astype(np.int32), sizes), cell - kind * np.uint8(24)
    # By day and hour: numbers of two bytes numpy puts in order in one pass.
    order = np.argsort(((day - day.min(initial=_LATEST)) * 24 + hour).astype(np.uint16), kind="stable")
    site = (days.site_row + 1).astype(np.min_scalar_type(len(days.sites)))
    # Each in its order before the next is made, and small: of a month there are many.
    columns: dict[str, Any] = {
        "site": np.repeat(site, sizes)[order],
        "day": day[order],
        "hour": hour[order],
        "visitor": days.visitor_of_chain[order],
        "status": (kind // np.uint8(len(GENDERS)))[order],
        "gender": (kind % np.uint8(len(GENDERS)))[order],
        "dwell_s": days.dwell_s[order],
    }
    said = {"statuses": list(STATUSES), "genders": list(GENDERS), "sites": [str(one) for one in days.sites]}
    with duck_of_process().cursor() as duck:
        duck.register("visit_columns", columns)
        duck.execute(_VISITS_PARQUET.format(path=path, parquet=_PARQUET), said)


def write_hours(days: Columns, path: Path) -> None:
    """Write the hourly sums of these days, one row per clock hour, as a Parquet file."""
    sites = np.array([str(one) for one in days.sites], dtype=object)
    hour_columns: dict[str, Any] = {
        "site_id": np.repeat(sites[days.site_row], 24),
        "day": np.repeat(days.day.astype(np.int32), 24),
        "hour": np.tile(np.arange(24, dtype=np.int32), days.day.size),
    }
    hour_columns |= {name: np.ascontiguousarray(days.hours[:, row]).reshape(-1) for row, name in enumerate(HOURLY)}
    columns = ", ".join(f'"{name}"' for name in HOURLY)
    with duck_of_process().cursor() as duck:
        duck.register("hour_columns", hour_columns)
        duck.execute(_HOURS_PARQUET.format(path=path, columns=columns, parquet=_PARQUET))
