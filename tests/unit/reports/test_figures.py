"""Each figure counts what it is said to count; the plain meaning in Python is held against the columns."""

from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.opening_hours import WEEKDAYS, OpenSpan
from regulars.domain.presence import Movement, occupancy
from regulars.domain.reports.buckets import Bucket, Range, buckets_of
from regulars.domain.reports.columns import side_by_side
from regulars.domain.reports.counted import HourBand, counted
from regulars.domain.reports.figures import as_columns, columns_by_site_day, figures_by, figures_by_site
from regulars.domain.reports.inside import inside_of
from regulars.domain.reports.people import cohorts, heat_map, people_by_month, recency
from regulars.domain.reports.site_days import CameraWatch
from tests.unit.reports.made_days import Row, made_days, utc

SPAN = Range(date(2026, 2, 23), date(2026, 3, 15))
DAYS = [SPAN.first + timedelta(days=number) for number in range(SPAN.days)]
BUCKETS: list[Bucket] = ["total", "hour_of_day", "day", "day_of_week", "week", "month"]

rows = st.lists(
    st.tuples(
        st.integers(0, 21 * 86400 - 1).map(lambda second: utc(2026, 2, 23) + timedelta(seconds=second)),
        st.integers(0, 4),
        st.sampled_from(["returning", "undetermined"]),
        st.sampled_from(["male", "female", "unknown"]),
        st.one_of(st.integers(-1, 5000), st.sampled_from([2**15 - 1, 2**15, 90_000])),
    ),
    max_size=30,
)


def name_of(bucket: Bucket, at: datetime) -> str:
    year, week, _ = at.isocalendar()
    return {
        "total": "total",
        "hour_of_day": f"{at:%H}",
        "day": f"{at:%Y-%m-%d}",
        "day_of_week": f"{at:%A}".lower(),
        "week": f"{year}-W{week:02}",
        "month": f"{at:%Y-%m}",
    }[bucket]


@settings(max_examples=40)
@given(rows)
def test_every_bucket_counts_visits_and_different_people(visits: list[Row]) -> None:
    told = counted(made_days(visits, DAYS))
    by_day = as_columns(figures_by(told, buckets_of("day", SPAN)))
    np.testing.assert_equal(dict(columns_by_site_day(side_by_side(made_days(visits, DAYS)))), dict(by_day))
    for bucket in BUCKETS:
        buckets = buckets_of(bucket, SPAN)
        found = dict(zip(buckets.names, figures_by(told, buckets), strict=True))
        assert sum(one.visits for one in found.values()) == len(visits)
        for name, figures in found.items():
            inside = [row for row in visits if name_of(bucket, row[0]) == name]
            known = [row[4] for row in inside if row[4] >= 0]
            assert figures.visits == len(inside) == figures.male + figures.female + figures.unknown
            assert figures.visitors == len({row[1] for row in inside if row[1]})
            assert figures.female == sum(row[3] == "female" for row in inside)
            assert figures.undetermined == sum(row[2] == "undetermined" for row in inside)
            assert (figures.dwell_visits, figures.dwell_median_s) == (len(known), median(known) if known else None)
    months, by_month = people_by_month(told), buckets_of("month", SPAN)
    assert figures_by(told, by_month, months.visitors(SPAN)) == figures_by(told, by_month)
    longer = Range(date(2025, 12, 31), date(2026, 4, 1))
    assert [one.visitors for one in figures_by(told, buckets_of("month", longer))] == months.visitors(longer)


def test_visitors_of_a_week_are_not_the_sum_of_its_days() -> None:
    visits: list[Row] = [(utc(2026, 3, day, 9), 7, "returning", "male", -1) for day in (2, 3, 4)]
    told = counted(made_days(visits, DAYS))
    assert [one.visitors for one in figures_by(told, buckets_of("day", SPAN))] == [0] * 7 + [1] * 3 + [0] * 11
    (whole,) = figures_by(told, buckets_of("total", SPAN))
    assert (whole.visits, whole.visitors, whole.visits_per_visitor) == (3, 1, 3.0)


def test_new_and_returning_visitors_make_all_visitors() -> None:
    visits: list[Row] = [
        (utc(2026, 3, 2, 9), 1, "new", "female", -1),
        (utc(2026, 3, 3, 9), 1, "returning", "female", -1),
        (utc(2026, 3, 3, 10), 2, "returning", "male", -1),
        (utc(2026, 3, 3, 11), 0, "undetermined", "unknown", -1),
    ]
    (whole,) = figures_by(counted(made_days(visits, DAYS)), buckets_of("total", SPAN))
    assert (whole.new, whole.returning, whole.undetermined) == (1, 2, 1)
    assert (whole.visitors, whole.new_visitors, whole.returning_visitors) == (2, 1, 1)


@pytest.mark.parametrize(("band", "hours"), [(HourBand(9, 11), {9, 10}), (HourBand(22, 2), {22, 23, 0, 1})])
def test_a_band_keeps_its_hours_and_may_run_over_midnight(band: HourBand, hours: set[int]) -> None:
    visits: list[Row] = [(utc(2026, 3, 2, hour), 1 + hour, "returning", "male", -1) for hour in range(24)]
    told = counted(made_days(visits, DAYS, movements=[(utc(2026, 3, 2, hour), True) for hour in range(24)]), band)
    by_hour = figures_by(told, buckets_of("hour_of_day", SPAN))
    assert {hour for hour in range(24) if by_hour[hour].visits} == hours
    assert sum(one.came_in or 0 for one in by_hour) == len(hours)
    assert all(one.occupancy_peak is None for one in by_hour)


def test_one_gender_alone_has_no_movements() -> None:
    visits: list[Row] = [(utc(2026, 3, 2, 9), 1, "new", "female", -1), (utc(2026, 3, 2, 9), 2, "new", "male", -1)]
    told = counted(made_days(visits, DAYS, movements=[(utc(2026, 3, 2, 9), True)]), gender="female")
    (whole,) = figures_by(told, buckets_of("total", SPAN))
    assert (whole.visits, whole.visitors, whole.came_in) == (1, 1, None)


MOMENTS = st.integers(0, 300)
stays = st.lists(st.tuples(MOMENTS, MOMENTS), max_size=20)
seen_once = st.lists(st.tuples(MOMENTS, st.booleans()), max_size=3)


@given(stays, seen_once)
def test_inside_is_what_presence_says(stays: list[tuple[int, int]], seen_once: list[tuple[int, bool]]) -> None:
    movements = [*((came, True) for came, _ in stays), *((left, False) for _, left in stays), *seen_once]
    began = utc(2026, 3, 2, 9)
    said = occupancy([Movement(began + timedelta(seconds=at), "in" if come else "out") for at, come in movements])
    found = inside_of(
        np.array([at * 1_000_000 for at, _ in movements], dtype=np.int64),
        np.array([come for _, come in movements], dtype=bool),
    )
    assert (said is None) == (found is None)
    if said and found:
        assert (found.peak, found.unseen_in, found.left_over) == (said.peak, said.unseen_in, said.left_over)
        assert said.mean == pytest.approx(found.person_s / found.span_s if found.span_s else found.peak)


def test_a_guest_after_midnight_is_inside_on_the_business_day_before() -> None:
    movements = [(utc(2026, 3, 2, 23), True), (utc(2026, 3, 3, 1), False)]
    found = made_days(
        [], DAYS[7:9], movements=movements, hours=tuple(OpenSpan(day, time(18), time(2)) for day in WEEKDAYS)
    )
    assert [one.inside.peak if one.inside else None for one in found] == [1, None]
    assert found[1].hours[1, 1] == 1


def test_coverage_is_the_share_of_opening_hours_that_cameras_saw() -> None:
    monday = date(2026, 3, 2)
    began = utc(2026, 3, 2, 0).timestamp()
    cameras = [CameraWatch(0.0, [(began + 8 * 3600, began + 11.5 * 3600)]), CameraWatch(0.0, [(began, began + 86400)])]
    hours = (OpenSpan("monday", time(9), time(12)), OpenSpan("sunday", time(22), time(1)))
    (found,) = made_days([], [monday], cameras=cameras, hours=hours)
    assert found.hours[4].tolist() == [3600] + [0] * 8 + [7200, 7200, 5400] + [0] * 12
    assert found.hours[5].tolist() == [7200] + [0] * 8 + [7200] * 3 + [0] * 12
    (told,) = figures_by(counted([found]), buckets_of("total", Range(monday, monday)))
    assert told.coverage == (3600 + 7200 + 7200 + 5400) / (7200 * 4)


def test_hours_that_are_still_ahead_are_not_hours_unseen() -> None:
    monday = date(2026, 3, 2)
    began = utc(2026, 3, 2, 0).timestamp()
    until_s = began + 9.4 * 3600
    camera = CameraWatch(0.0, [(began + 8 * 3600, until_s)], until_s)
    (found,) = made_days([], [monday], cameras=[camera], hours=(OpenSpan("monday", time(8), time(12)),))
    assert found.hours[4].tolist() == [0] * 8 + [3600, 900] + [0] * 14
    assert found.hours[5].tolist() == [0] * 8 + [3600, 900] + [0] * 14


def test_cohorts_follow_the_people_of_a_first_month() -> None:
    span = Range(date(2026, 1, 1), date(2026, 3, 31))
    days = [span.first + timedelta(days=number) for number in range(span.days)]
    visits: list[Row] = [
        (utc(2026, 1, 5), 1, "new", "male", -1),
        (utc(2026, 1, 6), 2, "new", "male", -1),
        (utc(2026, 1, 9), 2, "returning", "male", -1),
        (utc(2026, 2, 5), 1, "returning", "male", -1),
        (utc(2026, 2, 6), 3, "new", "male", -1),
        (utc(2026, 3, 5), 1, "returning", "male", -1),
        (utc(2026, 3, 5), 9, "returning", "male", -1),
    ]
    told = counted(made_days(visits, days))
    found = cohorts(told, people_by_month(told))
    assert [(one.month, one.size, one.came_again) for one in found] == [("2026-01", 2, [1, 1]), ("2026-02", 1, [0])]


def test_heat_map_recency_and_sites() -> None:
    visits: list[Row] = [
        (utc(2026, 3, 2, 9), 1, "returning", "male", -1),
        (utc(2026, 3, 9, 9), 1, "returning", "male", -1),
        (utc(2026, 2, 24, 20), 2, "returning", "male", -1),
    ]
    elsewhere: list[Row] = [(utc(2026, 3, 10, 9), 2, "returning", "male", -1)]
    told = counted([*made_days(visits, DAYS), *made_days(elsewhere, DAYS, site_id=UUID(int=2))])
    cells, _, _ = heat_map(told)
    assert (cells[0, 9], cells[1, 20], cells[1, 9], cells.sum()) == (2, 1, 1, 4)
    rows, together = figures_by_site(told)
    assert [(one.visits, one.visitors) for one in [*rows, together]] == [(3, 2), (1, 1), (4, 2)]
    assert [together] == figures_by(told, buckets_of("total", SPAN))
    assert [one.visitors for one in recency(told, SPAN.last, together.visitors)] == [2, 0, 0, 0, 0, 0]
    assert [one.visitors for one in recency(told, date(2026, 4, 20), together.visitors)] == [0, 0, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("span", "before", "last_year"),
    [
        (("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28"), ("2025-03-01", "2025-03-31")),
        (("2024-01-01", "2024-02-29"), ("2023-11-01", "2023-12-31"), ("2023-01-01", "2023-02-28")),
        (("2026-03-02", "2026-03-08"), ("2026-02-23", "2026-03-01"), ("2025-03-03", "2025-03-09")),
    ],
)
def test_a_range_is_compared_with_as_much_before_and_a_year_ago(
    span: tuple[str, str], before: tuple[str, str], last_year: tuple[str, str]
) -> None:
    asked, earlier, ago = (Range(*map(date.fromisoformat, one)) for one in (span, before, last_year))
    assert (asked.before(), asked.last_year()) == (earlier, ago)
