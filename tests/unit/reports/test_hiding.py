"""A whole report for an analyst: nothing that it hides follows from all that it shows."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.reports.buckets import Bucket, Range
from regulars.domain.reports.columns import side_by_side
from regulars.domain.reports.hiding import GENDER_PARTS, STATUS_PARTS
from regulars.domain.reports.report import Asked, Period, Report, make_report
from regulars.domain.reports.site_days import SiteDay
from tests.unit.reports.attacking import given_away
from tests.unit.reports.made_days import Row, made_days, utc

K = 10
BUCKETS: list[Bucket] = ["day", "hour_of_day", "week"]
SPAN = Range(date(2026, 3, 2), date(2026, 3, 15))


class Attacker:
    """Writes down what a report shows, as equations over what it hides."""

    def __init__(self) -> None:
        self.places: dict[object, int] = {}
        self.true: list[int] = []
        self.sums: list[tuple[dict[int, float], float]] = []

    def cell(self, name: object, value: int, hidden: bool) -> tuple[dict[int, float], float]:
        """Return a cell as unknowns and a known part."""
        if not hidden:
            return {}, float(value)
        if name not in self.places:
            self.places[name] = len(self.true)
            self.true.append(value)
        return {self.places[name]: 1.0}, 0.0

    def adds_up(self, parts: list[tuple[dict[int, float], float]], total: tuple[dict[int, float], float]) -> None:
        row, known = dict[int, float](), total[1]
        for unknown, value in parts:
            known -= value
            for place, weight in unknown.items():
                row[place] = row.get(place, 0.0) + weight
        for place, weight in total[0].items():
            row[place] = row.get(place, 0.0) - weight
        self.sums.append((row, known))

    def finds_out(self) -> list[tuple[object, int]]:
        """Return the hidden counts of few people of which only one value is possible."""
        names = list(self.places)
        matrix = np.zeros((len(self.sums), len(names)))
        for place, (row, _) in enumerate(self.sums):
            for column, weight in row.items():
                matrix[place, column] = weight
        few = [place for place, value in enumerate(self.true) if 0 < value < K]
        return [(names[place], self.true[place]) for place in given_away(matrix.tolist(), self.true, few)]


def attacked(report: Report) -> Attacker:
    attacker = Attacker()
    _period(attacker, report.now)
    total = report.now.total
    for column in ("visits", *STATUS_PARTS, *GENDER_PARTS):
        cells = [
            attacker.cell(("site", site, column), getattr(row.figures, column), column in row.hidden)
            for site, row in report.sites
        ]
        whole = attacker.cell(("total", column), getattr(total.figures, column), column in total.hidden)
        attacker.adds_up(cells, whole)
    for site, row in report.sites:
        _parts(attacker, ("site", site), row)
    _heat(attacker, report)
    return attacker


def _period(attacker: Attacker, period: Period) -> None:
    for column in ("visits", *STATUS_PARTS, *GENDER_PARTS):
        cells = [
            attacker.cell((row.name, column), getattr(row.figures, column), column in row.hidden)
            for row in period.series
        ]
        whole = getattr(period.total.figures, column)
        attacker.adds_up(cells, attacker.cell(("total", column), whole, column in period.total.hidden))
    for row in period.series:
        _parts(attacker, row.name, row)
    _parts(attacker, "total", period.total)


def _parts(attacker: Attacker, name: str | tuple[str, UUID], row: Any) -> None:
    def keys(column: str) -> object:
        return (*name, column) if isinstance(name, tuple) else (name, column)

    whole = attacker.cell(keys("visits"), row.figures.visits, "visits" in row.hidden)
    for parts in (STATUS_PARTS, GENDER_PARTS):
        cells = [attacker.cell(keys(one), getattr(row.figures, one), one in row.hidden) for one in parts]
        attacker.adds_up(cells, whole)


def _heat(attacker: Attacker, report: Report) -> None:
    heat = report.heat
    cells = [
        [
            attacker.cell(("heat", day, hour), int(heat.visits[day, hour]), bool(heat.hidden[day, hour]))
            for hour in range(24)
        ]
        for day in range(7)
    ]
    total = report.now.total
    whole = attacker.cell(("total", "visits"), total.figures.visits, "visits" in total.hidden)
    attacker.adds_up([cell for row in cells for cell in row], whole)
    for row in report.now.series:
        if len(row.name) == len("2026-03-02") and row.name[4] == "-":
            continue
        if row.name.isdigit():
            hour = int(row.name)
            of_row = [cells[day][hour] for day in range(7)]
            attacker.adds_up(of_row, attacker.cell((row.name, "visits"), row.figures.visits, "visits" in row.hidden))
    if report.now.series and report.now.series[0].name[:5] == "2026-" and "W" not in report.now.series[0].name:
        for day in range(7):
            same = [row for row in report.now.series if date.fromisoformat(row.name).weekday() == day]
            told = [attacker.cell((row.name, "visits"), row.figures.visits, "visits" in row.hidden) for row in same]
            minus = [({place: -weight for place, weight in one[0].items()}, -one[1]) for one in told]
            attacker.adds_up([*cells[day], *minus], ({}, 0.0))


crowds = st.lists(
    st.tuples(
        st.integers(0, 13),
        st.sampled_from([9, 12, 20]),
        st.sampled_from(["new", "returning", "undetermined"]),
        st.sampled_from(["male", "female", "unknown"]),
        st.one_of(st.integers(1, 14), st.integers(20, 60)),
        st.booleans(),
    ),
    max_size=14,
)


def days_of_crowd(crowd: list[tuple[int, int, str, str, int, bool]]) -> list[SiteDay]:
    days = [SPAN.first + timedelta(days=number) for number in range(SPAN.days)]
    found: list[SiteDay] = []
    visitor = 0
    for here in (False, True):
        visits: list[Row] = []
        for day, hour, status, gender, many, there in crowd:
            for _ in range(many if there == here else 0):
                visitor += 1
                visits.append((utc(2026, 3, 2 + day, hour), visitor, status, gender, -1))
        found += made_days(visits, days, site_id=UUID(int=1 + here))
    return found


@settings(max_examples=20)
@given(crowd=crowds)
def test_nothing_hidden_follows_from_one_report(crowd: list[tuple[int, int, str, str, int, bool]]) -> None:
    days = days_of_crowd(crowd)
    for bucket in BUCKETS:
        report = make_report(Asked(SPAN, bucket, k=K), lambda span: side_by_side(days if span == SPAN else []))
        for row in report.now.series:
            shown = [one for one in ("visits", *STATUS_PARTS, *GENDER_PARTS) if one not in row.hidden]
            assert all(not 0 < getattr(row.figures, one) < K for one in shown)
        assert attacked(report).finds_out() == [], bucket
