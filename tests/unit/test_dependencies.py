"""What a probe is told of dependencies: one that hangs is away, and is not asked again meanwhile."""

import threading

import pytest

from regulars.dependencies import Dependencies
from regulars.errors import ConfigurationRefused


def test_one_that_hangs_is_away_and_is_asked_once_until_it_answers() -> None:
    answers, asked = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        asked.release()
        answers.wait()

    dependencies = Dependencies({"hangs": hang, "fine": lambda: None}, within_s=0.05)
    assert [dependencies.answers() for _ in range(3)] == [{"hangs": "dependency_away", "fine": "ok"}] * 3
    assert asked.acquire(blocking=False)
    assert not asked.acquire(blocking=False), "it was asked again while a call to it hung"
    answers.set()
    while dependencies.answers()["hangs"] != "ok":
        pass
    dependencies.answers()
    assert asked.acquire(timeout=30), "it was not asked anew"


def test_each_is_told_by_its_own_code_and_a_fault_of_our_own_is_not_hidden() -> None:
    def refused() -> None:
        raise ConfigurationRefused("no bucket")

    def broken() -> None:
        raise ZeroDivisionError

    assert Dependencies({"objects": refused}, within_s=30).answers() == {"objects": "configuration_refused"}
    with pytest.raises(ZeroDivisionError):
        Dependencies({"objects": broken}, within_s=30).answers()
