"""What samples show: their slopes, and pictures of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from tests.torture.sampling import TAKEN, Floats, Sample


def slopes(samples: Sequence[Sample], since_s: float) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return by part, for each of TAKEN, from `since_s` on: its mean, and its growth an hour (least squares)."""
    late = [one for one in samples if one.at_s >= since_s]
    parts = sorted({name for one in late for name in one.taken})
    found: dict[str, tuple[tuple[float, float], ...]] = {}
    for part in parts:
        rows = np.array([(one.at_s, *one.taken[part]) for one in late if part in one.taken])
        if len(rows) > 2:
            grows = [float(np.polyfit(rows[:, 0], rows[:, 1 + number], 1)[0]) * 3600 for number in range(len(TAKEN))]
            found[part] = tuple(zip(rows[:, 1:].mean(axis=0).tolist(), grows, strict=True))
    return found


def draw(file: Path, title: str, samples: Sequence[Sample], latencies: Floats, marks: dict[str, float]) -> None:
    """Draw latency, memory, dropped pictures and waiting tracks over the minutes; `marks` names moments (seconds)."""
    figure = Figure(figsize=(9, 11), dpi=110, layout="constrained")
    late, memory, frames, waiting = figure.subplots(4, sharex=True)
    minutes = np.array([one.at_s for one in samples]) / 60
    late.plot(latencies[:, 0] / 60, latencies[:, 1], ".", markersize=2, alpha=0.4)
    late.set(yscale="log", ylabel="latency: track over to sighting, s", title=title)
    for part in sorted({name for one in samples for name in one.taken}):
        memory.plot(minutes, [one.taken.get(part, (np.nan,))[0] for one in samples], label=part)
    memory.set(ylabel="memory, MB", ylim=(0, None))
    memory.legend(fontsize=7, ncols=4)
    decoded = np.diff([one.decoded for one in samples], prepend=np.nan)
    dropped = np.diff([one.dropped for one in samples], prepend=np.nan)
    steps = np.diff(minutes * 60, prepend=np.nan)
    frames.plot(minutes, np.maximum(decoded, 0) / steps, label="decoded")
    frames.plot(minutes, np.maximum(dropped, 0) / steps, label="dropped unseen")
    frames.set(ylabel="pictures a second")
    frames.legend()
    waiting.plot(minutes, [one.waiting for one in samples])
    waiting.set(ylabel="tracks that wait in spools", xlabel="minutes", ylim=(0, None))
    for axes in (late, memory, frames, waiting):
        axes.grid(visible=True, alpha=0.25)
        for name, at_s in marks.items():
            axes.axvline(at_s / 60, color="grey", linewidth=0.8)
            if axes is late:
                axes.annotate(name, (at_s / 60, 1.0), xycoords=("data", "axes fraction"), fontsize=7, rotation=60)
    figure.savefig(file)  # pyright: ignore[reportUnknownMemberType]
