"""What comes of a case: a reason that a person understands, or what must not be."""

import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from regulars.errors import RegularsError

READ = "taken"
"""Nothing was wrong with it after all, or nothing that matters."""
TOO_LONG_S = 30.0
"""A case that takes longer hangs; the slowest here has a limit of its own of a few seconds."""
MOST_TRACES = 5


@dataclass
class Tally:
    """Cases of one kind: how many came to what, and what went wrong."""

    kind: str
    cases: int = 0
    crashes: int = 0
    hangs: int = 0
    server_errors: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])
    traces: list[str] = field(default_factory=list[str])

    def feed(self, tries: Callable[[Random], str], seed: int) -> None:
        """Try one case, which this seed alone makes."""
        self.cases += 1
        begun_s = time.monotonic()
        try:
            self.reasons[tries(Random(seed))] += 1
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            self.crashes += 1
            if len(self.traces) < MOST_TRACES:
                self.traces.append(f"{self.kind}, seed {seed}:\n{traceback.format_exc(limit=-4)}")
        if time.monotonic() - begun_s > TOO_LONG_S:
            self.hangs += 1
            self.traces.append(f"{self.kind}, seed {seed}: took {time.monotonic() - begun_s:.0f} s")

    def as_json(self) -> dict[str, Any]:
        """Return it as a child process hands it over."""
        return vars(self) | {"reasons": dict(self.reasons)}


def told(refused: RegularsError) -> str:
    """Return the refusal's reason; fail unless it comes with a sentence for a person, without a look inside."""
    sentence = str(refused)
    assert len(sentence) > 10, sentence
    assert "Traceback" not in sentence
    return getattr(refused, "reason", refused.code)
