"""Every week: is the impostor table of the model pack right for the people who come here?

The best look of each customer of a gallery is compared with that of each other one. They are different people (the
night's consolidation merged who is not), so the share of pairs that are as alike as the table says one in a thousand is
should be one in a thousand. Faces of one region before one kind of camera may be more alike than those that the table
was made of. It measures and says so, and changes nothing: whoever is enrolled twice would raise the bar for everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import FloatArray
from regulars.store.audit import AuditEntry, record
from regulars.store.session import Engine, transaction
from regulars.store.templates import Gallery, StoredTemplate, subjects_of, templates_of
from regulars.store.tenants import gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

FAR = 1e-3
"""The deepest share that the tables themselves were counted at, not drawn on."""
FEWEST_PAIRS = 30_000
"""So that thirty pairs are awaited; a gallery of 250 people has them."""
MOST_PEOPLE = 4000
"""Eight million pairs; more of a gallery would not make the share any surer."""
_ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One gallery: `alike` of its `pairs` of different people reach the cosine that the table gives to `FAR`."""

    scope_id: UUID
    people: int
    pairs: int
    alike: int

    @property
    def factor(self) -> float:
        """How many times as many pairs are that alike as the table says: 1 is right, above it strangers match."""
        return self.alike / (self.pairs * FAR)


def calibrate(
    *, engine: Engine, pack: str, thresholds: ThresholdTable, actor: str, now: datetime
) -> Iterator[Calibrated]:
    """Measure each gallery that has pairs enough, and note it in the platform's audit log. Raises DependencyAway."""
    bar = thresholds.cosine_at_far(FAR)
    with transaction(engine, PLATFORM) as connection:
        scopes = gallery_scopes(list_tenants(connection))
    for scope_id in scopes:
        vectors = _one_of_each(engine, Gallery(scope_id, "customer", pack))
        pairs = len(vectors) * (len(vectors) - 1) // 2
        if pairs < FEWEST_PAIRS:
            continue
        done = Calibrated(scope_id, len(vectors), pairs, _alike(vectors, bar))
        detail = {"pack": pack, "people": done.people, "pairs": done.pairs, "factor": round(done.factor, 3)}
        with transaction(engine, PLATFORM) as connection:
            record(connection, AuditEntry(None, actor, "gallery.calibrated", "gallery", str(scope_id), detail, now))
        yield done


def _one_of_each(engine: Engine, gallery: Gallery) -> FloatArray:
    """Return the best look of each customer, float32 [n, d] of unit rows; of many, an even choice by time."""
    with transaction(engine, Tenancy(None, gallery.scope_id)) as connection:
        everyone = subjects_of(connection, gallery)
        if len(everyone) > MOST_PEOPLE:
            everyone = [everyone[int(row)] for row in np.linspace(0, len(everyone) - 1, MOST_PEOPLE)]
        best: dict[UUID, StoredTemplate] = {}
        for one in templates_of(connection, gallery, everyone):
            if one.subject_id not in best or one.quality > best[one.subject_id].quality:
                best[one.subject_id] = one
    if not best:
        return np.zeros((0, 1), np.float32)
    stacked = np.stack([one.vector for one in best.values()])
    return (stacked / np.linalg.norm(stacked, axis=1, keepdims=True)).astype(np.float32)


def _alike(vectors: FloatArray, bar: float) -> int:
    alike = 0
    for start in range(0, len(vectors), _ROWS_AT_ONCE):
        cosines = vectors[start : start + _ROWS_AT_ONCE] @ vectors.T
        later = np.arange(len(vectors))[None, :] > np.arange(start, start + len(cosines))[:, None]
        alike += int(np.count_nonzero(later & (cosines >= bar)))
    return alike
