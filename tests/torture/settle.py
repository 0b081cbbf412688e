"""After the storm: cameras stop, and all that was late, lost or set aside is told again, as the night shift would."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from regulars.events import parse_events
from regulars.steps.index_templates import index_pending
from regulars.steps.recognize import Recognizer
from regulars.steps.reconcile import reconcile
from regulars.steps.replay import replay
from regulars.wiring import recognizer
from tests.torture.checks import check
from tests.torture.given_up import given_up
from tests.torture.outcome import Outcome
from tests.torture.scenes import people
from tests.torture.set_up import Beset
from tests.waiting import wait_for

A_DAY = timedelta(days=1)


def settle_and_check(outcome: Outcome, made: Beset, say: Callable[[str], None]) -> None:
    """Let all settle, and hold what came out against what was seen; counts as well when something never settles."""
    try:
        _settle(made, say)
    except pytest.fail.Exception as never:
        outcome.unsettled.append(str(never))
    spared = given_up(made.stage, made.box)
    say(f"counting; {len(spared)} tracks were given up because another worker had the camera by then")
    outcome.kept = check(made.stage, made.followed() - spared, people())


def _settle(beset: Beset, say: Callable[[str], None]) -> None:
    beset.stop_all()
    say("cameras are off, everything was sent")
    for part in ("recognize", "recognize-2", "gateway"):
        wait_for(partial(_is_up, beset, part), f"{part} runs", 120.0)
    today = recognizer(beset.box.settings())
    tomorrow = replace(today, clock=lambda: datetime.now(UTC) + A_DAY)
    try:
        told = _tell_late(beset, tomorrow)
        day = datetime.now(UTC).date()
        found = sum(len(one.handled) for one in reconcile(tomorrow, day - 2 * A_DAY, day + 2 * A_DAY))
        again = sum(1 for _ in replay(tomorrow))
        list(
            index_pending(
                engine=today.engine, vectors=today.vectors, pack=today.pack.digest, dimension=today.pack.dimension
            )
        )
        say(f"{told} events told a day late, {found} tracks found that no event had told, {again} replayed")
    finally:
        today.engine.dispose()


def _tell_late(beset: Beset, tomorrow: Recognizer) -> int:
    keys = [
        event.key for body in beset.box.relay.late for event in parse_events(body, {"content-type": "application/json"})
    ]
    for key in keys:
        tomorrow.handle(key)
    return len(keys)


def _is_up(beset: Beset, part: str) -> bool:
    return beset.box.supervisor.pid(part) is not None
