"""How benchmarks compare: turns, ratios turn by turn, and the rows of the file."""

from tests.bench.measuring import OURS, in_turns, percentile, rows_of
from tests.bench.table import as_table


def test_contestants_take_turns_and_none_always_follows_the_same() -> None:
    order: list[str] = []
    names = ("one", "two", "three")
    contestants = {name: lambda name=name: float(order.append(name) or len(order)) for name in names}
    figures = in_turns(contestants, 3, warm_up=False)
    assert order == ["one", "two", "three", "two", "three", "one", "three", "one", "two"]
    assert figures == {"one": [1, 6, 8], "two": [2, 4, 9], "three": [3, 5, 7]}


def test_the_ratio_is_the_median_of_the_turns_and_not_that_of_medians() -> None:
    figures = {OURS: [1.0, 10.0, 6.0], "peer": [2.0, 5.0, 6.0], "limit": [1.0, 5.0, 3.0]}
    [row] = rows_of("reports", "a week", "ms", figures, ["peer"], "limit")
    assert row.to_peer is not None
    assert (row.to_peer.low, row.to_peer.median, row.to_peer.high) == (0.75, 1.0, 1.5)
    assert row.as_json() == {
        "benchmark": "reports",
        "case": "a week",
        "value": 6.0,
        "unit": "ms",
        "peer": "peer",
        "peer_value": 5.0,
        "limit_value": 3.0,
        "ratio_to_peer": 1.0,
        "ratio_to_limit": 2.0,
    }
    assert "1.00 (0.75-1.50)" in as_table([row])


def test_a_figure_alone_has_a_row_too() -> None:
    [row] = rows_of("search", "memory", "MB", {OURS: [3.0]}, [], None)
    assert (row.value, row.peer, row.to_peer, row.as_json()["ratio_to_limit"]) == (3.0, None, None, None)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(one) for one in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([7.0], 0.99) == 7.0
