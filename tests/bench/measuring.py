"""How every benchmark measures: contestants take turns in one run, and what is told is the median of each turn's ratio.

A machine's speed drifts and others work on it: a ratio of two figures taken one after the other hardly moves with it.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Contestant = Callable[[], float]
"""Does the work once and returns its figure, in the case's unit."""
OURS = "regulars"


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the turns' ratios, and the quarters around it."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: our figure, that of one peer and the limit, with the ratios ours / theirs.

    Whether a ratio above 1 is good follows from the unit: of `frames/s` it is, of `ms` it is not. None: there is none.
    """

    benchmark: str
    case: str
    value: float
    unit: str
    peer: str | None = None
    peer_value: float | None = None
    limit: str | None = None
    limit_value: float | None = None
    to_peer: Spread | None = None
    to_limit: Spread | None = None

    def as_json(self) -> dict[str, str | float | None]:
        """Return it as the file holds it."""
        return {
            "benchmark": self.benchmark,
            "case": self.case,
            "value": self.value,
            "unit": self.unit,
            "peer": self.peer,
            "peer_value": self.peer_value,
            "limit_value": self.limit_value,
            "ratio_to_peer": self.to_peer.median if self.to_peer else None,
            "ratio_to_limit": self.to_limit.median if self.to_limit else None,
        }


def in_turns(contestants: Mapping[str, Contestant], rounds: int, *, warm_up: bool = True) -> dict[str, list[float]]:
    """Return each one's figures, [rounds]; every round another one begins, so that none always follows the same."""
    names = list(contestants)
    if warm_up:
        for work in contestants.values():
            work()
    figures: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            figures[name].append(contestants[name]())
    return figures


def compare(
    benchmark: str,
    case: str,
    unit: str,
    ours: Contestant,
    *,
    peers: Mapping[str, Contestant] | None = None,
    limit: tuple[str, Contestant] | None = None,
    rounds: int,
    warm_up: bool = True,
) -> list[Row]:
    """Return a row for each peer, or one without a peer where there is none."""
    contestants = {OURS: ours, **(peers or {})} | ({limit[0]: limit[1]} if limit else {})
    figures = in_turns(contestants, rounds, warm_up=warm_up)
    return rows_of(benchmark, case, unit, figures, list(peers or {}), limit[0] if limit else None)


def rows_of(
    benchmark: str,
    case: str,
    unit: str,
    figures: Mapping[str, Sequence[float]],
    peers: Sequence[str],
    limit: str | None,
) -> list[Row]:
    """Return the rows of figures that were taken in turns."""
    mine = figures[OURS]
    return [
        Row(
            benchmark,
            case,
            statistics.median(mine),
            unit,
            peer,
            statistics.median(figures[peer]) if peer else None,
            limit,
            statistics.median(figures[limit]) if limit else None,
            ratio(mine, figures[peer]) if peer else None,
            ratio(mine, figures[limit]) if limit else None,
        )
        for peer in (peers or [None])
    ]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Return the spread of the ratios turn by turn."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    if len(ratios) == 1:
        return Spread(ratios[0], ratios[0], ratios[0])
    low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return Spread(median, low, high)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the processor time of this process for the work, in milliseconds: what others do here hardly counts."""
    begun_s = time.process_time()
    work()
    return (time.process_time() - begun_s) * 1000


def wall_ms(work: Callable[[], object]) -> float:
    """Return how long the work took, in milliseconds: where another process does part of it."""
    begun_s = time.perf_counter()
    work()
    return (time.perf_counter() - begun_s) * 1000
