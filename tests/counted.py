"""What tests count over a whole run, told at its end in whichever processes they ran."""

from collections import Counter

import pytest

WALKED: Counter[str] = Counter()
"""By tests/tenancy: routes, callers, answers, `failures`."""
MADE_UP: Counter[str] = Counter()
"""By tests/contract: requests that schemathesis made up, by caller and answer, and how many `failures`."""
OVERHEARD: Counter[str] = Counter()
"""By every gateway of the tests: the `answers` and `bytes` that were read for vectors and scores."""
_ALL = {"walked": WALKED, "made up": MADE_UP, "overheard": OVERHEARD}


def hand_over(config: pytest.Config) -> None:
    """Give what one of pytest-xdist's workers has counted to the process that tells it; elsewhere do nothing."""
    if given := getattr(config, "workeroutput", None):
        given["counted"] = {name: dict(counted) for name, counted in _ALL.items()}


def take_over(handed_over: dict[str, dict[str, int]]) -> None:
    """Add what a worker has counted."""
    for name, counted in handed_over.items():
        _ALL[name].update(counted)


def tell(reporter: pytest.TerminalReporter) -> None:
    """Say it all."""
    if WALKED:
        reporter.section("routes x roles x tenants x sites")
        for what, number in WALKED.items():
            reporter.write_line(f"{what}: {number}")
    if MADE_UP:
        failures = MADE_UP.pop("failures", 0)
        reporter.section(f"schemathesis: {MADE_UP.total()} cases, {failures} failures")
        for what, number in sorted(MADE_UP.items()):
            reporter.write_line(f"{what}: {number}")
    if OVERHEARD:
        read = f"{OVERHEARD['answers']:,} answers of {OVERHEARD['bytes']:,} bytes"
        reporter.section(f"overheard: {read}, no vector and no score")
