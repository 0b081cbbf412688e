"""Goes on with the next piece of work when one of them fails: that one may be why."""

from collections.abc import Generator
from contextlib import contextmanager

from regulars.errors import DependencyAway

IN_A_ROW = 3
"""So many pieces one after another that get no answer, and what they need is away for all."""


class GoingOn:
    """Keeps what pieces of work fail by, of this `kind`; raises it at once when nothing answers any more."""

    def __init__(self, kind: type[Exception] = DependencyAway) -> None:
        self._kind = kind
        self._away_in_a_row = 0
        self.failures = list[Exception]()

    @contextmanager
    def piece(self) -> Generator[None]:
        """Have the rest go on after this piece. Raises DependencyAway after IN_A_ROW in a row that got no answer."""
        try:
            yield
        except self._kind as failure:
            self._away_in_a_row = self._away_in_a_row + 1 if isinstance(failure, DependencyAway) else 0
            if self._away_in_a_row >= IN_A_ROW:
                raise
            self.failures.append(failure)
        else:
            self._away_in_a_row = 0

    def end(self) -> None:
        """Say that all were tried. Raises what the last one that failed did."""
        if self.failures:
            raise self.failures[-1]
