"""What a torture run found: the figures of its table and of its JSON. What was not run is None, never 0."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

ENOUGH_FAULTS, ENOUGH_TRACKS = 200, 2000
"""What a run of the usual length is to reach."""


@dataclass(frozen=True, slots=True)
class Suffered:
    """One fault: what was done to which part, when (seconds from the start), and how long until it worked again.

    `recovered_s` counts from the fault's beginning; None: it never came back.
    """

    kind: str
    part: str
    at_s: float
    recovered_s: float | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left after faults when all has settled; every figure but `tracks` has to be 0."""

    tracks: int
    tracks_lost: int
    visits_twice: int
    customers_twice: int
    orphan_shots: int
    template_mismatch: int
    rollup_mismatch: int


@dataclass(frozen=True, slots=True)
class Refusals:
    """What bad input did; every figure but `bad_inputs` has to be 0."""

    bad_inputs: int
    crashes: int
    hangs: int
    server_errors: int


@dataclass
class Outcome:
    """All of one run."""

    seed: int
    suffered: Sequence[Suffered] | None = None
    kept: Kept | None = None
    refusals: Refusals | None = None
    unsettled: list[str] = field(default_factory=list[str])
    """What never came about after the faults, though it was waited for."""
    left_out: list[str] = field(default_factory=list[str])
    """What could not be tried on this machine, each with its reason."""

    def figures(self) -> dict[str, int | None]:
        """Return the figures by the names they have in JSON."""
        faults = None if self.suffered is None else sum(one.recovered_s is not None for one in self.suffered)
        kept = asdict(self.kept) if self.kept else dict.fromkeys(Kept.__slots__)
        refusals = asdict(self.refusals) if self.refusals else dict.fromkeys(Refusals.__slots__)
        return {"faults": faults, **kept, **refusals}

    def wrong(self) -> list[str]:
        """Return a line for everything that must not be."""
        lines = [
            f"{name} = {figure}, must be 0"
            for name, figure in self.figures().items()
            if figure and name not in ("faults", "tracks", "bad_inputs")
        ]
        dead = [one for one in self.suffered or () if one.recovered_s is None]
        lines += self.unsettled
        return lines + [f"{one.kind} of {one.part} at {one.at_s:.0f} s: it never recovered" for one in dead]

    def write(self, file: Path) -> None:
        """Write the figures, every fault and what was left out as JSON."""
        listed = [asdict(one) for one in self.suffered or ()]
        told = {"seed": self.seed, **self.figures(), "listed": listed, "left_out": self.left_out, "wrong": self.wrong()}
        file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")

    def show(self) -> None:
        """Print every fault, and then the figures."""
        console = Console()
        if self.suffered:
            table = Table("at", "fault", "part", "worked again after", title=f"faults of seed {self.seed}")
            for one in self.suffered:
                after = "never" if one.recovered_s is None else f"{one.recovered_s:.1f} s"
                table.add_row(f"{one.at_s:.0f} s", one.kind, one.part, after)
            console.print(table)
        table = Table("figure", "value", title="torture")
        for name, figure in self.figures().items():
            table.add_row(name, "not run" if figure is None else f"{figure:,}")
        console.print(table)
        for line in [*(f"left out: {one}" for one in self.left_out), *self.wrong()]:
            console.print(line, highlight=False)
