"""Cameras that lie at random: spoilt answers, spoilt streams, other codecs, sizes and stamps, at any pace."""

import random
import time
from collections.abc import Callable
from contextlib import closing

from realtime_workers import source_av
from realtime_workers.frame_clock import LiveClock
from realtime_workers.source import SourceFailedError
from tests.lying_camera import Lie, LyingCamera, Stage, description, filmed, noise
from tests.spoiling import spoiled_file
from tests.torture.bad_input.tally import READ

WITHIN_S = 2.0
"""In the place of the worker's ten seconds, so that more lies are heard."""
MOST_PICTURES = 60
CODECS = (
    "H264/90000",
    "H265/90000",
    "JPEG/90000",
    "MP4V-ES/90000",
    "VP8/90000",
    "H264/1",
    "H264/0",
    "PCMU/8000",
    "\x00/x",
)
_OK = b"RTSP/1.0 200 OK\r\n{cseq}\r\nSession: 7\r\nPublic: DESCRIBE, SETUP, PLAY\r\n"
_ANSWERS: dict[Stage, bytes] = {
    "OPTIONS": _OK + b"\r\n",
    "DESCRIBE": _OK
    + b"Content-Type: application/sdp\r\nContent-Length: 150\r\n\r\n"
    + description("H264/90000").encode(),
    "SETUP": _OK + b"Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
    "PLAY": _OK + b"RTP-Info: url=rtsp://x/trackID=0;seq=1;rtptime=1\r\n\r\n",
}
_STAMPS: tuple[Callable[[int], float], ...] = (
    lambda number: 1000.0 - number,
    lambda number: number * 86_400.0,
    lambda _: 0.0,
    lambda number: number % 3 * 10.0,
    lambda number: number / 25,
)


def camera(dice: random.Random) -> str:
    """Read one lying camera; it shows pictures whose times go forward, or it is given up with a sentence."""
    source_av.OPEN_TIMEOUT_S = source_av.READ_TIMEOUT_S = WITHIN_S
    seen, clock, last_s = 0, LiveClock(), 0.0
    with LyingCamera(_lie(dice)) as lying:
        try:
            with closing(source_av.open_rtsp(lying.url)) as source:
                for picture in source.pictures():
                    assert picture.image().ndim == 3
                    at_s = clock.time_of(picture.stream_s, time.time()).timestamp()
                    assert at_s >= last_s
                    seen, last_s = seen + 1, at_s
                    if seen == MOST_PICTURES:
                        break
        except SourceFailedError as failure:
            return _given_up(failure, seen)
    return READ


def _given_up(failure: SourceFailedError, seen: int) -> str:
    assert failure.detail.endswith(".")
    assert "secret" not in failure.detail
    return f"{failure.reason}, after pictures" if seen else failure.reason


def _lie(dice: random.Random) -> Lie:
    pictures = filmed(30)
    if dice.random() < 0.3:
        pictures = filmed(10) + filmed(10, 320, 240) + filmed(10, 96, 64)
    if dice.random() < 0.3:  # a bad line loses some and tells others twice
        pictures = tuple(one for one in pictures for _ in range(dice.choice((0, 1, 1, 1, 2))))
    lie = {"fps": dice.choice((1.0, 15.0, 60.0, 120.0)), "codec": CODECS[0]}
    answers: dict[Stage, bytes | None] = {}
    if dice.random() < 0.5:
        stage = dice.choice(list(_ANSWERS))
        answers[stage] = spoiled_file(_ANSWERS[stage], dice) if dice.random() < 0.9 else None
    if dice.random() < 0.3:
        lie["codec"] = dice.choice(CODECS)
    sdp = None
    if dice.random() < 0.3:
        sdp = (
            spoiled_file(description(str(lie["codec"])).encode(), dice)
            .decode("ascii", "replace")
            .replace("\ufffd", "?")
        )
    spoil = noise(random.Random(dice.random()), dice.choice((0.001, 0.05, 0.9))) if dice.random() < 0.5 else None
    stamps = dice.choice(_STAMPS) if dice.random() < 0.5 else None
    drips = dice.random() < 0.03
    lasting = pictures[: max(3, round(2 * float(lie["fps"])))]
    return Lie(lasting, float(lie["fps"]), stamps, str(lie["codec"]), sdp, answers, drips, spoil)
