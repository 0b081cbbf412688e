"""Question: is a known person found and a stranger refused? Gallery people have one image each, strangers none."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.gallery import Gallery
from compose.evaluation.people import Chance, Faces, drawn, shuffled, to_enrol
from compose.evaluation.seen_faces import SeenFace
from regulars.domain.faces import FloatArray
from regulars.ids import new_id

TITLE = "Open set: one image per gallery person"
FUSED_TITLE = "Open set: three-shot tracks against two-shot templates"
DRAWS = 5
FUSED_DRAWS = 20
PROBE_SHOTS, TEMPLATE_SHOTS = 3, 2
LEAST_PEOPLE = 20
NOBODY = -1.0
"""The score of a probe that may not be searched, or whose best person is another one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The scores of a trial, float32.

    `found`: of probes whose person is in the gallery, NOBODY unless that person came out best; `strangers`: the best of
    each probe of somebody who is not.
    """

    found: FloatArray
    strangers: FloatArray

    def fnir_at(self, fpir: float) -> float:
        """Return the share of known people missed at the threshold that a share `fpir` of the strangers passes."""
        return float(np.mean(self.found < np.quantile(self.strangers, 1 - fpir, method="higher")))


def open_set(faces: Faces, chance: Chance) -> tuple[Answer, Trial | None]:
    """Return the answer and the scores of all draws together."""
    known, strangers = faces.with_at_least(2), [one for one, held in faces.people.items() if len(held) == 1]
    if len(known) < LEAST_PEOPLE or len(strangers) < LEAST_PEOPLE:
        return unanswered(TITLE, f"at least {LEAST_PEOPLE} people with several images and as many with one"), None
    trials: list[Trial] = []
    for _ in range(DRAWS):
        enrolled = {one: to_enrol(faces.people[one], 1, chance) for one in known}
        probes = {one: [[face] for face in faces.people[one] if face not in enrolled[one]] for one in known}
        unknown = [[face] for one in strangers for face in faces.people[one]]
        trials.append(_trial(faces, enrolled, probes, unknown))
    trial = _together(trials)
    figures = {"tpir_fpir_1pct": 1 - trial.fnir_at(0.01), "tpir_fpir_03pct": 1 - trial.fnir_at(0.003)}
    notes = [
        ("gallery people, strangers", f"{len(known)}, {len(strangers)}; {DRAWS} draws of the gallery's images"),
        ("rank 1", f"{np.mean(trial.found > NOBODY):.4f}"),
    ]
    return Answer(TITLE, figures, notes), trial


def fused_open_set(faces: Faces, chance: Chance) -> tuple[Answer, tuple[Trial, Trial] | None]:
    """Return by how much tracks beat single images, on the same people and the same draws.

    People with five faces or more are in the gallery by turns (a random half of them in each draw); strangers are the
    other half and everybody else with three. One person gives as many tracks as disjoint threes.
    """
    enough = faces.with_at_least(PROBE_SHOTS + TEMPLATE_SHOTS)
    three = [one for one in faces.with_at_least(PROBE_SHOTS) if one not in set(enough)]
    if len(enough) < LEAST_PEOPLE:
        return unanswered(FUSED_TITLE, f"at least {LEAST_PEOPLE} people with five images or more"), None
    single: list[Trial] = []
    fused: list[Trial] = []
    for _ in range(FUSED_DRAWS):
        mixed = shuffled(enough, chance)
        gallery, strangers = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :] + three
        enrolled = {one: to_enrol(faces.people[one], TEMPLATE_SHOTS, chance) for one in gallery}
        left = {one: [face for face in faces.people[one] if face not in enrolled[one]] for one in gallery}
        tracks = {one: _threes(held, chance) for one, held in left.items()}
        unknown = [track for one in strangers for track in _threes(faces.people[one], chance)]
        fused.append(_trial(faces, enrolled, tracks, unknown))
        ones = {one: [[face] for track in of for face in track] for one, of in tracks.items()}
        single.append(
            _trial(faces, {one: of[:1] for one, of in enrolled.items()}, ones, [[f] for t in unknown for f in t])
        )
    alone, together = _together(single), _together(fused)
    ratio = together.fnir_at(0.01) / max(alone.fnir_at(0.01), 1e-9)
    notes = [
        ("gallery people, strangers", f"{len(enough) // 2}, {len(enough) - len(enough) // 2 + len(three)}"),
        ("FNIR at FPIR 1 %: one, fused", f"{alone.fnir_at(0.01):.4f}, {together.fnir_at(0.01):.4f}"),
        ("FNIR at FPIR 0.3 %: one, fused", f"{alone.fnir_at(0.003):.4f}, {together.fnir_at(0.003):.4f}"),
        (
            "draws",
            f"{FUSED_DRAWS}, {len(together.found)} tracks of known people, {len(together.strangers)} of strangers",
        ),
    ]
    return Answer(FUSED_TITLE, {"fused_fnir_ratio": ratio}, notes), (alone, together)


def _trial(
    faces: Faces,
    enrolled: dict[str, list[SeenFace]],
    probes: dict[str, list[list[SeenFace]]],
    strangers: Sequence[list[SeenFace]],
) -> Trial:
    gallery = Gallery(faces.thresholds, faces.wanted_fpir, faces.dimension)
    subjects = {one: new_id() for one in enrolled}
    for one, shots in enrolled.items():
        vector = faces.maker.evidence(shots).vector
        if vector is not None:
            gallery.put(subjects[one], vector[None])
    found = [_score(faces, gallery, track, subjects[one]) for one, tracks in probes.items() for track in tracks]
    return Trial(
        np.array(found, np.float32),
        np.array([_score(faces, gallery, track, None) for track in strangers], np.float32),
    )


def _score(faces: Faces, gallery: Gallery, shots: Sequence[SeenFace], subject_id: UUID | None) -> float:
    vector = faces.maker.evidence(shots).vector
    ranked = [] if vector is None else gallery.ranked(vector)
    if not ranked or (subject_id is not None and ranked[0].subject_id != subject_id):
        return NOBODY
    return ranked[0].cosine


def _threes(held: Sequence[SeenFace], chance: Chance) -> list[list[SeenFace]]:
    mixed = drawn(held, len(held), chance)
    return [mixed[start : start + PROBE_SHOTS] for start in range(0, len(mixed) - PROBE_SHOTS + 1, PROBE_SHOTS)]


def _together(trials: Sequence[Trial]) -> Trial:
    return Trial(np.concatenate([one.found for one in trials]), np.concatenate([one.strangers for one in trials]))
