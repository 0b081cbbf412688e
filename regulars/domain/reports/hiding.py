"""Which cells of a report's tables are hidden from whoever may only see sums: `suppression` for real tables."""

from collections.abc import Mapping, Sequence
from itertools import compress
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from regulars.domain.reports.figures import FigureColumns, Figures, as_columns
from regulars.domain.reports.suppression import (
    Mask,
    Table,
    hide_in_groups,
    hide_in_line,
    hide_in_lines,
    hide_in_table,
    too_few,
)

STATUS_PARTS = ("new", "returning", "undetermined")
GENDER_PARTS = ("male", "female", "unknown")
COUNTED_ALONE = ("came_in", "went_out", "staff_tracks", "rejected_tracks", "dwell_visits")
_OF_PEOPLE = ("visitors", "new_visitors", "returning_visitors", "visits_per_visitor")
_DWELL = ("dwell_visits", "dwell_mean_s", "dwell_median_s")
_INSIDE = ("occupancy_peak", "occupancy_mean")
ALL = frozenset(("visits", *STATUS_PARTS, *GENDER_PARTS, *_OF_PEOPLE, *_DWELL, *_INSIDE, *COUNTED_ALONE))
Hidden = frozenset[str]
"""Names of the figures of one row that are hidden."""
HiddenColumns: TypeAlias = Mapping[str, Mask]
"""Of which rows the figure of each of the names in ALL is hidden, in the shape of their `FigureColumns`."""


def hide_total(total: Figures, k: int) -> Hidden:
    """Return what is hidden of the sum of everything: all of it, when it is of fewer than k people."""
    return _names(hide_totals(as_columns([total]), k))[0]


def hide_rows(rows: Sequence[Figures], total: Hidden, k: int, groups: Table | None = None) -> list[Hidden]:
    """Return what is hidden of each row of a table whose rows add up to a total, of which `total` is hidden.

    `groups` names rows whose sums another table of the same report tells: the days of the week of a report by day.
    """
    table = {name: column[None] for name, column in as_columns(rows).items()}
    few = None if groups is None else hide_in_groups(_counts(table["visits"][0]), groups, k)[None]
    hidden = hide_tables(table, {name: np.array([name in total]) for name in ALL}, k, few)
    return _names({name: mask[0] for name, mask in hidden.items()})


def hide_totals(totals: FigureColumns, k: int) -> HiddenColumns:
    """Return what `hide_total` hides of each of many, [n]."""
    hidden = {name: too_few(_counts(totals[name]), k) for name in COUNTED_ALONE}
    for parts in (STATUS_PARTS, GENDER_PARTS):
        hidden |= _apart(hide_in_lines(_side_by_side(totals, parts), k), parts)
    return _with_what_follows(totals, hidden, too_few(_counts(totals["visits"]), k), k)


def hide_tables(rows: FigureColumns, totals: HiddenColumns, k: int, few: Mask | None = None) -> HiddenColumns:
    """Return what `hide_rows` hides of many tables of as many rows each, [tables, rows]; `totals` are [tables].

    `few`, [tables, rows], are the rows that are hidden as they are of few visits, or beside such a one.
    """
    visits = _counts(rows["visits"])
    if visits.shape[1] == 1:
        return {name: mask[:, None] for name, mask in totals.items()}
    few = hide_in_lines(visits, k) if few is None else few
    hidden = dict[str, Mask]()
    for parts in (STATUS_PARTS, GENDER_PARTS):
        # Rows that tell their split can tell that of others, of which together it is known.
        untold = np.logical_or.reduce([totals[name] for name in parts])
        hidden |= _apart(_hide_split(_side_by_side(rows, parts), few, untold, k), parts)
    for name in COUNTED_ALONE:
        mask = hide_in_lines(_counts(rows[name]), k, few)
        hidden[name] = mask | (totals[name] & ~mask.any(axis=1))[:, None]
    return _with_what_follows(rows, hidden, few | totals["visits"][:, None], k)


def _hide_split(values: Table, few: Mask, untold: Mask, k: int) -> Mask:
    """Return which parts to hide, [tables, rows, parts]: all of a table that is `untold` [tables]."""
    mask = np.repeat(few[:, :, None] | untold[:, None, None], values.shape[2], axis=2)
    known = np.zeros(values.shape[2], dtype=bool)
    for table in np.flatnonzero(~untold & (few.any(axis=1) | too_few(values, k).any(axis=(1, 2)))):
        own = hide_in_table(values[table], k, few[table], known, mask[table])
        # An empty cell hides nothing beside it: nobody is fewer than none. So no row tells its split.
        mask[table] = own | (own & (values[table] == 0) & ~few[table, :, None]).any()
    return mask


def hide_heat_map(visits: Table, total: Hidden, k: int) -> Mask:
    """Return which cells of the heat map, [7, 24], are hidden; its sums by hour and by day may be told elsewhere."""
    if "visits" in total:
        return visits > 0
    return hide_in_table(visits, k, hide_in_line(visits.sum(axis=1), k), hide_in_line(visits.sum(axis=0), k))


def hide_parts_of_visitors(visitors: Table, total: Hidden, k: int) -> Mask:
    """Return which of the parts of all visitors are hidden."""
    return visitors > 0 if "visitors" in total else hide_in_line(visitors, k)


def _with_what_follows(rows: FigureColumns, hidden: HiddenColumns, all_of: Mask, k: int) -> HiddenColumns:
    """Return also what would tell a hidden figure of the same row, or follows from one; `all_of` these rows: each."""
    few_visitors = too_few(_counts(rows["visitors"]), k) | too_few(_counts(rows["returning_visitors"]), k)
    inside = hidden["came_in"] | hidden["went_out"]
    follows = {
        "visits": all_of,
        "visitors": few_visitors,
        "new_visitors": hidden["new"],
        "returning_visitors": hidden["new"] | few_visitors,
        "visits_per_visitor": hidden["undetermined"] | few_visitors,
        **dict.fromkeys(_DWELL, hidden["dwell_visits"]),
        **dict.fromkeys(_INSIDE, inside),
    }
    return {name: mask | all_of for name, mask in {**hidden, **follows}.items()}


def _names(hidden: HiddenColumns) -> list[Hidden]:
    return [frozenset(compress(hidden, row)) for row in np.stack(list(hidden.values()), axis=-1).tolist()]


def _counts(column: NDArray[np.float64]) -> Table:
    return np.nan_to_num(column).astype(np.int64)


def _side_by_side(rows: FigureColumns, parts: Sequence[str]) -> Table:
    return np.stack([_counts(rows[name]) for name in parts], axis=-1)


def _apart(mask: Mask, parts: Sequence[str]) -> dict[str, Mask]:
    return {name: mask[..., place] for place, name in enumerate(parts)}
