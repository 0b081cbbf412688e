"""Last in the evaluation: the curves behind the tables, as PNG."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from compose.evaluation.open_set import Trial
from compose.evaluation.verification import PairScores
from regulars.domain.calibration import ThresholdTable

SIZE_INCHES, DOTS_PER_INCH = (7.2, 4.8), 140
SHOWN_FAR = (1e-3, 1e-4, 1e-5)


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of the DET plot."""

    name: str
    trial: Trial


def draw_curves(curves: Sequence[Curve], path: Path) -> None:
    """Draw detection error trade-off: share of known people missed over share of strangers called known, both log.

    `path` is the PNG's; an SVG is written beside it.
    """
    figure, axes = _figure()
    for curve in curves:
        fpir = np.geomspace(max(1e-4, 1 / len(curve.trial.strangers)), 0.2, 40)
        axes.plot(fpir, [max(curve.trial.fnir_at(float(one)), 1e-4) for one in fpir], label=curve.name)
    axes.set(xscale="log", yscale="log", xlabel="FPIR: strangers called known", ylabel="FNIR: known people missed")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend()
    figure.savefig(path)
    # The same as text, for documents that must not hold binaries.
    plotting: Any = mpl
    with plotting.rc_context({"svg.fonttype": "none", "svg.hashsalt": "regulars"}):
        figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})


def draw_scores(scores: PairScores, thresholds: ThresholdTable, path: Path) -> None:
    """Draw the cosines of pairs of one person and of two, with where the pack's table puts a few FARs."""
    figure, axes = _figure()
    bins = np.linspace(-0.3, 1.0, 90).tolist()
    axes.hist(scores.cosines[~scores.same], bins, alpha=0.6, label="two people")
    axes.hist(scores.cosines[scores.same], bins, alpha=0.6, label="one person")
    for far in SHOWN_FAR:
        cosine = thresholds.cosine_at_far(far)
        axes.axvline(cosine, color="0.3", linewidth=0.8)
        axes.annotate(f"FAR {far:g}", (cosine, axes.get_ylim()[1]), rotation=90, ha="right", va="top", fontsize=8)
    axes.set(xlabel="cosine", ylabel="pairs")
    axes.legend()
    figure.savefig(path)


def _figure() -> tuple[Any, Any]:
    """Return an empty figure and its axes, whose types are half told."""
    figure = Figure(SIZE_INCHES, DOTS_PER_INCH, layout="constrained")
    return figure, figure.add_subplot()
