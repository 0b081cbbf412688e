"""FAKE sessions for tests of shapes and arithmetic: no network runs, the output follows from the input exactly."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.vision.sessions import Part, Session


class FakeSession:
    """Answers each run with what `answer` makes of the batch, and keeps the batches."""

    def __init__(self, answer: Callable[[FloatArray], list[FloatArray]]) -> None:
        self._answer = answer
        self.batches: list[FloatArray] = []

    def run(self, batch: FloatArray) -> list[FloatArray]:
        self.batches.append(batch)
        return self._answer(batch)


def first_values(dimension: int) -> FakeSession:
    """A network whose vector is the first values of its input, so that equal faces get equal vectors."""
    return FakeSession(lambda batch: [batch.reshape(len(batch), -1)[:, :dimension].astype(np.float32) + 1])


class FakeEngine:
    """Opens any file as a FakeSession and remembers what was opened for which part."""

    name = "fake"

    def __init__(self, dimension: int = 16) -> None:
        self._dimension = dimension
        self.opened: list[tuple[str, Part]] = []

    def open(self, path: Path, part: Part) -> Session:
        self.opened.append((path.name, part))
        return first_values(self._dimension)
