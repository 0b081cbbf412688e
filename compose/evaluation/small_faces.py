"""Question: what is left of recognition when faces are small? It decides where the quality gate stands."""

from collections.abc import Sequence

import numpy as np

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.open_set import NOBODY
from compose.evaluation.people import Chance, Faces, to_enrol
from compose.evaluation.seen_faces import FaceCache, SeenFace, View
from regulars.domain.faces import FloatArray
from regulars.domain.quality import may_enrol, may_match

TITLE = "Small faces against full-size templates"
WIDTHS_PX = (40, 24)
MOST_PEOPLE = 250
LEAST_PEOPLE = 20


def small_faces(faces: Faces, cache: FaceCache, chance: Chance) -> Answer:
    """Return how likeness and the quality gate fare at each face width: a report, not held against a target.

    One image of each person is the template, another one, shrunk until its face has the width, the probe. Cosines are
    those of the vectors themselves, gate or no gate, so that the gate can be judged by them.
    """
    people = faces.with_at_least(2)
    if len(people) < LEAST_PEOPLE:
        return unanswered(TITLE, f"at least {LEAST_PEOPLE} people with two images are needed")
    chosen = [people[int(place)] for place in chance.permutation(len(people))[:MOST_PEOPLE]]
    pairs = [to_enrol(faces.people[one], 2, chance) for one in chosen]
    templates = np.stack([template.vector for template, _ in pairs])
    probes = [probe for _, probe in pairs]
    notes = [("people", str(len(chosen))), ("as photographed", _line(templates, probes))]
    for width_px in WIDTHS_PX:
        views = [View(probe.still, min(1.0, width_px / probe.detection.box[2])) for probe in probes]
        notes.append((f"{width_px} px wide", _line(templates, cache.look(views, f"faces {width_px} px wide"))))
    return Answer(TITLE, {}, notes)


def _line(templates: FloatArray, probes: Sequence[SeenFace | None]) -> str:
    """Return what became of the probes; row i of `templates` is the person of probe i, None a face not found."""
    rows = np.array([row for row, probe in enumerate(probes) if probe is not None])
    found = [probe for probe in probes if probe is not None]
    if not found:
        return "found 0.000"
    cosines = np.stack([probe.vector for probe in found]) @ templates.T
    places = np.arange(len(found))
    own = cosines[places, rows].copy()
    cosines[places, rows] = NOBODY
    others = cosines.max(axis=1)
    matched = own >= max(float(np.quantile(others, 0.99)), 0.0)
    let = np.array([(may_match(probe.quality), may_enrol(probe.quality)) for probe in found]).sum(axis=0)
    shares = {
        "found": len(found),
        "rank 1": int(np.sum(own > others)),
        "matched at FPIR 1 %": int(np.sum(matched & (own > others))),
        "let through to match": int(let[0]),
        "to enrol": int(let[1]),
    }
    said = ", ".join(f"{what} {count / len(probes):.3f}" for what, count in shares.items())
    return f"{said}, mean cosine to own template {own.mean():.3f}"
