"""Before a report leaves for an analyst or in a file: which cells would tell of too few people.

A cell is hidden when it counts fewer than k people, but not none. Others are hidden with it, so that no hidden cell
follows from the sums around it: in a line (a row or a column with its total) never one alone, never fewer than k people
in all, and none that the other lines give away. Every total is taken as known unless it is hidden itself.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.int64]
Mask = NDArray[np.bool_]


def too_few(values: Table, k: int) -> Mask:
    """Return which counts are of somebody, but of fewer than k people."""
    return (values > 0) & (values < k)


def hide_in_line(values: Table, k: int, hidden: Mask | None = None) -> Mask:
    """Return which cells of one line to hide when their sum is known: [n]; `hidden` are hidden in any case."""
    return hide_in_lines(values[None], k, None if hidden is None else hidden[None])[0]


def hide_in_lines(values: Table, k: int, hidden: Mask | None = None) -> Mask:
    """Return the same of many lines of one length, [lines, n]."""
    mask = too_few(values, k) if hidden is None else hidden | too_few(values, k)
    rows = np.flatnonzero(mask.any(axis=1))
    while rows.size:
        some, own = mask[rows], values[rows]
        weak = ~some.all(axis=1) & ((some.sum(axis=1) < 2) | ((own * some).sum(axis=1) < k))
        rows = rows[weak]
        mask[rows, _cheapest(own[weak], ~some[weak])] = True
    return mask


def hide_in_groups(values: Table, groups: Table, k: int) -> Mask:
    """Return which cells of a line to hide, [n], when the sum of each group is known: `groups` says whose each is.

    A group that is itself of fewer than k people is hidden together with another one.
    """
    mask = np.zeros(values.size, dtype=bool)
    names = np.unique(groups)
    small = hide_in_line(np.array([values[groups == name].sum() for name in names], dtype=np.int64), k)
    for name, is_small in zip(names, small, strict=True):
        inside = groups == name
        hidden = hide_in_line(values[inside], k)
        while is_small and hidden.sum() < min(2, hidden.size):
            hidden[_cheapest(values[inside], ~hidden)] = True
        mask[inside] = hidden
    return mask


def hide_in_table(values: Table, k: int, rows_hidden: Mask, columns_hidden: Mask, hidden: Mask | None = None) -> Mask:
    """Return which cells of a table [rows, columns] to hide; `hidden` are hidden in any case.

    Its row and column totals are known, except those that `rows_hidden` and `columns_hidden` name; of such a line
    enough is hidden that its total does not follow. In a line whose known total is none everybody knows each cell: to
    hide those hides nothing.
    """
    mask = too_few(values, k) if hidden is None else hidden | too_few(values, k)
    if not (mask.any() or rows_hidden.any() or columns_hidden.any()):
        return mask
    rows, columns = values.any(axis=1) | rows_hidden, values.any(axis=0) | columns_hidden
    unknown = np.ix_(rows, columns)
    mask[unknown] = _closed(values[unknown], mask[unknown], k, rows_hidden[rows], columns_hidden[columns])
    return mask


def _closed(values: Table, mask: Mask, k: int, rows_hidden: Mask, columns_hidden: Mask) -> Mask:
    """Return the hidden cells with those that have to be hidden beside them."""
    while values.size:
        cell = _weak_row(values, mask, k, rows_hidden)
        if cell is None and (turned := _weak_row(values.T, mask.T, k, columns_hidden)) is not None:
            cell = turned[1], turned[0]
        if cell is None:
            cell = _beside_a_bridge(values, mask, rows_hidden, columns_hidden)
        if cell is None:
            break
        mask[cell] = True
    return mask


def _weak_row(values: Table, mask: Mask, k: int, totals_hidden: Mask) -> tuple[int, int] | None:
    """Return a cell to hide in a row that gives something away, or None when no row does."""
    hidden = mask.sum(axis=1)
    people = (values * mask).sum(axis=1)
    known = ~totals_hidden
    weak = known & (hidden > 0) & ((hidden < 2) | (people < k))
    weak |= totals_hidden & (hidden < min(2, values.shape[1])) & (values.sum(axis=1) > 0)
    weak &= hidden < values.shape[1]
    for row in np.flatnonzero(weak):
        return int(row), _cheapest(values[row], ~mask[row], np.logical_or.reduce(mask, axis=0))
    return None


def _beside_a_bridge(values: Table, mask: Mask, rows_hidden: Mask, columns_hidden: Mask) -> tuple[int, int] | None:
    """Return a cell to hide because a hidden one follows from several lines together, or None.

    Hidden cells are edges between their row and their column, hidden totals edges to the table's corner: what is known
    are the sums at the nodes, so exactly those edges follow that are bridges.
    """
    rows, columns = values.shape
    edges = [(int(row), rows + int(column)) for row, column in np.argwhere(mask)]
    corner = rows + columns
    edges += [(int(row), corner) for row in np.flatnonzero(rows_hidden)]
    edges += [(rows + int(column), corner) for column in np.flatnonzero(columns_hidden)]
    for one, other in _bridges(corner + 1, edges):
        for row, column in ((one, None), (None, other - rows)):
            free = _free_cells(mask, row, column)
            if free.any():
                place = _cheapest(values.reshape(-1), free.reshape(-1))
                return place // columns, place % columns
    return None


def _free_cells(mask: Mask, row: int | None, column: int | None) -> Mask:
    """Return the cells of the row or column that are still shown."""
    free = np.zeros(mask.shape, dtype=bool)
    if row is not None and row < mask.shape[0]:
        free[row] = ~mask[row]
    if column is not None and 0 <= column < mask.shape[1]:
        free[:, column] = ~mask[:, column]
    return free


def _bridges(nodes: int, edges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the edges that lie on no circle: those of a spanning forest that no other edge goes around."""
    parent, depth, in_forest = _spanning_forest(nodes, edges)
    gone_around: set[int] = set()
    for number, edge in enumerate(edges):
        ends = list(edge) if number not in in_forest else [0, 0]
        while ends[0] != ends[1]:
            ends.sort(key=depth.__getitem__)
            ends[1], by = parent[ends[1]]
            gone_around.add(by)
    return [edges[number] for number in sorted(in_forest - gone_around)]


def _spanning_forest(nodes: int, edges: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[int], set[int]]:
    """Return each node's parent with the edge to it, its depth, and the edges that were used."""
    beside: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
    for number, (one, other) in enumerate(edges):
        beside[one].append((other, number))
        beside[other].append((one, number))
    parent, depth, used = [(-1, -1)] * nodes, [-1] * nodes, set[int]()
    for root in range(nodes):
        if depth[root] >= 0:
            continue
        depth[root] = 0
        waiting = [root]
        while waiting:
            node = waiting.pop()
            for other, number in beside[node]:
                if depth[other] < 0:
                    parent[other], depth[other] = (node, number), depth[node] + 1
                    used.add(number)
                    waiting.append(other)
    return parent, depth, used


def _cheapest(values: Table, shown: Mask, beside_hidden: NDArray[Any] | None = None) -> Any:
    """Return the place of each line's smallest shown cell with anybody in it, or of any when all are empty.

    Of cells alike one in a line where something is hidden anyway is taken: it takes less with it.
    """
    worth = 2.0 * np.where(values > 0, values, 1e15)
    if beside_hidden is not None:
        worth -= beside_hidden
    return np.argmin(np.where(shown, worth, np.inf), axis=-1)
