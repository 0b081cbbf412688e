"""A pack is described by its TOML file alone, and nothing that is missing or another file is ever loaded."""

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from regulars.errors import ConfigurationRefused, ModelUnavailable
from regulars.vision import projection
from regulars.vision.pack_file import PACKS, PackFile, find_pack, read_pack_file, read_sample_pictures
from regulars.vision.packs import load_pack
from tests.unit.vision.fake_session import FakeEngine

OWN_PACK = """
name = "own"
about = "a user's own network"
[detector]
kind = "yunet"
[detector.model]
file = "detector.onnx"
sha256 = "{detector}"
licence = "MIT"
obtain = "Ask the user."
[[embedders]]
name = "arcface"
template = [[38.3, 51.7], [73.5, 51.5], [56.0, 71.7], [41.5, 92.4], [70.7, 92.2]]
size = 112
colours = "rgb"
mean = [127.5, 127.5, 127.5]
scale = [127.5, 127.5, 127.5]
dimension = 16
max_batch = 1
[embedders.model]
file = "own/arcface.onnx"
sha256 = "{embedder}"
licence = "the user's own"
obtain = "Ask the user."
[thresholds]
points = [[-1, 0.1], [-6, 0.6]]
"""


@pytest.fixture
def own_pack(tmp_path: Path) -> Path:
    """A user's pack with its files beside it."""
    folder = tmp_path / "pack"
    (folder / "own").mkdir(parents=True)
    (folder / "detector.onnx").write_bytes(b"a detector")
    (folder / "own" / "arcface.onnx").write_bytes(b"an embedder")
    digests = {
        name: hashlib.sha256(f"{a} {name}".encode()).hexdigest() for a, name in (("a", "detector"), ("an", "embedder"))
    }
    (folder / "own.toml").write_text(OWN_PACK.format(**digests), "utf-8")
    return folder / "own.toml"


@pytest.mark.parametrize("name", sorted(path.stem for path in PACKS.glob("*.toml")))
def test_every_shipped_pack_is_described_properly_under_its_own_name(name: str) -> None:
    described = read_pack_file(find_pack(name))
    assert described.name == name
    assert described.thresholds.measured_to_log10_far < -4
    assert len({file.file for file in described.files()}) == len(described.files())


def test_the_default_pack_and_the_sample_pictures_come_from_registries_alone() -> None:
    files = [*read_pack_file(find_pack("default")).files(), *read_sample_pictures().pictures]
    assert len(files) == 10
    assert all(file.source is not None for file in files)


def test_the_shipped_projection_is_the_one_the_default_pack_names() -> None:
    part = read_pack_file(find_pack("default")).projection
    assert part is not None
    path = PACKS / part.file
    assert hashlib.sha256(path.read_bytes()).hexdigest() == part.sha256
    held = projection.read(path)
    assert held.axes.shape == (512 + 192, part.dimension)
    assert held.axes.T @ held.axes == pytest.approx(np.eye(part.dimension), abs=0.01)


def test_a_users_own_pack_works_by_configuration_alone(own_pack: Path, tmp_path: Path) -> None:
    engine = FakeEngine()
    pack = load_pack(str(own_pack), tmp_path / "models", engine)
    assert engine.opened == []
    picture = np.full((200, 200, 3), 90, np.uint8)
    landmarks = np.array(pack.described.embedders[0].template, np.float32) + 40
    assert pack.embedder.embed([(picture, landmarks)] * 3).shape == (3, pack.dimension)
    assert engine.opened == [("arcface.onnx", "embedder")]
    assert pack.gender is None
    assert pack.name == "own"
    assert pack.detector.digest.startswith("yunet-")


def test_a_missing_file_is_refused_by_name_with_the_command_that_gets_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        load_pack("default", tmp_path, FakeEngine())
    said = str(refused.value)
    assert "yunet-2023mar.onnx" in said
    assert f"python -m regulars.vision.fetch --pack default --into {tmp_path}" in said


def test_another_file_is_refused_with_both_checksums(own_pack: Path, tmp_path: Path) -> None:
    named = read_pack_file(own_pack).embedders[0].model.sha256
    (own_pack.parent / "own" / "arcface.onnx").write_bytes(b"something else")
    with pytest.raises(ModelUnavailable) as refused:
        load_pack(str(own_pack), tmp_path, FakeEngine())
    said = str(refused.value)
    assert "arcface.onnx" in said
    assert named in said
    assert hashlib.sha256(b"something else").hexdigest() in said
    assert "Ask the user." in said


def test_a_changed_projection_is_refused(own_pack: Path, tmp_path: Path) -> None:
    shutil.copy(PACKS / "default-projection.txt", own_pack.parent / "small.txt")
    section = f'[projection]\nfile = "small.txt"\nsha256 = "{"0" * 64}"\ndimension = 128\n[thresholds]'
    own_pack.write_text(own_pack.read_text("utf-8").replace("[thresholds]", section), "utf-8")
    with pytest.raises(ModelUnavailable, match=r"small\.txt"):
        load_pack(str(own_pack), tmp_path, FakeEngine())


def test_an_unknown_pack_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationRefused, match=r"default, retail-0095, three-networks"):
        find_pack("no-such-pack")
    with pytest.raises(ConfigurationRefused):
        find_pack("../packs/default")


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ('colours = "rgb"', 'colours = "grb"', "embedders.0.colours"),
        ("scale = [127.5, 127.5, 127.5]", "scale = [0, 1, 1]", "embedders.0.scale"),
        ("dimension = 16", "dimension = 4", "embedders.0.dimension"),
        ('file = "own/arcface.onnx"', 'file = "../arcface.onnx"', "embedders.0.model.file"),
        ('name = "own"', 'name = "own"\nspeed = 3', "speed"),
        ("points = [[-1, 0.1], [-6, 0.6]]", "points = [[-1, 0.6], [-6, 0.1]]", "thresholds"),
        ("[[embedders]]", "[[embedders", "not a TOML file"),
        ('obtain = "Ask the user."', "", "say where it comes from"),
    ],
)
def test_a_wrong_field_is_refused_by_name(own_pack: Path, right: str, wrong: str, named: str) -> None:
    own_pack.write_text(own_pack.read_text("utf-8").replace(right, wrong, 1), "utf-8")
    with pytest.raises(ConfigurationRefused) as refused:
        read_pack_file(own_pack)
    assert named in str(refused.value)


def changed(pack: PackFile, **fields: object) -> PackFile:
    return pack.model_copy(update={"embedders": (pack.embedders[0].model_copy(update=fields), *pack.embedders[1:])})


def test_the_digest_follows_what_makes_vectors_comparable_and_nothing_else() -> None:
    pack = read_pack_file(find_pack("default"))
    first = pack.embedders[0]
    other_weights = first.model.model_copy(update={"sha256": "0" * 64})
    differ = [
        changed(pack, mean=(0.0, 0.0, 0.0)),
        changed(pack, colours="bgr"),
        changed(pack, model=other_weights),
        pack.model_copy(update={"projection": None}),
        pack.model_copy(update={"embedders": pack.embedders[::-1]}),
    ]
    assert len({one.digest() for one in [pack, *differ]}) == len(differ) + 1
    same = [
        changed(pack, name="renamed", max_batch=3),
        changed(pack, model=first.model.model_copy(update={"file": "renamed.onnx", "licence": "other"})),
        pack.model_copy(update={"name": "other", "gender": None, "thresholds": None}),
    ]
    assert {one.digest() for one in same} == {pack.digest()}
