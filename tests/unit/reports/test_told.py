"""A month as analysts get it: nothing that its tables hide follows from all that they show."""

from collections import Counter
from typing import Any
from uuid import UUID

from hypothesis import example, given, settings

from regulars.domain.reports.columns import side_by_side
from regulars.domain.reports.hiding import GENDER_PARTS, STATUS_PARTS
from regulars.domain.reports.told import told_month
from tests.unit.reports.test_hiding import Attacker, K, crowds, days_of_crowd

COLUMNS = ("visits", *STATUS_PARTS, *GENDER_PARTS)


@settings(max_examples=20)
@given(crowd=crowds)
@example(  # nobody unknown came to one site: that would tell how many did to the other, and so the two men
    [
        (0, 9, "new", "male", 2, False),
        (0, 9, "new", "female", 20, False),
        (0, 9, "new", "male", 20, True),
        (1, 9, "new", "unknown", 9, True),
        (2, 9, "new", "unknown", 1, True),
    ]
)
@example(  # the men of the one site are all on its days of few, so the other site's days tell its month
    [
        (0, 9, "new", "male", 2, True),
        (0, 9, "new", "female", 10, False),
        (0, 9, "new", "unknown", 20, True),
        (1, 9, "new", "male", 1, False),
        (1, 9, "new", "female", 20, True),
        (1, 9, "new", "unknown", 20, True),
        (2, 9, "new", "male", 1, True),
        (2, 9, "new", "male", 9, False),
    ]
)
@example(  # the days of few are all women, so that the other days tell how many men and unknown there are
    [
        (0, 9, "new", "male", 7, True),
        (0, 9, "new", "female", 9, False),
        (0, 9, "new", "unknown", 3, True),
        (1, 9, "new", "female", 1, False),
        (2, 9, "new", "male", 20, False),
        (2, 9, "new", "unknown", 10, False),
    ]
)
def test_nothing_hidden_follows_from_the_tables_of_a_month(
    crowd: list[tuple[int, int, str, str, int, bool]],
) -> None:
    told = told_month(side_by_side(days_of_crowd(crowd)), K)
    attacker = Attacker()
    rows: dict[object, Any] = {("month", row.site_id): row for row in told.months}
    rows |= {(row.day, row.site_id): row for row in told.days}

    def cell(key: object, column: str) -> tuple[dict[int, float], float]:
        row = rows[key]
        return attacker.cell((key, column), getattr(row.figures, column), column in row.hidden)

    sites = [row.site_id for row in told.months if row.site_id]
    for column in COLUMNS:
        attacker.adds_up([cell(("month", site), column) for site in sites], cell(("month", None), column))
        for site in sites:
            days = [cell((row.day, site), column) for row in told.days if row.site_id == site]
            attacker.adds_up(days, cell(("month", site), column))
    for key, row in rows.items():
        assert all(column in row.hidden or not 0 < getattr(row.figures, column) < K for column in COLUMNS)
        for parts in (STATUS_PARTS, GENDER_PARTS):
            attacker.adds_up([cell(key, part) for part in parts], cell(key, "visits"))
    true = {(one.site_id, one.day): Counter[int](one.visits.hour.tolist()) for one in days_of_crowd(crowd)}
    for place, row in enumerate(told.days):
        begun = true[row.site_id or UUID(int=0), row.day]
        visits, hidden = told.hours.figures[place, 0].tolist(), told.hours.hidden[place, 0].tolist()
        shown = [attacker.cell((row.day, row.site_id, hour), begun[hour], hidden[hour]) for hour in range(24)]
        attacker.adds_up(shown, cell((row.day, row.site_id), "visits"))
        assert visits == [begun[hour] for hour in range(24)]
    assert attacker.finds_out() == []
