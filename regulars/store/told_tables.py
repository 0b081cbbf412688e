"""Parquet for whoever may only see sums: the tables of `regulars.domain.reports.told`, written by DuckDB."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from regulars.domain.reports.figures import Figures
from regulars.domain.reports.files import TOLD_TABLES, ToldTable
from regulars.domain.reports.local_time import day_number
from regulars.domain.reports.told import HOUR_FIGURES, ToldFigures, ToldHours, ToldMonth

_NAMES = tuple(one.name for one in fields(Figures))
_FRACTIONS = {"visits_per_visitor", "dwell_mean_s", "dwell_median_s", "occupancy_mean", "coverage"}
_COPY = "copy (select {columns} from written order by {keys}) to '{path}' (format parquet, compression zstd)"
_DAY = "date '1970-01-01' + cast(day as integer) as day"
_SITE = "cast(nullif(site_id, '') as uuid) as site_id"
_HIDDEN = "case hidden when '' then cast([] as varchar[]) else string_split(hidden, ' ') end as hidden"


def write_told(told: ToldMonth, folder: Path) -> dict[ToldTable, Path]:
    """Write each table as a file into the folder. What is hidden is null, and named in the column `hidden`."""
    paths: dict[ToldTable, Path] = {table: folder / f"{table}.parquet" for table in TOLD_TABLES}
    counts = [_number(name) for name in (*HOUR_FIGURES, "seen_s", "wanted_s")]
    with _of_process().cursor() as duck:
        _write(duck, _of_figures(told.months), _figure_columns("month"), "1, 2", paths["months"])
        _write(duck, _of_figures(told.days), _figure_columns("day"), "1, 2", paths["days"])
        hours = [_DAY, _SITE, _number("hour"), *counts, _HIDDEN]
        _write(duck, _of_hours(told.days, told.hours), hours, "1, 2, 3", paths["hours"])
    return paths


@cache
def _of_process() -> duckdb.DuckDBPyConnection:
    """Return the DuckDB that this process writes with; what a cursor of it registers, no other one sees."""
    duck = duckdb.connect()
    duck.execute("set threads = 1")
    return duck


def _write(
    duck: duckdb.DuckDBPyConnection, columns: Mapping[str, Any], selected: Sequence[str], keys: str, path: Path
) -> None:
    """Write rows in the order of their keys, which are among the columns by these places."""
    duck.register("written", dict(columns))
    duck.execute(_COPY.format(columns=", ".join(selected), keys=keys, path=path))


def _figure_columns(day: str) -> list[str]:
    return [_DAY.removesuffix("day") + day, _SITE, *map(_number, _NAMES), _HIDDEN]


def _number(name: str) -> str:
    """A column comes with nan for null."""
    kind = "double" if name in _FRACTIONS else "integer"
    return f'cast(nullif("{name}", cast(\'nan\' as double)) as {kind}) as "{name}"'


def _of_figures(rows: Sequence[ToldFigures]) -> dict[str, Any]:
    shown = {
        name: _floats([None if name in row.hidden else getattr(row.figures, name) for row in rows]) for name in _NAMES
    }
    return shown | _keys(rows) | {"hidden": _texts([" ".join(sorted(row.hidden)) for row in rows])}


def _of_hours(days: Sequence[ToldFigures], hours: ToldHours) -> dict[str, Any]:
    shown = {
        name: np.where(hours.hidden[:, place], np.nan, hours.figures[:, place]).reshape(-1)
        for place, name in enumerate(HOUR_FIGURES)
    }
    shown |= {"seen_s": hours.seen_s.reshape(-1), "wanted_s": hours.wanted_s.reshape(-1)}
    shown |= {"hour": np.tile(np.arange(24), len(days))}
    names = [
        " ".join(name for place, name in enumerate(HOUR_FIGURES) if which >> place & 1)
        for which in range(2 ** len(HOUR_FIGURES))
    ]
    which = (hours.hidden * (1 << np.arange(len(HOUR_FIGURES)))[:, None]).sum(axis=1).reshape(-1)
    keys = {name: np.repeat(column, 24) for name, column in _keys(days).items()}
    return shown | keys | {"hidden": _texts(names)[which]}


def _keys(rows: Sequence[ToldFigures]) -> dict[str, Any]:
    return {
        "day": np.array([day_number(row.day) for row in rows], dtype=np.int32),
        "site_id": _texts([str(row.site_id or "") for row in rows]),
    }


def _floats(values: Sequence[float | None]) -> np.ndarray[Any, Any]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _texts(values: Sequence[str]) -> np.ndarray[Any, Any]:
    return np.array(values, dtype=object)
