"""How every flow does its chore: in the process that runs it, with its lines and numbers in Prefect's log."""

from datetime import datetime
from typing import ParamSpec

from prefect import get_run_logger

from regulars.chores.shift import Chore, Numbers

Given = ParamSpec("Given")


def on_shift(chore: Chore[Given], now: datetime | None, *given: Given.args, **named: Given.kwargs) -> Numbers:
    """Do the chore and return its numbers. Raises what it raises: Prefect tries again."""
    log = get_run_logger()
    numbers = chore.run(now, "flow", log.info, *given, **named)
    log.info("%s: %s", chore.name, ", ".join(f"{count} {what}" for what, count in numbers.items()))
    return numbers
