"""The day and hour of a moment are those that the site's clock showed, also where clocks do odd things."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.reports.local_time import day_bounds, local_seconds
from tests.unit.reports.made_days import made_days, utc

ZONES = ["Asia/Ho_Chi_Minh", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Casablanca"]


@settings(max_examples=50)
@given(
    st.sampled_from(ZONES),
    st.integers(1996, 2029),
    st.lists(st.integers(0, 366 * 86400), min_size=1, max_size=5),
)
def test_it_is_what_the_zone_says_of_each_moment_alone(zone: str, year: int, seconds: list[int]) -> None:
    moments = [utc(year, 1, 1) + timedelta(seconds=one) for one in seconds]
    shown = local_seconds(ZoneInfo(zone), np.array([int(moment.timestamp()) for moment in moments]))
    walls = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC).timestamp() for moment in moments]
    assert shown.tolist() == [int(wall // 1) for wall in walls]


@pytest.mark.parametrize(
    ("zone", "at", "day", "hour"),
    [
        ("Asia/Ho_Chi_Minh", utc(2026, 3, 1, 16, 59), date(2026, 3, 1), 23),
        ("Asia/Ho_Chi_Minh", utc(2026, 3, 1, 17, 0), date(2026, 3, 2), 0),
        # Lord Howe's summer time is half an hour: 2026-04-05 at 02:00 (+11) clocks go back to 01:30 (+10:30).
        ("Australia/Lord_Howe", utc(2026, 4, 4, 14, 59), date(2026, 4, 5), 1),
        ("Australia/Lord_Howe", utc(2026, 4, 4, 15, 0), date(2026, 4, 5), 1),
        ("Australia/Lord_Howe", utc(2026, 4, 4, 15, 30), date(2026, 4, 5), 2),
        # In Sao Paulo summer time used to begin at midnight: 2018-11-04 began at 01:00 …
        ("America/Sao_Paulo", utc(2018, 11, 4, 2, 59), date(2018, 11, 3), 23),
        ("America/Sao_Paulo", utc(2018, 11, 4, 3, 0), date(2018, 11, 4), 1),
        # … and 2018-02-17 had the hour before midnight twice.
        ("America/Sao_Paulo", utc(2018, 2, 18, 1, 30), date(2018, 2, 17), 23),
        ("America/Sao_Paulo", utc(2018, 2, 18, 2, 30), date(2018, 2, 17), 23),
        ("America/Sao_Paulo", utc(2018, 2, 18, 3, 0), date(2018, 2, 18), 0),
    ],
)
def test_a_visit_counts_on_the_day_and_in_the_hour_of_the_sites_clock(
    zone: str, at: datetime, day: date, hour: int
) -> None:
    days = [day - timedelta(days=1), day, day + timedelta(days=1)]
    found = made_days([(at, 1, "new", "male", 60)], days, zone=zone)
    assert [one.visits.hour.tolist() for one in found] == [[], [hour], []]
    begins, ends = day_bounds(ZoneInfo(zone), day)
    assert begins <= at < ends


@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 2), date(2029, 12, 30)))
def test_days_follow_each_other_without_gap_and_last_23_to_25_hours(zone: str, day: date) -> None:
    begins, ends = day_bounds(ZoneInfo(zone), day)
    assert ends == day_bounds(ZoneInfo(zone), day + timedelta(days=1))[0]
    assert timedelta(hours=23) <= ends - begins <= timedelta(hours=25)
