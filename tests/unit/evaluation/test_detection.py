"""Group photographs: counted faces against found ones."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from compose.evaluation.dataset import Group
from compose.evaluation.detection import detection
from regulars.domain.faces import Detection, Image
from regulars.vision.detector import Area
from regulars.vision.packs import ModelPack
from tests.fake_pack import FakeDetector, photograph_of


class Detector(FakeDetector):
    digest = "fake"

    def detect(
        self, image: Image, min_score: float = 0.8, max_side: int | None = None, within: Area | None = None
    ) -> list[Detection]:
        assert within is None or (within.left, within.top) == (0, 0)
        return super().detect(image, min_score, max_side)


PACK = cast("ModelPack", SimpleNamespace(detector=Detector()))


def test_a_photograph_that_cannot_be_opened_is_left_out_and_noted(tmp_path: Path) -> None:
    (tmp_path / "two.png").write_bytes(photograph_of(3, people=2))
    (tmp_path / "broken.png").write_bytes(photograph_of(3, people=2)[:200])
    groups = [Group("two.png", 2), Group("broken.png", 5), Group("absent.png", 5)]
    answer = detection(tmp_path, groups, PACK)
    assert answer.figures == {"detection_recall": 1.0, "detection_false": 0.0}
    notes = dict(answer.notes)
    assert notes["photographs, faces counted"] == "1, 2"
    assert all("left out" in notes[name] for name in ("broken.png", "absent.png"))


def test_what_is_found_beyond_the_count_is_false(tmp_path: Path) -> None:
    (tmp_path / "two.png").write_bytes(photograph_of(3, people=2))
    assert detection(tmp_path, [Group("two.png", 1)], PACK).figures == {
        "detection_recall": 1.0,
        "detection_false": 0.5,
    }


def test_without_any_photograph_nothing_is_measured(tmp_path: Path) -> None:
    answer = detection(tmp_path, [Group("absent.png", 5)], PACK)
    assert answer.figures == {}
    assert "absent.png" in dict(answer.notes)
