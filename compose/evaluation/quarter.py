"""Question: three months at one door. Every photograph is a visit; all come in random order, strangers among them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.consolidating import Consolidated, consolidate
from compose.evaluation.gallery import Gallery
from compose.evaluation.people import Chance, Faces
from compose.evaluation.seen_faces import SeenFace

TITLE = "A simulated quarter"
ORDERS = 6
"""How many random orders are played; the figures are their means."""
LEAST_PEOPLE = 50

Came = Literal["right", "wrong", "new", "undetermined"]


@dataclass(frozen=True, slots=True)
class _Visit:
    person: str
    first: bool
    outcome: str
    subject_id: UUID | None


@dataclass
class Quarter:
    """What one order of visits came to, at the door and in the report after consolidation.

    `first` and `later` count people's first and later visits by what was made of them: `right` (known, as themselves),
    `wrong` (known as somebody else), `new` or `undetermined`; `reported_…` the same after consolidation.
    """

    people: int
    customers_at_the_door: int
    customers: int
    merged_right: int
    merged_wrong: int
    proposed_right: int
    proposed_wrong: int
    first: Counter[str] = field(default_factory=Counter[str])
    later: Counter[str] = field(default_factory=Counter[str])
    reported_first: Counter[str] = field(default_factory=Counter[str])
    reported_later: Counter[str] = field(default_factory=Counter[str])


def quarter(faces: Faces, chance: Chance) -> Answer:
    """Return how often newcomers were taken for regulars, regulars recognized, and how far the visitors are off.

    The first two are as decided at the door, since nobody waits for the night; the visitors as consolidated.
    """
    if len(faces.people) < LEAST_PEOPLE:
        return unanswered(TITLE, f"at least {LEAST_PEOPLE} people are needed")
    played = [play(faces, chance) for _ in range(ORDERS)]
    first, later = _sum([one.first for one in played]), _sum([one.later for one in played])
    off = [abs(one.customers - one.people) / one.people for one in played]
    figures = {
        "quarter_false_returning": (first["right"] + first["wrong"]) / first.total(),
        "quarter_returning_recognized": later["right"] / max(1, later.total()),
        "quarter_visitors_error": sum(off) / len(off),
    }
    return Answer(TITLE, figures, _notes(played, first, later))


def play(faces: Faces, chance: Chance) -> Quarter:
    """Let every photograph arrive once, consolidate, and return what was counted."""
    gallery = Gallery(faces.thresholds, faces.wanted_fpir, faces.dimension)
    photographs = [face for held in faces.people.values() for face in held]
    seen: set[str] = set()
    order: list[int] = chance.permutation(len(photographs)).tolist()
    visits = [_arrive(photographs[place], faces, gallery, seen) for place in order]
    at_the_door = gallery.people
    founders = _founders(visits, {})
    done = consolidate(gallery)
    pairs = [(pair.one_id, pair.other_id) for pair in done.proposed]
    told = Quarter(
        people=len(seen),
        customers_at_the_door=at_the_door,
        customers=gallery.people,
        merged_right=sum(founders[one] == founders[other] for one, other in done.merged),
        merged_wrong=sum(founders[one] != founders[other] for one, other in done.merged),
        proposed_right=sum(founders[one] == founders[other] for one, other in pairs),
        proposed_wrong=sum(founders[one] != founders[other] for one, other in pairs),
    )
    for visit in visits:
        (told.first if visit.first else told.later)[_came(visit, founders, visit.outcome == "new")] += 1
    _report(visits, done, told)
    return told


def _arrive(face: SeenFace, faces: Faces, gallery: Gallery, seen: set[str]) -> _Visit:
    evidence = faces.maker.evidence([face])
    decision = gallery.decide(evidence)
    person = face.still.person
    visit = _Visit(person, person not in seen, decision.outcome, gallery.settle(evidence, decision))
    seen.add(person)
    return visit


def _report(visits: Sequence[_Visit], done: Consolidated, told: Quarter) -> None:
    """Count the visits again as the rebuilt report has them: a customer's first visit is new, the others return."""
    now: dict[UUID, UUID] = {}
    for kept, gone in done.merged:
        now = {one: kept if other == gone else other for one, other in now.items()} | {gone: kept}
    founders = _founders(visits, now)
    opened: set[UUID] = set()
    for visit in visits:
        customer_id = None if visit.subject_id is None else now.get(visit.subject_id, visit.subject_id)
        moved = _Visit(visit.person, visit.first, visit.outcome, customer_id)
        opens = customer_id is not None and customer_id not in opened
        (told.reported_first if visit.first else told.reported_later)[_came(moved, founders, opens)] += 1
        if customer_id is not None:
            opened.add(customer_id)


def _founders(visits: Sequence[_Visit], now: dict[UUID, UUID]) -> dict[UUID, str]:
    """Return whose visit was each customer's first."""
    founders: dict[UUID, str] = {}
    for visit in visits:
        if visit.subject_id is not None:
            founders.setdefault(now.get(visit.subject_id, visit.subject_id), visit.person)
    return founders


def _came(visit: _Visit, founders: dict[UUID, str], opens: bool) -> Came:
    if visit.subject_id is None:
        return "undetermined"
    if opens:
        return "new"
    return "right" if founders[visit.subject_id] == visit.person else "wrong"


def _notes(played: Sequence[Quarter], first: Counter[str], later: Counter[str]) -> list[tuple[str, str]]:
    reported_first = _sum([one.reported_first for one in played])
    reported_later = _sum([one.reported_later for one in played])
    one = played[0]
    merged = sum(one.merged_right for one in played), sum(one.merged_wrong for one in played)
    proposed = sum(one.proposed_right for one in played), sum(one.proposed_wrong for one in played)
    return [
        ("people, visits, orders", f"{one.people}, {one.first.total() + one.later.total()}, {len(played)}"),
        ("customers at the door", " ".join(str(one.customers_at_the_door) for one in played)),
        ("customers, consolidated", " ".join(str(one.customers) for one in played)),
        ("merges: right, wrong", f"{merged[0]}, {merged[1]} in all orders"),
        ("proposals: right, wrong", f"{proposed[0]}, {proposed[1]} in all orders"),
        ("first visits", _shares(first)),
        ("later visits", _shares(later)),
        ("first visits, reported", _shares(reported_first)),
        ("later visits, reported", _shares(reported_later)),
    ]


def _sum(counts: Sequence[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return total


def _shares(counts: Counter[str]) -> str:
    total = max(1, counts.total())
    return ", ".join(f"{outcome} {count / total:.4f}" for outcome, count in counts.most_common())
