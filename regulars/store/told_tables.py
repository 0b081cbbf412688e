"""Parquet for whoever may only see sums: the tables of `regulars.domain.reports.told`, written by DuckDB."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import compress
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import numpy as np

from regulars.domain.reports.figures import FRACTIONS
from regulars.domain.reports.files import TOLD_TABLES, ToldTable
from regulars.domain.reports.told import HOUR_FIGURES, ToldFigures, ToldMonth

# A site's place is -1 for the chain: DuckDB's lists begin with 1, and have null at 0. Rows come in their order.
_COPY = """
copy (
    select date '1970-01-01' + day as {day}, cast($sites as uuid[])[site_row + 1] as site_id, {columns},
        cast($hidden as varchar[][])[hidden + 1] as hidden
    from written
) to '{path}' (format parquet, compression zstd, compression_level 1)
"""


_NULL = np.iinfo(np.int32).max
"""Stands for null in a column of counts."""


def write_told(told: ToldMonth, folder: Path) -> dict[ToldTable, Path]:
    """Write each table as a file into the folder. What is hidden is null, and named in the column `hidden`."""
    paths: dict[ToldTable, Path] = {table: folder / f"{table}.parquet" for table in TOLD_TABLES}
    with _of_process().cursor() as duck:
        _write(duck, told.sites, *_of_figures(told.months), paths["months"], day="month")
        _write(duck, told.sites, *_of_figures(told.days), paths["days"])
        _write(duck, told.sites, *_of_hours(told), paths["hours"])
    return paths


@cache
def _of_process() -> duckdb.DuckDBPyConnection:
    """Return the DuckDB that this process writes with; what a cursor of it registers, no other one sees."""
    duck = duckdb.connect()
    duck.execute("set threads = 1")
    return duck


def _write(
    duck: duckdb.DuckDBPyConnection,
    sites: Sequence[UUID],
    columns: Mapping[str, Any],
    hidden: Sequence[Sequence[str]],
    path: Path,
    *,
    day: str = "day",
) -> None:
    """Write these columns; `hidden` is what each number in the column of that name stands for."""
    duck.register("written", dict(columns))
    told = [_number(name) for name in columns if name not in ("day", "site_row", "hidden")]
    said = {"sites": [str(one) for one in sites], "hidden": hidden}
    duck.execute(_COPY.format(day=day, columns=", ".join(told), path=path), said)


def _number(name: str) -> str:
    null = "cast('nan' as double)" if name in FRACTIONS else _NULL
    return f'nullif("{name}", {null}) as "{name}"'


def _of_figures(rows: ToldFigures) -> tuple[dict[str, Any], list[list[str]]]:
    """Return the columns of these rows, and what each number in the column `hidden` names."""
    names, bits = sorted(rows.hidden), 1 << np.arange(len(rows.hidden))
    kinds, which = np.unique(bits @ np.stack([rows.hidden[name] for name in names]), return_inverse=True)
    columns: dict[str, Any] = {"day": rows.day.astype(np.int32), "site_row": rows.site_row, "hidden": which}
    for name, column in rows.figures.items():
        shown = np.where(rows.hidden[name], np.nan, column) if name in rows.hidden else column
        columns[name] = shown if name in FRACTIONS else np.nan_to_num(shown, nan=_NULL).astype(np.int32)
    return columns, [list(compress(names, kind & bits)) for kind in kinds]


def _of_hours(told: ToldMonth) -> tuple[dict[str, Any], list[list[str]]]:
    """Return the same of the hours."""
    hours, bits = told.hours, 1 << np.arange(len(HOUR_FIGURES), dtype=np.uint8)
    columns = {
        "day": np.repeat(told.days.day.astype(np.int32), 24),
        "site_row": np.repeat(told.days.site_row, 24),
        "hour": np.tile(np.arange(24, dtype=np.int32), told.days.day.size),
        "hidden": (hours.hidden * bits[:, None]).sum(axis=1, dtype=np.uint8).reshape(-1),
    }
    shown = np.where(hours.hidden, _NULL, hours.figures).astype(np.int32)
    columns |= {name: shown[:, place].reshape(-1) for place, name in enumerate(HOUR_FIGURES)}
    columns |= {"seen_s": hours.seen_s.reshape(-1), "wanted_s": hours.wanted_s.reshape(-1)}
    return columns, [list(compress(HOUR_FIGURES, which & bits)) for which in range(2 ** len(HOUR_FIGURES))]
