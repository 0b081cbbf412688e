"""The decision of the recognize function: from a track's vector and people like it to Known, New or Undetermined."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from regulars.domain.faces import FloatArray, mean_vector

Outcome = Literal["known", "new", "undetermined", "staff", "rejected"]
Reason = Literal[
    "matched",
    "first_seen",
    "close_second",
    "grey_zone",
    "same_frame",
    "maybe_staff",
    "objected",
    "not_enough_quality_to_match",
    "not_enough_quality_to_enrol",
    "recognition_off",
    "no_face",
]

SMALLEST_GALLERY = 100
"""A gallery of fewer people gets the threshold of this one.

The impostor table compares unrelated photographs; people before one lens, in one light, are more alike than those, and
a handful of people would otherwise be searched with a threshold that such likeness reaches.
"""
GREY_FACTOR = 5.0
"""Between the match threshold and the one that this many times the wanted FPIR gives, nothing is decided.

`./run eval`, question quarter: at 10 one regular in a hundred more stays undetermined, at 3 more of them are enrolled a
second time than consolidation finds again (visitors 3 % off)."""
ADDING_FACTOR = 0.1
"""A template is only added by itself above the threshold of this share of the wanted FPIR: an error here would last."""
LEAD_DECADES = 0.2
"""The best person leads the second by the cosine of a fifth of a decade of FAR, so it follows each pack's own scale."""
STAFF_FACTOR = 0.7
"""A customer taken for staff is lost from every report, so staff is searched at this share of the wanted FPIR
(`./run eval`, question staff: more of it loses customers faster than it finds staff)."""


class Thresholds(Protocol):
    """A pack's impostor table."""

    def threshold_cosine(self, fpir: float, gallery_size: int) -> float:
        """Return the cosine a stranger reaches against `gallery_size` people with probability `fpir`."""
        ...


@dataclass(frozen=True, slots=True)
class Bars:
    """What a cosine is held against: `match_cosine` and above is known, below `grey_cosine` is somebody else."""

    match_cosine: float
    grey_cosine: float
    add_cosine: float
    lead_cosine: float


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the gallery: `vectors` is float32 [k, d], k >= 1, their templates."""

    subject_id: UUID
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person and how alike the track is to them, -1 to 1."""

    subject_id: UUID
    cosine: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Who it was. `subject_id` is set for `known` and `staff`; `sure` says the match is fit to learn from."""

    outcome: Outcome
    reason: Reason
    subject_id: UUID | None = None
    sure: bool = False


def bars_for(thresholds: Thresholds, wanted_fpir: float, people: int) -> Bars:
    """Return the bars for a search among `people` people at the wanted false-positive identification rate."""
    size = max(people, SMALLEST_GALLERY)

    def at(factor: float) -> float:
        return thresholds.threshold_cosine(min(0.5, wanted_fpir * factor), size)

    match_cosine = at(1.0)
    return Bars(match_cosine, at(GREY_FACTOR), at(ADDING_FACTOR), match_cosine - at(math.pow(10.0, LEAD_DECADES)))


def rank(vector: FloatArray, people: Sequence[Person]) -> list[Ranked]:
    """Return the people by falling likeness to `vector` (float32 [d]).

    A person's cosine is the mean of two: to their nearest template, and to the centroid of their templates. The
    nearest alone would let one odd template, among up to five, decide and so raise the error rate with every template
    added; the centroid alone would forget the look a person has only in winter.
    """
    ranked = [Ranked(person.subject_id, _cosine(vector, person.vectors)) for person in people]
    return sorted(ranked, key=lambda one: -one.cosine)


def decide(ranked: Sequence[Ranked], excluded: Collection[UUID], bars: Bars, *, may_enrol: bool) -> Decision:
    """Decide who among the customers it was.

    `excluded` were seen elsewhere in the same picture at the same time, so it is none of them. `may_enrol` says that
    the evidence is good enough to make somebody new. Undetermined: like two people (`close_second`), too like somebody
    to be new and not like enough to be them (`grey_zone`), a match only with somebody excluded (`same_frame`), or new
    and not well enough seen.
    """
    free = [one for one in ranked if one.subject_id not in excluded]
    if free and free[0].cosine >= bars.match_cosine:
        if len(free) > 1 and free[0].cosine - free[1].cosine < bars.lead_cosine:
            return Decision("undetermined", "close_second")
        sure = may_enrol and free[0].cosine >= bars.add_cosine
        return Decision("known", "matched", free[0].subject_id, sure)
    if ranked and ranked[0].cosine >= bars.match_cosine:
        return Decision("undetermined", "same_frame")
    if free and free[0].cosine >= bars.grey_cosine:
        return Decision("undetermined", "grey_zone")
    if not may_enrol:
        return Decision("undetermined", "not_enough_quality_to_enrol")
    return Decision("new", "first_seen")


def decide_with_staff(
    staff: Sequence[Ranked], staff_bars: Bars, customers: Sequence[Ranked], customer_decision: Decision
) -> Decision:
    """Put staff before customers: their own are matched first, and nobody like them is enrolled as a customer.

    Whoever matches staff is staff, unless a customer is the more alike by the lead. A face in the staff's grey zone
    is a customer only when it is a known one.
    """
    if not staff or staff[0].cosine < staff_bars.grey_cosine:
        return customer_decision
    best_customer = customers[0].cosine if customers else -1.0
    if staff[0].cosine >= staff_bars.match_cosine and best_customer - staff[0].cosine < staff_bars.lead_cosine:
        return Decision("staff", "matched", staff[0].subject_id)
    if customer_decision.outcome == "known" and best_customer > staff[0].cosine:
        return customer_decision
    return Decision("undetermined", "maybe_staff")


def _cosine(vector: FloatArray, templates: FloatArray) -> float:
    return (float((templates @ vector).max()) + float(mean_vector(templates) @ vector)) / 2
