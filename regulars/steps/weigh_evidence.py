"""Second step of recognize, outside every lock: what the shots of a track say about whose face it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from regulars.domain.calibration import ThresholdTable
from regulars.domain.faces import FloatArray, Image
from regulars.domain.fusion import fuse
from regulars.domain.gender import GenderVote, vote
from regulars.domain.matching import Decision
from regulars.domain.quality import may_enrol, may_match
from regulars.steps.read_track import ShotPicture

SURE_FACE_SCORE = 0.8
"""A track that may not be matched, and that the detector never scored this high, was a hand, a poster or a shadow."""
APART_FPIR = 0.05
"""Shots of one track that are less alike than all but this share of unrelated pairs are not of one face."""


class Embeds(Protocol):
    """Turns faces into unit vectors."""

    def embed(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        """Return float32 [n, d] of unit rows for n pictures with their landmarks."""
        ...


class ReadsGender(Protocol):
    """Says how likely faces are male."""

    def read(self, crops: Sequence[tuple[Image, FloatArray]]) -> FloatArray:
        """Return float32 [n], 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class FacePack:
    """What recognizing takes of a model pack, loaded: vectors are comparable only where `digest` is equal.

    `dimension` is the length of a vector; `gender` is None in a pack without that network.
    """

    digest: str
    dimension: int
    thresholds: ThresholdTable
    embedder: Embeds
    gender: ReadsGender | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a track's face.

    `vector` is float32 [d] of length at most 1, None when nothing may be searched with, and then `without_vector` is
    what is decided; `quality` 0 to 1 is that of the best shot used; `used` are the keys of the shots that made the
    vector.
    """

    vector: FloatArray | None
    quality: float
    may_enrol: bool
    gender: GenderVote
    used: frozenset[str]
    without_vector: Decision


def weigh(pictures: Sequence[ShotPicture], pack: FacePack, *, recognition: bool) -> Evidence:
    """Embed, fuse and vote. Without `recognition` (the camera only counts) no embedding is computed."""
    crops = [(picture.image, picture.landmarks) for picture in pictures]
    qualities = np.array([picture.shot.quality for picture in pictures], np.float32)
    gender = GenderVote()
    if crops and pack.gender is not None:
        gender = vote(pack.gender.read(crops), qualities)
    fit = [row for row, picture in enumerate(pictures) if may_match(picture.shot.quality)]
    if not recognition or not fit:
        return Evidence(None, 0.0, False, gender, frozenset(), _unsearched(pictures, recognition))
    vectors = pack.embedder.embed([crops[row] for row in fit])
    apart_cosine = pack.thresholds.threshold_cosine(APART_FPIR, 1)
    fused = fuse(vectors, qualities[fit], apart_cosine)
    kept = [fit[row] for row in fused.kept]
    best = float(qualities[kept].max())
    used = frozenset(pictures[row].shot.key for row in kept)
    return Evidence(fused.vector, best, may_enrol(best), gender, used, _unsearched(pictures, recognition))


def _unsearched(pictures: Sequence[ShotPicture], recognition: bool) -> Decision:
    if not recognition:
        return Decision("undetermined", "recognition_off")
    if not any(picture.shot.detection_score >= SURE_FACE_SCORE for picture in pictures):
        return Decision("rejected", "no_face")
    return Decision("undetermined", "not_enough_quality_to_match")
