"""LyingCamera: a small RTSP server that streams real H.264 (RTP over TCP) and lies wherever it is told to.

The real RTSP server of the tests tells the truth; cameras, and whoever pretends to be one, do not.
"""

import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import av
import numpy as np

Stage = Literal["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
Picture = tuple[bytes, ...]
"""The NAL units of one encoded picture."""
CLOCK_HZ = 90_000
_PAYLOAD = 1200


@dataclass(frozen=True)
class Lie:
    """What a camera says and shows. `answers` stands in for the whole answer to a request; None is silence."""

    pictures: tuple[Picture, ...] = ()
    fps: float = 25.0
    """The pace at which pictures are sent, and by which they are stamped unless `stamps` says otherwise."""
    stamps: Callable[[int], float] | None = None
    """A picture's number to its time in seconds."""
    codec: str = "H264/90000"
    sdp: str | None = None
    answers: dict[Stage, bytes | None] | None = None
    drips: bool = False
    """Answers a byte at a time and never to the end."""
    spoil: Callable[[bytes], bytes] | None = None
    """Done to every interleaved packet before it is sent."""


class LyingCamera:
    """Serves every caller one lie on 127.0.0.1, over TLS where a certificate is given; `asked` is what it was asked."""

    def __init__(self, lie: Lie, certificate: Path | None = None) -> None:
        self._lie = lie
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._tls = None
        if certificate is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._open: list[socket.socket] = []
        self._over = threading.Event()
        self.asked: list[str] = []
        self.port = int(self._listening.getsockname()[1])
        self.url = f"rtsp{'s' if certificate else ''}://user:secret@127.0.0.1:{self.port}/live"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while not self._over.is_set():
            with suppress(OSError):
                connection, _ = self._listening.accept()
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
                self._threads.append(threading.Thread(target=self._talk, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, UnicodeDecodeError):
            while request := connection.recv(4096).decode():
                self.asked.append(request.split("\r\n")[0])
                verb = request.split(" ")[0]
                answer = self._answer(verb, request)
                if answer is None:
                    continue
                self._say(connection, answer)
                if verb == "PLAY":
                    self._play(connection)

    def _answer(self, verb: str, request: str) -> bytes | None:
        answers: dict[Any, bytes | None] = {**(self._lie.answers or {})}
        number = next((line for line in request.split("\r\n") if line.lower().startswith("cseq")), "CSeq: 0")
        if verb in answers:
            said = answers[verb]
            return said and said.replace(b"{cseq}", number.encode())
        head, body = f"RTSP/1.0 200 OK\r\n{number}\r\nSession: 7\r\n", ""
        if verb == "OPTIONS":
            head += "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
        elif verb == "DESCRIBE":
            body = self._lie.sdp if self._lie.sdp is not None else description(self._lie.codec)
            head += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif verb == "SETUP":
            head += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
        return f"{head}\r\n{body}".encode()

    def _say(self, connection: socket.socket, answer: bytes) -> None:
        if not self._lie.drips:
            connection.sendall(answer)
            return
        for byte in answer:
            connection.sendall(bytes([byte]))
            self._over.wait(0.05)

    def _play(self, connection: socket.socket) -> None:
        begun_s = time.monotonic()
        for number, packets in enumerate(self._packets()):
            for packet in packets:
                connection.sendall(self._lie.spoil(packet) if self._lie.spoil else packet)
            if self._over.wait(max(0.0, begun_s + (number + 1) / self._lie.fps - time.monotonic())):
                return
        connection.shutdown(socket.SHUT_WR)

    def _packets(self) -> Iterator[list[bytes]]:
        sequence = 0
        for number, picture in enumerate(self._lie.pictures):
            at_s = self._lie.stamps(number) if self._lie.stamps else number / self._lie.fps
            parts = [part for unit in picture for part in _fragments(unit)]
            last = len(parts) - 1
            yield [_rtp(part, sequence + at, at_s, last=at == last) for at, part in enumerate(parts)]
            sequence += len(parts)


def description(codec: str, more: str = "") -> str:
    """Return what DESCRIBE answers for one stream of this codec."""
    lines = ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=door", "t=0 0", "m=video 0 RTP/AVP 96", f"a=rtpmap:96 {codec}"]
    return "\r\n".join([*lines, "a=fmtp:96 packetization-mode=1", "a=control:trackID=0", more]) + "\r\n"


@cache
def filmed(count: int, width: int = 160, height: int = 120) -> tuple[Picture, ...]:
    """Return `count` pictures of a moving square in H.264, every tenth decodable by itself."""
    library: Any = av
    encoder = library.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate = 25
    encoder.options = {"tune": "zerolatency", "x264-params": "keyint=10:repeat-headers=1:annexb=1:sliced-threads=0"}
    packets: list[Any] = []
    for number in range(count):
        pixels = np.full((height, width, 3), 90, np.uint8)
        pixels[20:60, number % (width - 40) : number % (width - 40) + 40] = 200
        frame = library.VideoFrame.from_ndarray(pixels, format="bgr24")
        frame.pts = number
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return tuple(_units(bytes(packet)) for packet in packets)


def noise(dice: random.Random, share: float) -> Callable[[bytes], bytes]:
    """Return what changes a share of a packet's bytes, its frame's head and length among them."""

    def spoil(packet: bytes) -> bytes:
        return bytes(dice.randrange(256) if dice.random() < share else byte for byte in packet)

    return spoil


def _units(annexb: bytes) -> Picture:
    return tuple(unit.strip(b"\x00") for unit in annexb.split(b"\x00\x00\x01") if unit.strip(b"\x00"))


def _fragments(unit: bytes) -> Iterable[bytes]:
    if len(unit) <= _PAYLOAD:
        return [unit]
    head, body = unit[0], unit[1:]
    cuts = range(0, len(body), _PAYLOAD)
    indicator, kind = (head & 0xE0) | 28, head & 0x1F
    return [
        bytes([indicator, kind | (0x80 if at == 0 else 0) | (0x40 if at == cuts[-1] else 0)]) + body[at : at + _PAYLOAD]
        for at in cuts
    ]


def _rtp(part: bytes, sequence: int, at_s: float, *, last: bool) -> bytes:
    stamp = round(at_s * CLOCK_HZ) & 0xFFFFFFFF
    packet = struct.pack(">BBHII", 0x80, 96 | (0x80 if last else 0), sequence & 0xFFFF, stamp, 7) + part
    return b"$\x00" + struct.pack(">H", len(packet)) + packet
