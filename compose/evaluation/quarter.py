"""Question: three months at one door. Every photograph is a visit; all come in random order, strangers among them."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.gallery import Gallery
from compose.evaluation.people import Chance, Faces
from compose.evaluation.seen_faces import SeenFace

TITLE = "A simulated quarter"
ORDERS = 4
"""How many random orders are played; the figures are their means."""
LEAST_PEOPLE = 50


@dataclass
class Quarter:
    """What one order of visits came to."""

    people: int = 0
    customers: int = 0
    first: Counter[str] = field(default_factory=Counter[str])
    """What was made of people's first visits, by outcome."""
    later: Counter[str] = field(default_factory=Counter[str])
    """What was made of their later visits: `right`, `wrong` (known as somebody else), `new`, `undetermined`, …"""


def quarter(faces: Faces, chance: Chance) -> Answer:
    """Return how often newcomers were taken for regulars, regulars recognized, and how far the visitors are off."""
    if len(faces.people) < LEAST_PEOPLE:
        return unanswered(TITLE, f"at least {LEAST_PEOPLE} people are needed")
    played = [play(faces, chance) for _ in range(ORDERS)]
    first, later = _sum([one.first for one in played]), _sum([one.later for one in played])
    off = [abs(one.customers - one.people) / one.people for one in played]
    figures = {
        "quarter_false_returning": first["known"] / first.total(),
        "quarter_returning_recognized": later["right"] / max(1, later.total()),
        "quarter_visitors_error": sum(off) / len(off),
    }
    notes = [
        (
            "people, visits, orders",
            f"{played[0].people}, {played[0].first.total() + played[0].later.total()}, {ORDERS}",
        ),
        ("customers in each order", " ".join(str(one.customers) for one in played)),
        ("first visits", _shares(first)),
        ("later visits", _shares(later)),
    ]
    return Answer(TITLE, figures, notes)


def play(faces: Faces, chance: Chance) -> Quarter:
    """Let every photograph arrive once and return what was counted."""
    gallery = Gallery(faces.thresholds, faces.wanted_fpir, faces.dimension)
    visits = [face for held in faces.people.values() for face in held]
    founders: dict[UUID, str] = {}
    told = Quarter()
    seen: set[str] = set()
    for place in chance.permutation(len(visits)):
        _arrive(visits[int(place)], faces, gallery, founders, seen, told)
    told.people, told.customers = len(seen), gallery.people
    return told


def _arrive(
    face: SeenFace, faces: Faces, gallery: Gallery, founders: dict[UUID, str], seen: set[str], told: Quarter
) -> None:
    person = face.still.person
    evidence = faces.maker.evidence([face])
    decision = gallery.decide(evidence)
    subject_id = gallery.settle(evidence, decision)
    if subject_id is not None:
        founders.setdefault(subject_id, person)
    if person not in seen:
        seen.add(person)
        told.first[decision.outcome] += 1
    elif decision.outcome == "known" and subject_id is not None:
        told.later["right" if founders[subject_id] == person else "wrong"] += 1
    else:
        told.later[decision.outcome] += 1


def _sum(counts: list[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counts:
        total += one
    return total


def _shares(counts: Counter[str]) -> str:
    total = max(1, counts.total())
    return ", ".join(f"{outcome} {count / total:.4f}" for outcome, count in counts.most_common())
