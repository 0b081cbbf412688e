"""Shared by the questions: the faces that were found, by person, and how they are drawn for a trial."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compose.evaluation.seen_faces import SeenFace
from compose.evaluation.tracks import TrackMaker
from regulars.domain.calibration import ThresholdTable
from regulars.domain.quality import may_enrol

Chance = np.random.Generator


@dataclass(frozen=True)
class Faces:
    """Every person with the faces found of them, in the order of the manifest, and what makes tracks of faces."""

    people: dict[str, list[SeenFace]]
    maker: TrackMaker
    thresholds: ThresholdTable
    dimension: int
    wanted_fpir: float

    def with_at_least(self, faces: int) -> list[str]:
        """Return the people of whom so many faces were found."""
        return [person for person, held in self.people.items() if len(held) >= faces]


def faces_of(
    seen: Sequence[SeenFace], digest: str, dimension: int, thresholds: ThresholdTable, wanted_fpir: float
) -> Faces:
    """Return the faces by person; `digest`, `dimension` and `thresholds` are the pack's that saw them."""
    people: dict[str, list[SeenFace]] = {}
    for face in seen:
        people.setdefault(face.still.person, []).append(face)
    maker = TrackMaker(seen, digest, dimension, thresholds)
    return Faces(people, maker, thresholds, dimension, wanted_fpir)


def shuffled(items: Sequence[str], chance: Chance) -> list[str]:
    """Return the items in random order."""
    return [items[int(place)] for place in chance.permutation(len(items))]


def drawn(faces: Sequence[SeenFace], count: int, chance: Chance) -> list[SeenFace]:
    """Return `count` random faces of a person."""
    return [faces[int(place)] for place in chance.choice(len(faces), count, replace=False)]


def to_enrol(faces: Sequence[SeenFace], count: int, chance: Chance) -> list[SeenFace]:
    """Return `count` random faces of a person, good enough to make somebody known wherever there are such."""
    places = chance.permutation(len(faces))
    good_first = sorted((int(place) for place in places), key=lambda place: not may_enrol(faces[place].quality))
    return [faces[place] for place in good_first[:count]]
