"""After embedding: what is said aloud of a person's gender, from the shots of one sighting or of a whole visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from regulars.domain.faces import FloatArray

Gender = Literal["male", "female", "unknown"]
SPOKEN_SHARE = 0.8
"""`male` or `female` is said from this share of the weight on; between, `unknown`."""


@dataclass(frozen=True, slots=True)
class GenderVote:
    """Shots by quality: `weight` in all, `male_weight` of it for male. Votes add up over shots and over sightings."""

    male_weight: float = 0.0
    weight: float = 0.0

    @property
    def spoken(self) -> Gender:
        """What the vote says."""
        if self.weight <= 0:
            return "unknown"
        share = self.male_weight / self.weight
        if share >= SPOKEN_SHARE:
            return "male"
        return "female" if share <= 1 - SPOKEN_SHARE else "unknown"


def vote(male: FloatArray, qualities: FloatArray) -> GenderVote:
    """Return the vote of one track: `male` is float32 [n], the probability of male per shot; `qualities` 0 to 1."""
    weights = np.maximum(qualities, np.float32(0.05))
    return GenderVote(float((male * weights).sum()), float(weights.sum()))


def joined(votes: Iterable[GenderVote]) -> GenderVote:
    """Return the votes of several sightings as one."""
    held = list(votes)
    return GenderVote(sum(one.male_weight for one in held), sum(one.weight for one in held))
