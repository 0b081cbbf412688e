"""A month as analysts get it: nothing that its tables hide follows from all that they show."""

from collections import Counter

from hypothesis import example, given, settings

from regulars.domain.reports.columns import side_by_side
from regulars.domain.reports.hiding import GENDER_PARTS, STATUS_PARTS
from regulars.domain.reports.local_time import day_of
from regulars.domain.reports.told import ToldFigures, told_month
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
    rows: dict[tuple[str | int, int], tuple[ToldFigures, int]]
    rows = {("month", site): (told.months, place) for place, site in enumerate(told.months.site_row.tolist())}
    days = list(zip(told.days.day.tolist(), told.days.site_row.tolist(), strict=True))
    rows |= {key: (told.days, place) for place, key in enumerate(days)}

    def cell(key: tuple[str | int, int], column: str) -> tuple[dict[int, float], float]:
        table, place = rows[key]
        return attacker.cell((key, column), int(table.figures[column][place]), bool(table.hidden[column][place]))

    sites = range(len(told.sites))
    for column in COLUMNS:
        attacker.adds_up([cell(("month", site), column) for site in sites], cell(("month", -1), column))
        for site in sites:
            of_site = [cell(key, column) for key in days if key[1] == site]
            attacker.adds_up(of_site, cell(("month", site), column))
    for key, (table, place) in rows.items():
        assert all(table.hidden[one][place] or not 0 < table.figures[one][place] < K for one in COLUMNS)
        for parts in (STATUS_PARTS, GENDER_PARTS):
            attacker.adds_up([cell(key, part) for part in parts], cell(key, "visits"))
    true = {(one.site_id, one.day): Counter[int](one.visits.hour.tolist()) for one in days_of_crowd(crowd)}
    for place, (day, site) in enumerate(days):
        begun = true[told.sites[site], day_of(day)]
        visits, hidden = told.hours.figures[place, 0].tolist(), told.hours.hidden[place, 0].tolist()
        shown = [attacker.cell((day, site, hour), begun[hour], hidden[hour]) for hour in range(24)]
        attacker.adds_up(shown, cell((day, site), "visits"))
        assert visits == [begun[hour] for hour in range(24)]
    assert attacker.finds_out() == []
