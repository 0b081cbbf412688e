"""How alike two faces must be to be called one person: from the wanted error and the gallery's size to a cosine."""

import math
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

Point = tuple[Annotated[float, Field(ge=-12, le=0)], Annotated[float, Field(ge=-1, le=1)]]


class ThresholdTable(BaseModel):
    """A pack's impostor scores: `points` of (log10 FAR, cosine), FAR falling and cosine rising.

    FAR is the share of pairs of different people whose cosine reaches the second value. Between the points, and beyond
    the last, cosine is linear in log10 FAR.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    points: Annotated[tuple[Point, ...], Field(min_length=2, max_length=200)]
    measured_to_log10_far: Annotated[float, Field(ge=-12, le=0)] = 0.0
    """Down to here pairs were counted; beyond, the points follow a fitted line."""

    @model_validator(mode="after")
    def _monotone(self) -> "ThresholdTable":
        for (far, cosine), (rarer, higher) in zip(self.points, self.points[1:], strict=False):
            if rarer >= far or higher <= cosine:
                raise ValueError("points must fall in log10 FAR and rise in cosine")
        return self

    def cosine_at_far(self, far: float) -> float:
        """Return the cosine that a share `far` (0 < far <= 1) of the pairs of different people reaches."""
        wanted = math.log10(far)
        rarity = np.array([-point[0] for point in self.points])
        cosines = np.array([point[1] for point in self.points])
        if -wanted <= rarity[-1]:
            return float(np.interp(-wanted, rarity, cosines))
        slope = (cosines[-1] - cosines[-2]) / (rarity[-1] - rarity[-2])
        return float(min(1.0, cosines[-1] + slope * (-wanted - rarity[-1])))

    def threshold_cosine(self, fpir: float, gallery_size: int) -> float:
        """Return the cosine at which a stranger is taken for someone with probability `fpir` (0 < fpir < 1).

        `gallery_size` is the number of people searched; 0 counts as 1. Raises ValueError for an impossible `fpir`.
        """
        if not 0 < fpir < 1:
            raise ValueError(f"fpir must lie between 0 and 1, not {fpir}")
        return self.cosine_at_far(-math.expm1(math.log1p(-fpir) / max(1, gallery_size)))
