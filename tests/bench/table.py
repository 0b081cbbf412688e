"""What a run of benchmarks leaves: a table for the terminal, JSON, and a picture of its ratios."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.measuring import Row, Spread

_HEAD = ("case", "regulars", "unit", "peer", "its figure", "ours/peer", "limit", "its figure", "ours/limit")


def as_table(rows: Sequence[Row]) -> str:
    """Return the rows as aligned text, a paragraph for each benchmark."""
    parts: list[str] = []
    for benchmark in dict.fromkeys(row.benchmark for row in rows):
        lines = [_HEAD, *(_cells(row) for row in rows if row.benchmark == benchmark)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
        told = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
        parts.append("\n".join([benchmark, *(line.rstrip() for line in told)]))
    return "\n\n".join(parts) + "\n"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.case,
        _number(row.value),
        row.unit,
        row.peer or "",
        _number(row.peer_value),
        _ratio(row.to_peer),
        row.limit or "",
        _number(row.limit_value),
        _ratio(row.to_limit),
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _ratio(spread: Spread | None) -> str:
    return f"{spread.median:.2f} ({spread.low:.2f}-{spread.high:.2f})" if spread else ""


def write_json(rows: Sequence[Row], file: Path) -> None:
    """Write the rows as a list."""
    file.write_text(json.dumps([row.as_json() for row in rows], indent=1) + "\n", encoding="utf-8")


def draw(rows: Sequence[Row], folder: Path, machine: str) -> list[Path]:
    """Draw each benchmark's ratios as bars beside 1; return the files."""
    from matplotlib.figure import Figure  # takes a second, which who only reads the table is spared

    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for benchmark in dict.fromkeys(row.benchmark for row in rows):
        bars = _bars([row for row in rows if row.benchmark == benchmark])
        if not bars:
            continue
        figure: Any = Figure((10, 1.2 + 0.35 * len(bars)), 110, layout="constrained")
        axes: Any = figure.add_subplot()
        for place, (label, spread, color) in enumerate(reversed(bars)):
            axes.barh(place, spread.median, color=color, height=0.7)
            axes.plot([spread.low, spread.high], [place, place], color="black", linewidth=1)
            axes.text(spread.high, place, f" {spread.median:.2f}  {label}", va="center", fontsize=8)
        axes.axvline(1.0, color="black", linewidth=0.8)
        axes.set_xlim(0, 2.2 * max(spread.high for _, spread, _ in bars))
        axes.set_yticks([])
        axes.set_xlabel("ours / theirs, median of the rounds and the quarters around it", fontsize=8)
        axes.set_title(f"{benchmark}\n{machine}", fontsize=9, loc="left")
        file = folder / f"{benchmark}.png"
        figure.savefig(file)
        files.append(file)
    return files


def _bars(rows: Sequence[Row]) -> list[tuple[str, Spread, str]]:
    """Return label, ratio and colour of each: peers blue, limits orange."""
    bars = [(f"{row.case} / {row.peer}, {row.unit}", row.to_peer, "tab:blue") for row in rows if row.to_peer]
    bars += [(f"{row.case} / {row.limit}, {row.unit}", row.to_limit, "tab:orange") for row in rows if row.to_limit]
    return [(label, spread, color) for label, spread, color in dict.fromkeys(bars)]
