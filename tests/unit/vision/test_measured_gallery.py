"""The table of realised over wanted FPIR, on made vectors."""

import numpy as np
import pytest

from regulars.domain.calibration import ThresholdTable
from regulars.vision import measure_gallery
from regulars.vision.measure_gallery import SHOTS, report

TABLE = ThresholdTable(points=((-1.0, 0.1), (-6.0, 0.6)))


def test_rows_for_which_nobody_has_photographs_enough_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure_gallery, "DRAWS", 2)
    people = np.repeat(np.arange(12), 3)
    vectors = np.random.default_rng(1).normal(size=(len(people), 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = list(report(vectors, people, TABLE))[-len(SHOTS) :]
    assert [row.split(" | ")[0] for row in rows] == ["| 6", "| 6", "| 6", "| none"]
    assert "5 photographs" in rows[-1]
