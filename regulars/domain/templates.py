"""After a sure match: which of a person's templates stay, so that five say as much as possible."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from regulars.domain.faces import FloatArray

MOST_TEMPLATES = 5
"""Per person and pack."""
REDUNDANT_COSINE = 0.9
"""Above this two templates are nearly the same picture, whatever the network, and the second adds nothing."""


@dataclass(frozen=True, slots=True)
class Template:
    """A person's template: `vector` is float32 [d] of length at most 1, `quality` 0 to 1."""

    template_id: UUID
    vector: FloatArray
    quality: float


@dataclass(frozen=True, slots=True)
class Learning:
    """Whether the new vector becomes a template, and which one leaves for it."""

    add: bool
    replaces: UUID | None = None


def learn(vector: FloatArray, quality: float, templates: Sequence[Template]) -> Learning:
    """Decide whether `vector` (float32 [d]) joins `templates`, oldest first.

    It joins when it is unlike what is there. Of six, one of the two most alike leaves, the worse seen. The oldest never
    leaves: it is how the person was enrolled, and without it a row of small errors could walk to somebody else.
    """
    if not templates:
        return Learning(add=True)
    held = np.stack([one.vector for one in templates])
    if float((held @ vector).max()) >= REDUNDANT_COSINE:
        return Learning(add=False)
    if len(templates) < MOST_TEMPLATES:
        return Learning(add=True)
    everyone = np.vstack([held, vector])
    qualities = np.array([*(one.quality for one in templates), quality])
    cosines = everyone @ everyone.T
    np.fill_diagonal(cosines, -2.0)
    pair = np.unravel_index(int(cosines.argmax()), cosines.shape)
    leaving = [int(row) for row in pair if row != 0]
    worst = min(leaving, key=lambda row: (qualities[row], row))
    if worst == len(templates):
        return Learning(add=False)
    return Learning(add=True, replaces=templates[worst].template_id)
