"""What the gateway's contract tests stand on; the run ends with how many requests were made up."""

from collections import Counter

import pytest

from tests.integration.gateway.conftest import gateway_settings, world

__all__ = ["gateway_settings", "world"]
_MADE_UP = pytest.StashKey[Counter[str]]()


@pytest.fixture(scope="session")
def made_up(request: pytest.FixtureRequest) -> Counter[str]:
    """How many requests were made up, by caller, and how many `failures`; told at the end of the run."""
    return request.config.stash.setdefault(_MADE_UP, Counter())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many requests schemathesis has made up and how they were answered."""
    counted = config.stash.get(_MADE_UP, None)
    if counted:
        failures = counted.pop("failures")
        terminalreporter.section(f"schemathesis: {counted.total()} cases, {failures} failures")
        for what, number in sorted(counted.items()):
            terminalreporter.write_line(f"{what}: {number}")
