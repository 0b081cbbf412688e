"""Which cells of a report's tables are hidden from whoever may only see sums: `suppression` for real tables."""

from collections.abc import Sequence

import numpy as np

from regulars.domain.reports.figures import Figures
from regulars.domain.reports.suppression import Mask, Table, hide_in_groups, hide_in_line, hide_in_table

STATUS_PARTS = ("new", "returning", "undetermined")
GENDER_PARTS = ("male", "female", "unknown")
COUNTED_ALONE = ("came_in", "went_out", "staff_tracks", "rejected_tracks", "dwell_visits")
_OF_PEOPLE = ("visitors", "new_visitors", "returning_visitors", "visits_per_visitor")
_DWELL = ("dwell_visits", "dwell_mean_s", "dwell_median_s")
_INSIDE = ("occupancy_peak", "occupancy_mean")
ALL = frozenset(("visits", *STATUS_PARTS, *GENDER_PARTS, *_OF_PEOPLE, *_DWELL, *_INSIDE, *COUNTED_ALONE))
Hidden = frozenset[str]
"""Names of the figures of one row that are hidden."""


def hide_total(total: Figures, k: int) -> Hidden:
    """Return what is hidden of the sum of everything: all of it, when it is of fewer than k people."""
    if 0 < total.visits < k:
        return ALL
    hidden: set[str] = set()
    for parts in (STATUS_PARTS, GENDER_PARTS):
        mask = hide_in_line(np.array([getattr(total, name) for name in parts], dtype=np.int64), k)
        hidden |= {name for name, is_hidden in zip(parts, mask, strict=True) if is_hidden}
    hidden |= {name for name in COUNTED_ALONE if 0 < (getattr(total, name) or 0) < k}
    return _with_what_follows(total, hidden, k)


def hide_rows(rows: Sequence[Figures], total: Hidden, k: int, groups: Table | None = None) -> list[Hidden]:
    """Return what is hidden of each row of a table whose rows add up to a total, of which `total` is hidden.

    `groups` names rows whose sums another table of the same report tells: the days of the week of a report by day.
    """
    if total == ALL:
        return [ALL] * len(rows)
    if len(rows) == 1:
        return [total]
    visits = _column(rows, "visits")
    few = hide_in_groups(visits, np.zeros(len(rows), dtype=np.int64) if groups is None else groups, k)
    hidden: list[set[str]] = [set(ALL) if one else set() for one in few]
    for parts in (STATUS_PARTS, GENDER_PARTS):
        values = np.stack([_column(rows, name) for name in parts], axis=1)
        totals = np.array([name in total for name in parts])
        mask = hide_in_table(values, k, few, totals, np.repeat(few[:, None], len(parts), axis=1))
        # An empty cell hides nothing beside it: nobody is fewer than none. And rows that tell their split can tell that
        # of others, of which together it is known: so none does where one is empty, or where a total is hidden.
        if totals.any() or (mask & (values == 0) & ~few[:, None]).any():
            mask[:] = True
        _note(hidden, mask, parts)
    for name in COUNTED_ALONE:
        mask = hide_in_line(_column(rows, name), k, few)
        if name in total and not mask.any():
            mask[:] = True
        _note(hidden, mask[:, None], (name,))
    return [
        frozenset(ALL) if is_few else _with_what_follows(row, names, k)
        for row, names, is_few in zip(rows, hidden, few, strict=True)
    ]


def hide_heat_map(visits: Table, total: Hidden, k: int) -> Mask:
    """Return which cells of the heat map, [7, 24], are hidden; its sums by hour and by day may be told elsewhere."""
    if "visits" in total:
        return visits > 0
    return hide_in_table(visits, k, hide_in_line(visits.sum(axis=1), k), hide_in_line(visits.sum(axis=0), k))


def hide_parts_of_visitors(visitors: Table, total: Hidden, k: int) -> Mask:
    """Return which of the parts of all visitors are hidden."""
    return visitors > 0 if "visitors" in total else hide_in_line(visitors, k)


def _with_what_follows(row: Figures, hidden: set[str], k: int) -> Hidden:
    """Return also what would tell a hidden figure of the same row, or follows from one."""
    names = set(hidden)
    if "new" in names:
        names |= {"new_visitors", "returning_visitors"}
    if 0 < row.visitors < k or 0 < row.returning_visitors < k:
        names |= {"visitors", "returning_visitors"}
    if "visitors" in names or "undetermined" in names:
        names.add("visits_per_visitor")
    if "dwell_visits" in names:
        names |= set(_DWELL)
    if "came_in" in names or "went_out" in names:
        names |= set(_INSIDE)
    return frozenset(names)


def _column(rows: Sequence[Figures], name: str) -> Table:
    return np.array([getattr(row, name) or 0 for row in rows], dtype=np.int64)


def _note(hidden: list[set[str]], mask: Mask, names: Sequence[str]) -> None:
    for row, column in np.argwhere(mask):
        hidden[int(row)].add(names[int(column)])
