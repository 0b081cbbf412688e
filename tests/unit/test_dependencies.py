"""What a probe is told of dependencies: one that hangs is away, and is not asked again meanwhile."""

import threading

import pytest

from regulars.dependencies import Dependencies
from regulars.errors import ConfigurationRefused
from tests.waiting import PATIENCE_S, wait_for


def test_one_that_hangs_is_away_and_is_asked_once_until_it_answers() -> None:
    answers, asked = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        asked.release()
        answers.wait()

    dependencies = Dependencies({"hangs": hang, "fine": lambda: None}, within_s=0.05)
    assert [dependencies.answers()["hangs"] for _ in range(3)] == ["dependency_away"] * 3
    wait_for(lambda: dependencies.answers()["fine"] == "ok", "the other one answered in time")
    assert asked.acquire(timeout=PATIENCE_S)
    assert not asked.acquire(blocking=False), "it was asked again while a call to it hung"
    answers.set()
    wait_for(lambda: dependencies.answers()["hangs"] == "ok", "it was told to be back")
    dependencies.answers()
    assert asked.acquire(timeout=PATIENCE_S), "it was not asked anew"


def test_each_is_told_by_its_own_code_and_a_fault_of_our_own_is_not_hidden() -> None:
    def refused() -> None:
        raise ConfigurationRefused("no bucket")

    def broken() -> None:
        raise ZeroDivisionError

    assert Dependencies({"objects": refused}, within_s=PATIENCE_S).answers() == {"objects": "configuration_refused"}
    with pytest.raises(ZeroDivisionError):
        Dependencies({"objects": broken}, within_s=PATIENCE_S).answers()
