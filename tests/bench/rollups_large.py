"""Rolling up a day of ten million visits: see tests.bench.rollups."""

from collections.abc import Callable

from tests.bench import rollups
from tests.bench.measuring import Row

SITES = 11_700
"""With some 856 visits each, as many of them lie in a large town."""


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of this size of chain, of which nothing but that day is simulated: 22 GB on the disk."""
    return rollups.run(rounds or 1, say, place="ten-million", sizes=(SITES,), first=rollups.DAY)
