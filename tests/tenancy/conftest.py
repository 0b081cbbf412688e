"""What these tests stand on; the run ends with what was walked."""

from collections import Counter

import pytest

from tests.integration.gateway.conftest import gateway_settings, world
from tests.recognizing import engine, objects, opens, owner, recognizer, recognizer_alone, shop, vectors

__all__ = [
    "engine",
    "gateway_settings",
    "objects",
    "opens",
    "owner",
    "recognizer",
    "recognizer_alone",
    "shop",
    "vectors",
    "world",
]
_WALKED = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def walked(request: pytest.FixtureRequest) -> Counter[str]:
    """How many of what were tried; told at the end of the run."""
    return request.config.stash.setdefault(_WALKED, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many routes were asked by how many callers about whose things."""
    counted = config.stash.get(_WALKED, None)
    if counted:
        terminalreporter.section("routes x roles x tenants x sites")
        for what, number in counted.items():
            terminalreporter.write_line(f"{what}: {number}")
