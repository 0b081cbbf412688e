"""What `./run torture` consists of. A runner takes its seed and its seconds; None: there is none yet."""

from collections.abc import Callable

from tests.torture.bad_input.running import refuse_bad_input
from tests.torture.outcome import Refusals

BadInputRunner = Callable[[int, float], Refusals]
"""(seed, seconds) to what bad input did: it feeds cases to the real parts until the seconds are over."""

BAD_INPUT: BadInputRunner | None = refuse_bad_input
