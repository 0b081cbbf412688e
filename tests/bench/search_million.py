"""The nearest templates in a gallery of a million: see tests.bench.search."""

from collections.abc import Callable

from tests.bench import search
from tests.bench.measuring import Row


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of this size of gallery."""
    return search.run(rounds, say, sizes=(1_000_000,))
