"""What is hidden is enough: an attacker who knows every sum around a hidden cell cannot say what it was."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.reports.suppression import Mask, Table, hide_in_groups, hide_in_line, hide_in_table, too_few
from tests.unit.reports.attacking import given_away

K = 10
tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.one_of(st.integers(0, 14), st.just(0), st.integers(40, 90)),
        min_size=shape[0] * shape[1],
        max_size=shape[0] * shape[1],
    ).map(lambda cells: np.array(cells, dtype=np.int64).reshape(shape))
)


def follows(values: Table, mask: Mask, rows_hidden: Mask, columns_hidden: Mask) -> list[tuple[int, int]]:
    """Return the hidden cells of which only one value fits all that is shown."""
    hidden = [(int(row), int(column)) for row, column in np.argwhere(mask)]
    sums = [[float(cell[0] == row) for cell in hidden] for row in np.flatnonzero(~rows_hidden)]
    sums += [[float(cell[1] == column) for cell in hidden] for column in np.flatnonzero(~columns_hidden)]
    true = [int(values[cell]) for cell in hidden]
    return [hidden[place] for place in given_away(sums, true, range(len(hidden)))]


@settings(max_examples=60)
@given(tables)
def test_no_hidden_cell_of_a_table_follows_from_its_totals(values: Table) -> None:
    none = np.zeros(values.shape[0], dtype=bool), np.zeros(values.shape[1], dtype=bool)
    mask = hide_in_table(values, K, *none)
    assert not (too_few(values, K) & ~mask).any()
    for lines, shown in ((values, mask), (values.T, mask.T)):
        unknown = lines.any(axis=0)
        for line, hidden in zip(lines, shown, strict=True):
            assert not hidden.any() or hidden[unknown].all() or line[hidden].sum() >= K
    # Where a total is itself of fewer than K people, the caller hides the total.
    if (values.sum(axis=0) >= K).all() and (values.sum(axis=1) >= K).all():
        assert follows(values, mask, *none) == []


@settings(max_examples=60)
@given(tables)
def test_a_hidden_total_does_not_follow_from_its_parts(values: Table) -> None:
    rows_hidden, columns_hidden = hide_in_line(values.sum(axis=1), K), hide_in_line(values.sum(axis=0), K)
    mask = hide_in_table(values, K, rows_hidden, columns_hidden)
    wide = _with_totals(values)
    hidden = np.zeros(wide.shape, dtype=bool)
    hidden[:-1, :-1], hidden[:-1, -1], hidden[-1, :-1] = mask, rows_hidden, columns_hidden
    followed = follows_of_all(wide, hidden)
    if values.sum() >= 4 * K and min(rows_hidden.sum(), columns_hidden.sum()) < min(values.shape):
        assert followed == []


def _with_totals(values: Table) -> Table:
    tall = np.vstack([values, values.sum(axis=0)])
    return np.hstack([tall, tall.sum(axis=1, keepdims=True)])


def follows_of_all(wide: Table, hidden: Mask) -> list[tuple[int, int]]:
    """Return the hidden cells of few people, totals among them, of which one value fits: a line's last is its total."""
    cells = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
    sums: list[list[float]] = []
    for axis in (0, 1):
        last = wide.shape[1 - axis] - 1
        sums += [
            [0.0 if cell[axis] != line else (-1.0 if cell[1 - axis] == last else 1.0) for cell in cells]
            for line in range(wide.shape[axis])
        ]
    true = [int(wide[cell]) for cell in cells]
    few = [place for place, value in enumerate(true) if 0 < value < K]
    return [cells[place] for place in given_away(sums, true, few)]


@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_a_line_hides_two_at_least_and_never_fewer_than_k_people(cells: list[int]) -> None:
    values = np.array(cells, dtype=np.int64)
    mask = hide_in_line(values, K)
    assert mask.all() or not mask.any() or (mask.sum() >= 2 and values[mask].sum() >= K)
    assert mask.any() == too_few(values, K).any()


def test_each_group_is_closed_in_itself() -> None:
    values, groups = np.array([3, 50, 60, 70]), np.array([0, 1, 0, 1])
    assert hide_in_groups(values, groups, K).tolist() == [True, False, True, False]


def test_what_is_empty_for_sure_hides_nothing() -> None:
    values, none = np.array([[0, 10, 1], [0, 0, 0], [0, 0, 40]]), np.zeros(3, dtype=bool)
    assert hide_in_table(values, K, none, none).tolist() == [
        [False, True, True],
        [False, False, False],
        [False, True, True],
    ]


def test_little_is_hidden_where_little_has_to_be() -> None:
    values = np.full((7, 24), 100)
    values[2, 3] = 4
    none = np.zeros(7, dtype=bool), np.zeros(24, dtype=bool)
    assert hide_in_table(values, K, *none).sum() == 4
