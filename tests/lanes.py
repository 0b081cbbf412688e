"""What pytest-xdist gives to the same process, where `./run test` runs two beside each other.

A folder stays together, for the servers that its tests share. The whole system and the browser keep both cores of a
small machine busy: all of their tests go to one process, and first, so that what is left at the end is small.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

HEAVY = ("tests/story/", "tests/e2e/")


class Lanes(LoadScopeScheduling):
    """Gives out what is heavy as one, and then folder by folder in their order."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # the folders of most tests are not the longest

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "heavy" if file.startswith(HEAVY) else file.rpartition("/")[0]


def heavy_first(items: list[pytest.Item]) -> None:
    """Order the tests so."""
    items.sort(key=lambda item: not item.nodeid.startswith(HEAVY))
