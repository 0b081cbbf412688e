"""Photographs before the networks: upright as they say, and looked at anew when what looked at them is another."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import PIL.Image
import pytest

from compose.evaluation.crossings import cast_of
from compose.evaluation.dataset import Still
from compose.evaluation.seen_faces import FaceCache, SeenFace, View
from regulars.domain.faces import Detection
from regulars.vision.pack_file import GenderPart, find_pack, read_pack_file
from regulars.vision.packs import ModelPack
from tests.fake_pack import DIMENSION, FakeDetector, FakeEmbedder, photograph_of
from tests.unit.vision.fake_session import FakeEngine

STILL = Still("turned.jpg", "somebody", "unknown")
TURNED_RIGHT_TO_BE_SEEN = 6


class Detector(FakeDetector):
    digest = "fake"


@pytest.fixture
def pack() -> ModelPack:
    """FAKE: people are told by colour."""
    described = SimpleNamespace(gender=None)
    fake = SimpleNamespace(
        digest="fake", described=described, detector=Detector(), embedder=FakeEmbedder(), gender=None
    )
    return cast("ModelPack", fake)


def save_turned(upright: PIL.Image.Image, path: Path) -> None:
    """Save it lying on its left side, with the note to turn it back."""
    exif = PIL.Image.Exif()
    exif[0x0112] = TURNED_RIGHT_TO_BE_SEEN
    upright.rotate(90, expand=True).save(path, exif=exif, quality=95)


def test_a_photograph_is_looked_at_upright(tmp_path: Path, pack: ModelPack) -> None:
    (tmp_path / "three.png").write_bytes(photograph_of(7, people=3))
    with PIL.Image.open(tmp_path / "three.png") as three:
        save_turned(three, tmp_path / STILL.file)
    cache = FaceCache(pack, tmp_path, tmp_path / "cache")
    for _ in range(2):
        (face,) = cache.look([View(STILL)], "photographs")
        assert face is not None
        assert face.detection.box[:2] == pytest.approx((240 + 72, 72))


def test_the_head_is_cut_out_of_the_upright_photograph(tmp_path: Path) -> None:
    upright = PIL.Image.new("RGB", (600, 300), (0, 0, 0))
    upright.paste((200, 40, 40), (400, 100, 500, 200))
    save_turned(upright, tmp_path / STILL.file)
    marks = np.array([[430, 130], [470, 130], [450, 150], [435, 170], [465, 170]], np.float32)
    face = Detection((400.0, 100.0, 100.0, 100.0), marks, 0.9)
    seen = SeenFace(STILL, face, 1.0, (), np.zeros(DIMENSION, np.float32), 0.5)
    (cut,) = cast_of(tmp_path, [seen], np.random.default_rng(1))
    assert cut.figure.getpixel((round(cut.face_x), round(cut.face_y))) == pytest.approx((200, 40, 40, 255), abs=12)


def test_what_cannot_be_opened_is_told_and_counts_as_no_face(
    tmp_path: Path, pack: ModelPack, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / STILL.file).write_bytes(b"no picture")
    absent = Still("absent.jpg", "somebody", "unknown")
    assert FaceCache(pack, tmp_path, tmp_path / "cache").look([View(STILL), View(absent)], "") == [None, None]
    told = capsys.readouterr().err.splitlines()
    assert [line.split(".jpg")[0] for line in told] == ["turned", "absent"]


@pytest.mark.parametrize("changed", [{"male_output": 0}, {"scale": (2.0, 2.0, 2.0)}, {"size": 64}])
def test_another_way_to_read_gender_has_a_memory_of_its_own(tmp_path: Path, changed: dict[str, object]) -> None:
    described = read_pack_file(find_pack("default"))
    assert described.gender is not None
    other = GenderPart.model_validate(described.gender.model_dump() | changed)
    assert other != described.gender
    for reader in (described.gender, described.gender, other):
        told = described.model_copy(update={"gender": reader})
        paths = {file.file: Path(file.file) for file in told.files()}
        FaceCache(ModelPack(told, paths, FakeEngine()), tmp_path, tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2
