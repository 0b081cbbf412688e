"""People far apart are counted by small numbers, and not one is counted otherwise for it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.domain.reports.buckets import Range
from regulars.domain.reports.columns import Columns, apart, joined_by, numbered_alike, side_by_side, together
from regulars.domain.reports.numbering import FAR_APART, numbered
from regulars.domain.reports.report import Asked, Report, make_report
from regulars.domain.reports.site_days import SiteDay
from regulars.store.held_columns import HeldDays, merged
from tests.unit.reports.made_days import Row, made_days, utc

SPAN = Range(date(2026, 2, 20), date(2026, 3, 11))
DAYS = [SPAN.first + timedelta(days=number) for number in range(SPAN.days)]
SITES = [UUID(int=number) for number in (1, 2, 3)]
MERGED, OPENED = DAYS[8], DAYS[17]
"""Days before the first are held, those up to the second are read; all others are not rolled up yet."""
DWELL_S = {0: -1, 1: 2**15 - 1, 2: 2**15, 3: 90_000}
MOST = 2**31 - 1
MANY = 30

Visit: TypeAlias = tuple[UUID, int, int, int, str]
visits = st.lists(
    st.tuples(
        st.sampled_from(SITES),
        st.one_of(st.integers(0, SPAN.days - 1), st.integers(14, SPAN.days - 1)),
        st.integers(8, 10),
        st.one_of(st.integers(0, 4), st.integers(0, MANY)),
        st.sampled_from(["new", "returning"]),
    ),
    max_size=60,
)
EVERYWHERE: list[Visit] = [
    (site, day, 9, person, "new") for site in SITES for day in (0, 9, 18) for person in (day, day + 1, MANY)
]
"""One person comes to every site on days that are held, read and not rolled up yet."""
numbers = st.lists(
    st.one_of(st.integers(1, 40), st.integers(FAR_APART - 2, FAR_APART + 2), st.integers(1, MOST)),
    min_size=MANY,
    max_size=MANY,
    unique=True,
).map(lambda drawn: [0, *drawn])


def days_of(found: Sequence[Visit], number_of: Sequence[int]) -> list[SiteDay]:
    """Return the site-days of these visits, when each person has this number: [0] is nobody."""
    days: list[SiteDay] = []
    for site_id in SITES:
        rows: list[Row] = [
            (
                utc(2026, 2, 20, hour) + timedelta(days=day),
                number_of[person],
                status,
                "male",
                DWELL_S.get(person, person),
            )
            for site, day, hour, person, status in found
            if site == site_id
        ]
        days += made_days(rows, DAYS, site_id=site_id)
    return days


def read(days: Sequence[SiteDay]) -> Columns:
    """Return the days as the store does: what is held of each site, what is read of all, and what is not rolled up."""
    held = numbered_alike(
        [side_by_side([one for one in days if one.site_id == site_id and one.day < MERGED]) for site_id in SITES]
    )
    *held, fresh = numbered_alike([*held, side_by_side([one for one in days if MERGED <= one.day < OPENED])])
    late = HeldDays(fresh, fresh.day)
    rolled = [merged([HeldDays(one, one.day), late.of(one.sites[0])]).columns for one in held]
    return joined_by(together(rolled), side_by_side([one for one in days if one.day >= OPENED]))


def as_chains_have_them(found: Sequence[Visit]) -> list[Visit]:
    """Return the visits with "new" only where it is the person's first, as no chain has it otherwise."""
    known = {0}
    told: list[Visit] = []
    for site, day, hour, person, status in sorted(found, key=lambda one: one[1:3]):
        told.append(
            (site, day, hour, person, "undetermined" if not person else "returning" if person in known else status)
        )
        known.add(person)
    return told


@settings(max_examples=25)
@given(visits, numbers, st.sampled_from([None, 10]))
@example(EVERYWHERE, [0, *range(MOST, MOST - MANY, -1)], None)
@example(EVERYWHERE, [0, *range(FAR_APART, FAR_APART + MANY)], None)
def test_reports_are_the_same_however_far_apart_numbers_lie(
    drawn: list[Visit], number_of: list[int], k: int | None
) -> None:
    found, asked = as_chains_have_them(drawn), Asked(SPAN, "week", k=k)
    days, plain = days_of(found, number_of), side_by_side(days_of(found, range(MANY + 1)))
    columns = read(days)
    most = FAR_APART - 1 if columns.people is None else len({person for *_, person, _ in found})
    assert columns.visitor.max(initial=0) <= most
    assert told(apart(columns)) == told(days)
    assert repr(report_of(columns, asked)) == repr(report_of(plain, asked))


def test_numbers_of_a_chain_of_many_millions_are_those_of_sorting() -> None:
    known = [0, 1, 31, 32, 2**25 - 1, 2**25, 2**25 + 31, 2**26 - 1, 2**26, 3 * 2**25 + 5]
    of_many, of_few = np.tile(np.array(known, dtype=np.int32), 50_000), np.array([2**26, 7, 7], dtype=np.int32)
    wanted, places = np.unique(np.concatenate([of_many, of_few]), return_inverse=True)
    found, people = numbered([of_many, of_few])
    assert people.tolist() == wanted.tolist()
    assert np.concatenate(found).tolist() == places.tolist()


def report_of(columns: Columns, asked: Asked) -> Report:
    return make_report(asked, lambda span: columns if span == SPAN else side_by_side([]))


def told(days: Sequence[SiteDay]) -> list[tuple[object, ...]]:
    ordered = sorted(days, key=lambda one: (one.day, one.site_id))
    return [
        (one.site_id, one.day, one.visits.visitor.tolist(), one.visits.cell.tolist(), one.visits.dwell_s.tolist())
        for one in ordered
    ]
