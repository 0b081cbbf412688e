"""Question: does the threshold keep its promise as the gallery grows? Strangers against 100, 500 and all people."""

from collections import Counter
from collections.abc import Sequence

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.gallery import Gallery
from compose.evaluation.people import Chance, Faces, shuffled, to_enrol
from regulars.ids import new_id

TITLE = "Realised against wanted FPIR, no retuning"
SIZES = {100: 8, 500: 5}
"""Gallery sizes and how many random galleries are drawn; everybody else is a stranger to each."""
FOLDS, ALL_DRAWS = 10, 3
"""For the whole set each tenth of the people is a stranger to the rest, with the gallery's images drawn anew."""


def gallery_growth(faces: Faces, chance: Chance) -> Answer:
    """Return the share of strangers called known, over the wanted share, at each size."""
    people = list(faces.people)
    if len(people) < 2 * max(SIZES):
        return unanswered(TITLE, f"at least {2 * max(SIZES)} people are needed")
    figures: dict[str, float] = {}
    notes: list[tuple[str, str]] = []
    for size, draws in SIZES.items():
        splits = [_split(shuffled(people, chance), size) for _ in range(draws)]
        _measure(faces, splits, str(size), figures, notes, chance)
    folded = [fold for _ in range(ALL_DRAWS) for fold in _folds(shuffled(people, chance))]
    _measure(faces, folded, "all", figures, notes, chance)
    return Answer(TITLE, figures, notes)


def _measure(
    faces: Faces,
    splits: Sequence[tuple[list[str], list[str]]],
    name: str,
    figures: dict[str, float],
    notes: list[tuple[str, str]],
    chance: Chance,
) -> None:
    asked, known, undetermined = Counter[str](), Counter[str](), 0
    for enrolled, strangers in splits:
        gallery = Gallery(faces.thresholds, faces.wanted_fpir, faces.dimension)
        for person in enrolled:
            vector = faces.maker.evidence(to_enrol(faces.people[person], 1, chance)).vector
            if vector is not None:
                gallery.put(new_id(), vector[None])
        for person in strangers:
            for face in faces.people[person]:
                outcome = gallery.decide(faces.maker.evidence([face])).outcome
                asked[face.still.gender] += 1
                known[face.still.gender] += outcome == "known"
                undetermined += outcome == "undetermined"
    figures[f"fpir_ratio_{name}"] = known.total() / asked.total() / faces.wanted_fpir
    by_gender = ", ".join(f"{gender} {known[gender] / asked[gender]:.4f}" for gender in sorted(asked))
    said = f"{known.total()} of {asked.total()} strangers called known ({by_gender})"
    said += f", {undetermined / asked.total():.4f} left undetermined"
    notes.append((f"gallery {name} ({len(splits[0][0])} people)", said))


def _split(mixed: list[str], size: int) -> tuple[list[str], list[str]]:
    return mixed[:size], mixed[size:]


def _folds(mixed: list[str]) -> list[tuple[list[str], list[str]]]:
    folds = [mixed[start::FOLDS] for start in range(FOLDS)]
    return [([one for other in folds if other is not fold for one in other], fold) for fold in folds]
