"""Bad input against the real parts, from a seed: in child processes, so that a crash or a hang is seen and told."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.torture.bad_input.tally import Tally
from tests.torture.outcome import Refusals

CHECKOUT = Path(__file__).resolve().parents[3]
FED: tuple[tuple[str, float], ...] = (
    ("events", 0.1),
    ("manifests", 0.1),
    ("live pictures", 0.05),
    ("cursors", 0.05),
    ("access tokens", 0.05),
    ("photographs", 0.2),
    ("shots", 0.2),
    ("names", 0.1),
    ("reports", 0.15),
)
"""Kinds that work in memory, one after another, and which part of the time each has."""
FEEDING_SHARE = 0.45
"""The rest goes to what needs servers: requests to every route, and tracks that recognize reads from the store."""
REQUESTS_PER_S = 60.0
"""Below what two cores answer; how many requests are made up for the time follows from it."""
REQUESTS_PER_EXAMPLE = 1000.0
TRACKS_PER_S = 12.0
HANGS_AFTER_S = 120.0
"""Beyond its time, before a child counts as hanging and is ended."""


def refuse_bad_input(seed: int, seconds: float) -> Refusals:
    """Feed bad input for about that long and print what it came to; return the sums."""
    tallies = run_bad_input(seed, seconds)
    show(tallies)
    return Refusals(
        bad_inputs=sum(one.cases for one in tallies),
        crashes=sum(one.crashes for one in tallies),
        hangs=sum(one.hangs for one in tallies),
        server_errors=sum(one.server_errors for one in tallies),
    )


def run_bad_input(seed: int, seconds: float) -> list[Tally]:
    """Feed bad input for about that long; return a tally for each kind."""
    feeding = seconds * FEEDING_SHARE
    cameras = Child(["cameras"], seed, feeding)
    tallies = [tally for kind, share in FED for tally in Child([kind], seed, feeding * share).tallies()]
    tallies += cameras.tallies()
    tallies.append(_requests(seed, seconds * 0.4))
    tallies.append(_tracks(seed, seconds * 0.15))
    return merged(tallies)


def merged(tallies: Sequence[Tally]) -> list[Tally]:
    """Return one tally for each kind."""
    whole: dict[str, Tally] = {}
    for one in tallies:
        into = whole.setdefault(one.kind, Tally(one.kind))
        into.cases, into.crashes = into.cases + one.cases, into.crashes + one.crashes
        into.hangs, into.server_errors = into.hangs + one.hangs, into.server_errors + one.server_errors
        into.reasons += one.reasons
        into.traces += one.traces
    return list(whole.values())


def show(tallies: Sequence[Tally]) -> None:
    """Print what each kind came to, and the traces of what must not be."""
    console = Console(width=160)
    table = Table("kind", "cases", "crashes", "hangs", "server errors", "came to", title="bad input")
    for one in tallies:
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in one.reasons.most_common(8))
        table.add_row(one.kind, f"{one.cases:,}", *map(str, (one.crashes, one.hangs, one.server_errors)), reasons)
    console.print(table)
    for trace in [trace for one in tallies for trace in one.traces]:
        console.print(trace, highlight=False, markup=False)


class Child:
    """One process of `feeding`."""

    def __init__(self, kinds: Sequence[str], seed: int, seconds: float) -> None:
        self._kinds, self._within_s = kinds, seconds + HANGS_AFTER_S
        words = [sys.executable, "-m", "tests.torture.bad_input.feeding", str(seed), str(seconds), *kinds]
        self._process = subprocess.Popen(words, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def tallies(self) -> list[Tally]:
        """Wait for it; one that died is a crash, one that does not end a hang."""
        try:
            told, complained = self._process.communicate(timeout=self._within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return [Tally(kind, 1, hangs=1, traces=[f"{kind}: hung"]) for kind in self._kinds]
        if self._process.returncode or not told:
            died = f"died of {self._process.returncode}: {complained[-2000:].decode(errors='replace')}"
            return [Tally(kind, 1, crashes=1, traces=[f"{kind}: {died}"]) for kind in self._kinds]
        return [Tally(**one | {"reasons": Counter(one["reasons"])}) for one in json.loads(told)]


def _requests(seed: int, seconds: float) -> Tally:
    """Send made-up requests to every route of a gateway as every caller."""
    examples = max(1, round(seconds * REQUESTS_PER_S / REQUESTS_PER_EXAMPLE))
    told, tally = _suite("tests/contract/test_gateway.py", "requests", seconds, {
        "REGULARS_CONTRACT_EXAMPLES": str(examples), "REGULARS_CONTRACT_SEED": str(seed),
    })  # fmt: skip
    if found := re.search(r"schemathesis: (\d+) cases, (\d+) failures", told):
        tally.cases, tally.server_errors = int(found[1]), int(found[2])
        tally.crashes -= bool(tally.server_errors)
    for status, number in re.findall(r"^\w+: (\dxx): (\d+)$", told, re.MULTILINE):
        tally.reasons[status] += int(number)
    return tally


def _tracks(seed: int, seconds: float) -> Tally:
    """Let recognize read spoilt tracks from a real store: each is recognized or set aside, and none is lost."""
    groups = max(1, round(seconds * TRACKS_PER_S / 20))
    _, tally = _suite("tests/integration/recognize/test_hostile_manifests.py", "tracks", seconds, {
        "REGULARS_HOSTILE_MANIFESTS": str(groups), "REGULARS_HOSTILE_SEED": str(seed * 1_000_003),
    })  # fmt: skip
    tally.cases = groups * 20
    tally.reasons["recognized or set aside"] = 0 if tally.crashes else tally.cases
    return tally


def _suite(file: str, kind: str, seconds: float, told: dict[str, str]) -> tuple[str, Tally]:
    """Run a file of the suite with more cases than there; return what it printed and a tally with its failure."""
    words = [sys.executable, "-m", "pytest", "-q", "--timeout=3600", file]
    try:
        ran = subprocess.run(
            words, cwd=CHECKOUT, env=os.environ | told, capture_output=True, text=True, check=False,
            timeout=10 * seconds + 10 * HANGS_AFTER_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "", Tally(kind, 1, hangs=1, traces=[f"{kind}: hung"])
    if ran.returncode == 0:
        return ran.stdout, Tally(kind)
    return ran.stdout, Tally(kind, 1, crashes=1, traces=[ran.stdout[-6000:]])
