"""Goes on with the next piece of work when one meets something that does not answer: that one may be why."""

from collections.abc import Callable
from typing import TypeVar

from regulars.errors import DependencyAway

IN_A_ROW = 3
"""So many pieces one after another, and what they need is away for all."""
Done = TypeVar("Done")


class GoingOn:
    """Tries each piece of work; what did not answer is raised once all were tried, or at once when nothing answers."""

    def __init__(self) -> None:
        self._away: DependencyAway | None = None
        self._in_a_row = 0

    def tried(self, work: Callable[[], Done]) -> Done | None:
        """Return what the work returns, or None where something did not answer. Raises DependencyAway."""
        try:
            done = work()
        except DependencyAway as away:
            self._away = away
            self._in_a_row += 1
            if self._in_a_row >= IN_A_ROW:
                raise
            return None
        self._in_a_row = 0
        return done

    def end(self) -> None:
        """Say that all were tried. Raises DependencyAway where one of them was not done."""
        if self._away:
            raise self._away
