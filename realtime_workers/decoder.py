"""Inside a source read with FFmpeg: packets become pictures, upright and of a size that can be used."""

from collections.abc import Iterator
from dataclasses import dataclass

import av.error
import numpy as np
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from realtime_workers.source import LARGEST_SIDE_PX, SMALLEST_SIDE_PX, Brightness, Picture, SourceFailedError
from regulars.domain.faces import Image

UNDECODABLE_PACKETS = 250
"""About ten seconds of stream without one picture: this is not a codec that can be read here."""
EIGHT_BITS_OF_BRIGHTNESS = {"yuv420p", "yuvj420p", "nv12", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A packet that came at `at_s` (Unix), None where it lay in a file."""

    packet: "Packet[VideoStream]"
    at_s: float | None

    @property
    def stamp_s(self) -> float | None:
        """Its time by the stream's own clock."""
        return None if self.packet.pts is None else float(self.packet.pts * self.packet.time_base)


class Decoder:
    """Decodes a stream whose own clock shows `zero_s` at its start."""

    def __init__(self, codec: VideoCodecContext, zero_s: float) -> None:
        self._codec, self._zero_s = codec, zero_s
        self._undecodable = 0
        self.seen = False

    def pictures(self, arrived: Arrived) -> Iterator[Picture]:
        """Yield the pictures that a packet gives, none of a damaged one. Raises SourceFailedError."""
        decoded = self._decoded(arrived)
        self._undecodable = 0 if decoded else self._undecodable + 1
        if self._undecodable > UNDECODABLE_PACKETS:
            raise SourceFailedError("unsupported_codec", "Data arrives, but no picture can be decoded from it.")
        for frame in decoded:
            if min(frame.width, frame.height) < SMALLEST_SIDE_PX:
                continue
            if max(frame.width, frame.height) > LARGEST_SIDE_PX:
                raise SourceFailedError("unsupported_codec", f"A picture of {frame.width} x {frame.height} pixels.")
            self.seen = True
            upright = _Upright(frame)
            stream_s = None if frame.pts is None else frame.time - self._zero_s
            yield Picture(stream_s, upright.image, upright.brightness, arrived.at_s)

    def left(self) -> Iterator[Picture]:
        """Yield what was held back: nothing here."""
        yield from ()

    def forget(self) -> None:
        """Let go of all pictures that others may build on: the next packet holds a key picture."""
        self._codec.flush_buffers()

    def _decoded(self, arrived: Arrived) -> list[VideoFrame]:
        try:
            return arrived.packet.decode()
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError):
            return []


class _Upright:
    """Turns a decoded picture into pixels, the way its recorder says it is to be seen."""

    def __init__(self, frame: VideoFrame) -> None:
        self._frame = frame

    def image(self) -> Image:
        # On several threads it would be done sooner, for more of the processor's time.
        pixels = VideoReformatter().reformat(self._frame, format="bgr24", threads=1).to_ndarray()
        return self._turned(np.asarray(pixels, np.uint8))

    def brightness(self) -> Brightness | None:
        """Return the decoder's own plane of brightness, None where it keeps none of eight bits."""
        if self._frame.format.name not in EIGHT_BITS_OF_BRIGHTNESS:
            return None
        plane = self._frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8)[: plane.line_size * self._frame.height]
        pixels = rows.reshape(self._frame.height, plane.line_size)[:, : self._frame.width]
        whole_range = self._frame.format.name.startswith("yuvj") or self._frame.color_range == ColorRange.JPEG
        return Brightness(self._turned(pixels), *((0, 255) if whole_range else (16, 235)))

    def _turned(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        quarter_turns = round(self._frame.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(pixels, quarter_turns)) if quarter_turns else pixels
