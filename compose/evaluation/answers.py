"""What a question answers with, and what the answers are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KEYS = (
    "verification_accuracy",
    "tpir_fpir_1pct",
    "tpir_fpir_03pct",
    "fused_fnir_ratio",
    "fpir_ratio_100",
    "fpir_ratio_500",
    "fpir_ratio_all",
    "quarter_false_returning",
    "quarter_returning_recognized",
    "quarter_visitors_error",
    "staff_excluded",
    "customers_lost_as_staff",
    "gender_accuracy",
    "gender_silent",
    "detection_recall",
    "detection_false",
    "in_error",
    "out_error",
    "direction_accuracy",
)
"""The keys of the JSON file, in its order; a question that the data cannot answer leaves its keys null."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure is right between `least` and `most`, both included."""

    least: float = float("-inf")
    most: float = float("inf")

    def met_by(self, figure: float) -> bool:
        """Say whether a figure is right."""
        return self.least <= figure <= self.most

    def __str__(self) -> str:
        if self.most == float("inf"):
            return f"at least {self.least:g}"
        return f"at most {self.most:g}" if self.least == float("-inf") else f"{self.least:g} to {self.most:g}"


TARGETS: Mapping[str, Target] = {
    "verification_accuracy": Target(least=0.993),
    "tpir_fpir_1pct": Target(least=0.905),
    "tpir_fpir_03pct": Target(least=0.87),
    "fused_fnir_ratio": Target(most=0.667),
    "fpir_ratio_100": Target(0.3, 1.5),
    "fpir_ratio_500": Target(0.3, 1.5),
    "fpir_ratio_all": Target(0.3, 1.5),
    "quarter_false_returning": Target(most=0.005),
    "quarter_returning_recognized": Target(least=0.95),
    "quarter_visitors_error": Target(most=0.03),
    "staff_excluded": Target(least=0.97),
    "customers_lost_as_staff": Target(most=0.002),
    "gender_accuracy": Target(least=0.98),
    "gender_silent": Target(most=0.1),
    "detection_recall": Target(least=0.95),
    "detection_false": Target(most=0.02),
    "in_error": Target(most=0.03),
    "out_error": Target(most=0.03),
    "direction_accuracy": Target(least=0.99),
}
"""What issue 3 asks of the default pack."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's table: `figures` under their JSON keys, and `notes`, what else was found, as (what, figure)."""

    title: str
    figures: Mapping[str, float]
    notes: Sequence[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def unanswered(title: str, why: str) -> Answer:
    """Return the answer of a question that this data cannot be asked."""
    return Answer(title, {}, [("not measured", why)])


def table_of(answer: Answer) -> list[str]:
    """Return the lines of an answer's table, figures with their targets first."""
    lines = [f"## {answer.title}", ""]
    for key, figure in answer.figures.items():
        target = TARGETS[key]
        verdict = "ok" if target.met_by(figure) else "SHORT"
        lines.append(f"{key:32} {figure:9.4f}   {target!s:16} {verdict}")
    lines += [f"{what:32} {figure}" for what, figure in answer.notes]
    return [*lines, ""]


def flat(answers: Sequence[Answer]) -> dict[str, float | None]:
    """Return every key with its figure, in the order of KEYS."""
    figures = {key: figure for answer in answers for key, figure in answer.figures.items()}
    return {key: round(figures[key], 6) if key in figures else None for key in KEYS}
