"""A month's Parquet file of visits lies in order of day and hour: what reads a few days reads little of it."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from regulars.domain.reports.columns import side_by_side
from regulars.domain.reports.site_days import HOURLY, SiteDay, Visits
from regulars.ids import new_id
from regulars.store.rollup_parquet import write_visits


def test_visits_are_in_order_whatever_the_month(tmp_path: Path) -> None:
    # From 1970 to the 23rd lie as many hours as two bytes hold, eight times.
    first, hours = date(2029, 10, 20), [0, 9, 23]
    visits = Visits(np.arange(1, 4, dtype=np.int32), np.array(hours, np.uint8), np.full(3, -1, np.int32))
    days = [
        SiteDay(new_id(), first + timedelta(days=number), visits, np.zeros((len(HOURLY), 24), np.int32), None)
        for number in (7, 0, 3)
    ]
    file = tmp_path / "visits.parquet"
    write_visits(side_by_side(days), file)
    wanted = [(first + timedelta(days=number), hour) for number in (0, 3, 7) for hour in hours]
    assert duckdb.read_parquet(str(file)).project("day, hour").fetchall() == wanted
