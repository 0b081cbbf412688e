"""Inside a source read with FFmpeg: packets become pictures, upright and of a size that can be used."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import av.error
import numpy as np
from av.codec.context import CodecContext, ThreadType
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
    """A packet that came at `at_s` (Unix), None where it lay in a file; `stamp_s` by the stream's own clock, if any."""

    packet: "Packet[VideoStream]"
    at_s: float | None
    stamp_s: float | None

    def after_s(self, other: "Arrived") -> list[float]:
        """Return how long after `other` it is: by the stream's stamps, which may stand still, and by its arrival."""
        pairs = (other.stamp_s, self.stamp_s), (other.at_s, self.at_s)
        return [later - earlier for earlier, later in pairs if earlier is not None and later is not None] or [math.inf]


class Decoder:
    """Decodes a stream whose own clock shows `zero_s` at its start, with its codec's loop filter unless `rough`.

    Its pictures are turned by `turned_deg`, or as each of them says.
    """

    def __init__(
        self, codec: VideoCodecContext, zero_s: float, *, turned_deg: float | None = None, rough: bool = False
    ) -> None:
        self._codec, self._zero_s, self._rough = codec, zero_s, rough
        self._turned_deg = turned_deg
        self._undecodable = 0
        self._seen_turned_deg = 0.0
        self.seen = False

    def another(self, *, rough: bool) -> "Decoder":
        """Return one more of the same stream. A rough one takes a fifth less for a picture.

        Edges between blocks stay visible then, but in key pictures, which are filtered all the same.
        """
        made = CodecContext.create(self._codec.name, "r")
        assert isinstance(made, VideoCodecContext)  # noqa: S101
        made.options = {"skip_loop_filter": "nointra"} if rough else {}
        made.thread_type = ThreadType.NONE
        made.extradata, made.codec_tag = self._codec.extradata, self._codec.codec_tag
        made.width, made.height = self._codec.width, self._codec.height
        made.color_range, made.reorder_depth = self._codec.color_range, self._codec.reorder_depth
        return Decoder(made, self._zero_s, turned_deg=self._seen_turned_deg, rough=rough)

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
            self._seen_turned_deg = frame.rotation if self._turned_deg is None else self._turned_deg
            upright = _Upright(frame, self._seen_turned_deg)
            stream_s = None if frame.pts is None else frame.time - self._zero_s
            rough = self._rough and not frame.key_frame
            yield Picture(stream_s, upright.image, upright.brightness, arrived.at_s, rough=rough)

    def left(self) -> Iterator[Picture]:
        """Yield what was held back: nothing here."""
        yield from ()

    def forget(self) -> None:
        """Let go of all pictures that others may build on: the next packet holds a key picture."""
        self._codec.flush_buffers()

    def _decoded(self, arrived: Arrived) -> list[VideoFrame]:
        try:
            return self._codec.decode(arrived.packet)  # pyright: ignore[reportUnknownMemberType]
        except av.error.EOFError:
            return []
        except (av.error.FFmpegError, ValueError):
            return []


class _Upright:
    """Turns a decoded picture into pixels, the way its recorder says it is to be seen."""

    def __init__(self, frame: VideoFrame, turned_deg: float) -> None:
        self._frame, self._turned_deg = frame, turned_deg

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
        quarter_turns = round(self._turned_deg / 90) % 4
        return np.ascontiguousarray(np.rot90(pixels, quarter_turns)) if quarter_turns else pixels
