"""Beside the embedder: how likely a face is male. What is said aloud of it is decided in the domain, over shots."""

from collections.abc import Sequence

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.vision.embedder import MAX_BATCH, Crop, Preprocessing, prepared
from regulars.vision.sessions import Session


class GenderReader:
    """A two-class network; `male_output` is the column that holds the probability of male."""

    def __init__(self, session: Session, preprocessing: Preprocessing, male_output: int) -> None:
        self._session = session
        self._preprocessing = preprocessing
        self._male_output = male_output

    def read(self, crops: Sequence[Crop]) -> FloatArray:
        """Return the probability of male per crop, float32 [n].

        Raises ValueError when a crop's landmarks fall together.
        """
        parts = [np.zeros(0, np.float32)]
        for start in range(0, len(crops), MAX_BATCH):
            batch = prepared(crops[start : start + MAX_BATCH], self._preprocessing)
            parts.append(self._session.run(batch)[0][:, self._male_output])
        return np.concatenate(parts).astype(np.float32)
