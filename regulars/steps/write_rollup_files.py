"""After days are rolled up: the chain's Parquet files of them, and what analysts are told."""

import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np

from regulars.domain.reports.columns import Columns, chosen
from regulars.domain.reports.files import (
    TOLD_TABLES,
    WholeTable,
    day_key,
    month_in,
    month_prefix,
    told_key,
    told_prefix,
    told_root,
    whole_key,
    whole_prefix,
)
from regulars.domain.reports.local_time import day_number, day_of
from regulars.domain.reports.told import told_month
from regulars.ports import ObjectStore
from regulars.store.rollup_parquet import write_hours, write_visits
from regulars.store.told_tables import write_told

_PARQUET = "application/vnd.apache.parquet"


def write_files(
    tenant_id: UUID,
    rolled: Columns,
    month: date,
    changed: Collection[date] | None,
    objects: ObjectStore,
    *,
    over: bool,
) -> int:
    """Put the `changed` days of a month into the store; with None all of it, as one file when it is `over`.

    What all of it takes the place of goes last, so that a visit is always in one file. Returns how many were written.
    """
    tables: dict[WholeTable, Callable[[Columns, Path], None]] = {"visits": write_visits, "hours": write_hours}
    days, written = [day_of(day) for day in np.unique(rolled.day).tolist()], 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rollup.parquet"
        for table, write in tables.items():
            wanted: dict[str, date | None] = {whole_key(tenant_id, table, month): None}
            if not over:
                wanted = {day_key(tenant_id, table, day): day for day in days if changed is None or day in changed}
            for key, day in wanted.items():
                write(rolled if day is None else _of_day(rolled, day), file)
                objects.put(key, file.read_bytes(), _PARQUET)
                written += 1
            if changed is None:
                there = [one.key for one in objects.list(month_prefix(tenant_id, table, month))]
                objects.delete(key for key in there if key not in wanted)
    return written


def lies_whole(tenant_id: UUID, month: date, objects: ObjectStore) -> bool:
    """Say whether a month lies in the store as one file: it did when it was over at all sites that there were."""
    return any(True for _ in objects.list(whole_key(tenant_id, "hours", month)))


def _of_day(rolled: Columns, day: date) -> Columns:
    return chosen(rolled, np.flatnonzero(rolled.day == day_number(day)))


def tell(tenant_id: UUID, rolled: Columns, month: date, until: date, objects: ObjectStore, k: int) -> int:
    """Put what analysts may be told of a month's days up to `until` into the store; return how many files."""
    rolled = chosen(rolled, np.flatnonzero(rolled.day <= day_number(until)))
    with tempfile.TemporaryDirectory() as folder:
        for table, file in write_told(told_month(rolled, k), Path(folder)).items():
            objects.put(told_key(tenant_id, k, table, month), file.read_bytes(), _PARQUET)
    return len(TOLD_TABLES)


def forget_other_tellings(tenant_id: UUID, objects: ObjectStore, k: int) -> Iterator[date]:
    """Take away what analysts were told under another least number of people; yield the months not told under this."""
    keys = [one.key for one in objects.list(told_root(tenant_id))]
    objects.delete(key for key in keys if not key.startswith(told_prefix(tenant_id, k)))
    for month in sorted({month_in(one.key) for one in objects.list(whole_prefix(tenant_id, "visits"))}):
        if not {told_key(tenant_id, k, table, month) for table in TOLD_TABLES} <= set(keys):
            yield month
