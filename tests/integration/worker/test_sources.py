"""Opening real files and cameras: what can be read is read, and every failure is told apart."""

import os
import random
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from realtime_workers.motion import small_brightness, thumbnail
from realtime_workers.open_source import open_source
from realtime_workers.source import Picture, SourceFailedError
from realtime_workers.source_av import open_rtsp
from regulars.domain.cameras import LeasedCamera
from tests.integration.worker.conftest import leased
from tests.integration.worker.fake_rtsp_camera import FakeRtspCamera
from tests.waiting import PATIENCE_S


def pictures_of(camera: LeasedCamera) -> list[Picture]:
    source = open_source(camera)
    try:
        return list(source.pictures())
    finally:
        source.close()


def failure_of(camera: LeasedCamera) -> tuple[str, str]:
    with pytest.raises(SourceFailedError) as failed:
        pictures_of(camera)
    return failed.value.reason, failed.value.detail


def file_camera(path: Path) -> LeasedCamera:
    return leased(type="file", file_path=str(path))


def write_video(path: Path, sizes: Sequence[tuple[int, int]], codec: str = "mpeg4", shade: int = 120) -> Path:
    """A video of one picture per size; in an .avi or .h264 file sizes may change."""
    library: Any = av
    with library.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=10)
        stream.width, stream.height = sizes[0]
        stream.codec_context.gop_size = 20
        stream.pix_fmt = "yuv420p"
        for number, (width, height) in enumerate(sizes):
            frame = library.VideoFrame.from_ndarray(np.full((height, width, 3), shade, np.uint8), format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize(("codec", "pixels"), [("mpeg4", "yuv420p"), ("mjpeg", "yuvj420p")])
def test_brightness_alone_shows_what_the_picture_does(tmp_path: Path, codec: str, pixels: str) -> None:
    slope = np.linspace(0, 255, 322).astype(np.uint8)
    shown = np.repeat(np.tile(slope, (242, 1))[..., None], 3, axis=2)
    path, library = tmp_path / "slope.avi", av
    with library.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 322, 242, pixels
        frame: Any = library.VideoFrame.from_ndarray(shown, format="bgr24")
        container.mux([*stream.encode(frame), *stream.encode()])
    (picture,) = pictures_of(file_camera(path))
    known = picture.brightness()
    assert known is not None
    assert known.plane.shape == (242, 322)
    apart = np.abs(small_brightness(known) - thumbnail(picture.image()))
    assert apart.max() < 4


def test_all_pictures_of_a_file_are_read_with_their_times(tmp_path: Path) -> None:
    found = pictures_of(file_camera(write_video(tmp_path / "clip.mp4", [(320, 240)] * 20)))
    assert [picture.stream_s for picture in found] == pytest.approx([number / 10 for number in range(20)])
    assert found[0].image().shape == (240, 320, 3)
    assert abs(int(found[-1].image().mean()) - 120) < 5


def test_a_resolution_that_changes_in_the_stream_is_followed(tmp_path: Path) -> None:
    first = write_video(tmp_path / "a.h264", [(320, 240)] * 5, "libx264").read_bytes()
    second = write_video(tmp_path / "b.h264", [(640, 480)] * 5, "libx264").read_bytes()
    both = tmp_path / "both.h264"
    both.write_bytes(first + second)
    assert {picture.image().shape for picture in pictures_of(file_camera(both))} == {(240, 320, 3), (480, 640, 3)}


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.ts", [(320, 240)] * 100, "libx264").read_bytes()
    torn = tmp_path / "torn.ts"
    torn.write_bytes(whole[: len(whole) // 2])
    assert 0 < len(pictures_of(file_camera(torn))) < 100


def test_garbage_inside_a_file_costs_only_some_pictures(tmp_path: Path) -> None:
    whole = bytearray(write_video(tmp_path / "whole.ts", [(320, 240)] * 200, "libx264").read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 2000] = os.urandom(2000)
    hit = tmp_path / "hit.ts"
    hit.write_bytes(whole)
    assert len(pictures_of(file_camera(hit))) > 100


def test_files_that_are_no_video_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "noise.mp4").write_bytes(random.Random(5).randbytes(50_000))
    (tmp_path / "page.mp4").write_bytes(b"<html><body>Not found</body></html>")
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))
    for name in ("empty.mp4", "noise.mp4", "page.mp4", "sound.wav"):
        assert failure_of(file_camera(tmp_path / name))[0] == "unsupported_codec", name
    assert failure_of(file_camera(tmp_path / "absent.mp4"))[0] == "not_found"
    assert failure_of(file_camera(tmp_path))[0] == "not_found"


def test_a_file_the_worker_may_not_read_is_told_apart(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    closed = write_video(tmp_path / "closed.mp4", [(320, 240)])
    closed.chmod(0)
    assert failure_of(file_camera(closed))[0] == "no_permission"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("401 Unauthorized", "wrong_password"),
        ("403 Forbidden", "wrong_password"),
        ("404 Not Found", "not_found"),
        ("503 Service Unavailable", "unreachable"),
        (b"HTTP/1.1 200 OK\r\n\r\nhello\r\n\r\n", "unreachable"),
        (os.urandom(4000), "unreachable"),
        (None, "unreachable"),
    ],
    ids=["401", "403", "404", "503", "web server", "noise", "silence"],
)
def test_what_a_camera_answers_is_told_apart_and_never_names_the_password(
    answer: str | bytes | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who says nothing at all is waited for shortly; what is said may take its time on a busy machine.
    monkeypatch.setattr("realtime_workers.source_av.OPEN_TIMEOUT_S", 1.0 if reason == "unreachable" else PATIENCE_S)
    with FakeRtspCamera(answer) as camera:
        found, detail = failure_of(leased(type="rtsp", rtsp_url=camera.url))
    assert found == reason
    assert "secret" not in detail
    assert "127.0.0.1" not in detail


def test_an_address_that_is_not_rtsp_is_not_opened() -> None:
    with pytest.raises(SourceFailedError, match="rtsp://") as failed:
        open_rtsp("file:///etc/passwd")
    assert failed.value.reason == "not_found"


def test_a_webcam_that_is_not_there_is_told_apart() -> None:
    assert failure_of(leased(type="webcam", webcam_index=97))[0] in {"not_found", "unreachable"}
