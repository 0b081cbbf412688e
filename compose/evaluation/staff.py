"""Question: are waiters kept out of the figures, and are no customers lost with them?"""

from dataclasses import dataclass

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.gallery import Gallery
from compose.evaluation.people import Chance, Faces, shuffled, to_enrol
from compose.evaluation.seen_faces import SeenFace
from regulars.domain.matching import STAFF_FACTOR, decide_with_staff
from regulars.domain.quality import may_match
from regulars.ids import new_id

TITLE = "Staff with two photographs each, among customers"
STAFF = 40
PHOTOGRAPHS = 2
DRAWS = 12
LEAST_CUSTOMERS = 100


@dataclass
class _Tally:
    staff_visits: int = 0
    excluded: int = 0
    doubtful: int = 0
    customer_visits: int = 0
    lost: int = 0


def staff_among_customers(faces: Faces, chance: Chance) -> Answer:
    """Return the shares of staff visits excluded and of customer visits taken for staff; each image is a visit.

    In each draw 40 random people with three images or more, two of them good enough to be enrolled with, are staff;
    everybody comes in random order, and customers are enrolled as they come.
    """
    enough = [one for one in faces.with_at_least(PHOTOGRAPHS + 1) if _can_be_staff(faces.people[one])]
    if len(enough) < STAFF or len(faces.people) < STAFF + LEAST_CUSTOMERS:
        return unanswered(TITLE, f"{STAFF} people with three images and {LEAST_CUSTOMERS} others are needed")
    tally = _Tally()
    for _ in range(DRAWS):
        _one_day(faces, shuffled(enough, chance)[:STAFF], tally, chance)
    figures = {
        "staff_excluded": tally.excluded / tally.staff_visits,
        "customers_lost_as_staff": tally.lost / tally.customer_visits,
    }
    notes = [
        ("staff visits, customer visits", f"{tally.staff_visits}, {tally.customer_visits} in {DRAWS} draws"),
        ("staff visits left undetermined", f"{tally.doubtful / tally.staff_visits:.4f}"),
        ("staff visits taken for customers", f"{1 - (tally.excluded + tally.doubtful) / tally.staff_visits:.4f}"),
    ]
    return Answer(TITLE, figures, notes)


def _can_be_staff(held: list[SeenFace]) -> bool:
    return sum(may_match(face.quality) for face in held) >= PHOTOGRAPHS


def _photographs(held: list[SeenFace], chance: Chance) -> list[SeenFace]:
    """Return random ones to enrol a person with: enrolling refuses those that may not be matched."""
    return [face for face in to_enrol(held, len(held), chance) if may_match(face.quality)][:PHOTOGRAPHS]


def _one_day(faces: Faces, members: list[str], tally: _Tally, chance: Chance) -> None:
    staff = Gallery(faces.thresholds, faces.wanted_fpir * STAFF_FACTOR, faces.dimension)
    customers = Gallery(faces.thresholds, faces.wanted_fpir, faces.dimension)
    photographs: list[SeenFace] = []
    for member in members:
        chosen = _photographs(faces.people[member], chance)
        subject_id = new_id()
        for face in chosen:
            vector = faces.maker.evidence([face]).vector
            if vector is not None:
                staff.put(subject_id, vector[None])
        photographs += chosen
    visits = [face for held in faces.people.values() for face in held if face not in photographs]
    for place in chance.permutation(len(visits)):
        _visit(faces, visits[int(place)], set(members), (staff, customers), tally)


def _visit(faces: Faces, face: SeenFace, members: set[str], galleries: tuple[Gallery, Gallery], tally: _Tally) -> None:
    staff, customers = galleries
    evidence = faces.maker.evidence([face])
    decision = customers.decide(evidence)
    if evidence.vector is not None:
        among = customers.ranked(evidence.vector)
        decision = decide_with_staff(staff.ranked(evidence.vector), staff.bars(), among, decision)
    if decision.outcome != "staff":
        customers.settle(evidence, decision)
    if face.still.person in members:
        tally.staff_visits += 1
        tally.excluded += decision.outcome == "staff"
        tally.doubtful += decision.outcome == "undetermined"
    else:
        tally.customer_visits += 1
        tally.lost += decision.outcome == "staff"
