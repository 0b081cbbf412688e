"""Cameras that lie: each gives pictures with times that go forward, or a reason that a person understands."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from realtime_workers import source_av
from realtime_workers.capture import LOOKS_PER_S, Capture
from realtime_workers.open_source import open_source
from realtime_workers.source import SourceFailedError
from tests.integration.worker.conftest import leased
from tests.lying_camera import Lie, LyingCamera, description, filmed, noise
from tests.waiting import PATIENCE_S, wait_for
from tests.webhook_receiver import write_certificate

OK = b"RTSP/1.0 200 OK\r\n{cseq}\r\n"


@dataclass
class Seen:
    """What was read of a camera until it failed, as its end always is told."""

    sizes: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    pictures: list[bytes] = field(default_factory=list[bytes])
    reason: str = ""
    detail: str = ""


def read(camera: LyingCamera, *, most: int = 10_000, public_only: bool = False) -> Seen:
    seen = Seen()
    try:
        with closing(open_source(leased(type="rtsp", rtsp_url=camera.url, public_only=public_only))) as source:
            for picture in source.pictures():
                seen.sizes.append(picture.image().shape[:2])
                seen.pictures.append(picture.image().tobytes())
                if len(seen.sizes) == most:
                    break
    except SourceFailedError as failure:
        seen.reason, seen.detail = failure.reason, failure.detail
    return seen


SILENT: dict[str, Lie] = {
    "endless headers": Lie(answers={"DESCRIBE": OK + b"X-More: and more\r\n" * 200_000}),
    "a header without end": Lie(answers={"OPTIONS": OK + b"X: " + b"a" * 2_000_000}),
    "answers that drip": Lie(drips=True),
    "silence after OPTIONS": Lie(answers={"DESCRIBE": None}),
    "silence after SETUP": Lie(answers={"PLAY": None}),
    "a body of two gigabytes": Lie(answers={"DESCRIBE": OK + b"Content-Length: 2000000000\r\n\r\nv=0"}),
    "a body of less than nothing": Lie(answers={"DESCRIBE": OK + b"Content-Length: -5\r\n\r\nv=0"}),
    "no stream in the description": Lie(sdp="v=0\r\ns=door\r\n"),
    "a description of noise": Lie(sdp="\x00\x7f=" * 2000),
    "ten thousand streams": Lie(sdp=description("H264/90000", "m=video 0 RTP/AVP 97\r\n" * 10_000)),
    "another codec": Lie(filmed(50), codec="H265/90000", fps=200),
    "a codec nobody knows": Lie(filmed(50), codec="XYZ/90000", fps=200),
    "a clock of no hertz": Lie(filmed(50), codec="H264/0", fps=200, answers={"PLAY": None}),
    "noise for pictures": Lie(filmed(400), fps=400, spoil=noise(random.Random(1), 0.9)),
    "frames longer than they are": Lie(filmed(50), fps=200, spoil=lambda packet: packet[:2] + b"\xff\xff" + packet[4:]),
    "a web page in PLAY": Lie(answers={"PLAY": b"HTTP/1.1 200 OK\r\n\r\n<html>" + b"x" * 100_000}),
}


@pytest.mark.parametrize("what", SILENT)
def test_a_camera_that_shows_nothing_is_given_up_with_a_sentence(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_av, "OPEN_TIMEOUT_S", 0.7)
    monkeypatch.setattr(source_av, "READ_TIMEOUT_S", 0.7)
    with LyingCamera(SILENT[what]) as camera:
        seen = read(camera)
    assert seen.sizes == []
    assert seen.reason in {"unreachable", "unsupported_codec", "not_found"}, seen
    assert seen.detail.endswith(".")
    assert "secret" not in seen.detail


def test_a_resolution_that_changes_in_the_stream_is_followed_as_in_a_file() -> None:
    with LyingCamera(Lie(filmed(20) + filmed(20, 320, 240) + filmed(20), fps=100)) as camera:
        seen = read(camera)
    assert {(120, 160), (240, 320)} <= set(seen.sizes)
    assert (seen.reason, seen.detail) == ("unreachable", "The camera ended the stream.")


def test_of_a_stream_with_pictures_missing_and_doubled_only_whole_ones_are_shown() -> None:
    sent = filmed(80)
    with LyingCamera(Lie(sent, fps=100)) as camera:
        whole = read(camera)
    with LyingCamera(Lie(sent[:34] + sent[35:51] + sent[50:61] + sent[59:], fps=100)) as camera:
        seen = read(camera)
    assert set(seen.pictures[10:]) <= set(whole.pictures)
    # 34 is missing, 35 to 39 build on it; of 50 only one is shown; the second 59 is out of order, the second 60 is new.
    assert len(seen.sizes) == len(whole.sizes) - 5


def test_damage_in_the_stream_costs_only_pictures() -> None:
    with LyingCamera(Lie(filmed(150), fps=150, spoil=_every(11, noise(random.Random(2), 0.2)))) as camera:
        seen = read(camera)
    assert len(seen.sizes) > 10
    assert seen.detail.endswith(".")


def _every(nth: int, spoil: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Return what spoils the payload of one packet in `nth`, and leaves the frame around it alone."""
    seen = iter(range(1_000_000))
    return lambda packet: packet if next(seen) % nth else packet[:16] + spoil(packet[16:])


STAMPED: dict[str, tuple[Lie, int]] = {
    "backwards": (Lie(filmed(60), fps=30, stamps=lambda number: 1000.0 - number), 15),
    "jumping a day": (Lie(filmed(60), fps=30, stamps=lambda number: number / 30 + 86_400 * (number // 20)), 15),
    "all the same": (Lie(filmed(60), fps=30, stamps=lambda _: 5.0), 15),
    "three pictures a second": (Lie(filmed(30), fps=3), 2),
    "120 pictures a second": (Lie(filmed(360), fps=120), 15),
}


@pytest.mark.parametrize("what", STAMPED)
def test_whatever_a_camera_stamps_its_frames_go_forward_at_a_pace_to_look_at(what: str) -> None:
    lie, least = STAMPED[what]
    with LyingCamera(lie) as camera:
        capture = Capture(leased(type="rtsp", rtsp_url=camera.url), open_source, lambda _: None, lambda _: True)
        begun_s, times = time.time(), list[float]()
        capture.start()
        while len(times) < least and time.time() - begun_s < PATIENCE_S:
            frame = capture.buffer.get(0.5)
            times += [frame.at.timestamp()] if frame else []
        capture.stop()
    assert len(times) >= least
    assert times == sorted(times)
    assert (times[-1] - times[0]) / (len(times) - 1) >= 1 / LOOKS_PER_S - 0.01, times
    assert begun_s - 5 <= times[0] <= times[-1] <= time.time() + 5, "no picture is of another day"


def everywhere_is_outside(address: str) -> bool:
    """Take this machine for the public internet."""
    return bool(address)


@pytest.fixture
def inside() -> Iterator[tuple[int, list[bytes]]]:
    """Something on this machine that a camera outside should not reach: its port, and what it was told."""
    told, listening = list[bytes](), socket.create_server(("127.0.0.1", 0))

    def hear() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                told.append(connection.recv(1000))
                connection.close()

    thread = threading.Thread(target=hear)
    thread.start()
    yield listening.getsockname()[1], told
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


@pytest.mark.parametrize("header", ["Location", "lOCATION", "X: y\r\nLoca\rtion"])
@pytest.mark.parametrize("stage", ["OPTIONS", "DESCRIBE", "SETUP"])
def test_a_public_camera_sends_the_worker_nowhere_else(
    header: str, stage: str, inside: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, told = inside
    monkeypatch.setattr("realtime_workers.public_address.is_public", everywhere_is_outside)
    moved = f"RTSP/1.0 302 Moved\r\n{{cseq}}\r\n{header}: rtsp://127.0.0.1:{port}/admin\r\n\r\n".encode()
    with LyingCamera(Lie(answers={stage: moved})) as camera:  # pyright: ignore[reportArgumentType]
        seen = read(camera, public_only=True)
        assert camera.asked
    assert told == []
    assert (seen.reason, "not followed" in seen.detail) == ("no_permission", True)


def test_a_public_camera_is_read_through_the_one_way_out_in_the_open_and_over_tls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime_workers.public_address.is_public", everywhere_is_outside)
    before = threading.active_count()
    for certificate in (None, write_certificate(tmp_path / "own.pem")):
        with LyingCamera(Lie(filmed(40), fps=100), certificate) as camera:
            assert len(read(camera, most=20, public_only=True).sizes) == 20
            assert camera.asked[0].startswith("OPTIONS rtsp://127.0.0.1:")
    wait_for(lambda: threading.active_count() <= before, "the threads of both ways out have ended")
