"""A source read with FFmpeg (PyAV): an RTSP camera over TCP, or a video file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import av
import av.error
import av.logging
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from realtime_workers.h264_order import PictureOrder
from realtime_workers.source import LARGEST_SIDE_PX, SMALLEST_SIDE_PX, Brightness, Picture, SourceFailedError
from regulars.domain.faces import Image

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 8.0
UNDECODABLE_PACKETS = 250
"""About ten seconds of stream without one picture: this is not a codec that can be read here."""
EIGHT_BITS_OF_BRIGHTNESS = {"yuv420p", "yuvj420p", "nv12", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"}

av.logging.set_level(None)  # FFmpeg's own log prints URLs with their passwords.


class AvSource:
    """An open container with one video stream."""

    def __init__(self, container: InputContainer, *, live: bool) -> None:
        self._container = container
        self._live = live
        if not container.streams.video:
            raise SourceFailedError("unsupported_codec", "There is sound or data here, but no video.")
        self._stream: VideoStream = container.streams.video[0]
        codec = cast("VideoCodecContext | None", self._stream.codec_context)
        if codec is None:
            raise SourceFailedError("unsupported_codec", "The video's codec cannot be read here. H.264 always can.")
        self._order = PictureOrder(codec.extradata or b"") if codec.name == "h264" else None
        self._zero_s = 0.0 if live else (container.start_time or 0) / av.time_base
        # Frame threads would delay a live picture, and what slices it has one thread decodes for less.
        self._stream.thread_type = "NONE" if live else "AUTO"

    def pictures(self) -> Iterator[Picture]:
        """Yield every picture that can be decoded and is whole, skipping damaged packets."""
        undecodable, seen = 0, False
        for packet in self._packets():
            if not self._is_whole(packet):
                continue
            decoded = self._decode(packet)
            undecodable = 0 if decoded else undecodable + 1
            if undecodable > UNDECODABLE_PACKETS:
                raise SourceFailedError("unsupported_codec", "Data arrives, but no picture can be decoded from it.")
            for frame in decoded:
                if min(frame.width, frame.height) < SMALLEST_SIDE_PX:
                    continue
                if max(frame.width, frame.height) > LARGEST_SIDE_PX:
                    raise SourceFailedError("unsupported_codec", f"A picture of {frame.width} x {frame.height} pixels.")
                seen = True
                stream_s = None if frame.pts is None else frame.time - self._zero_s
                upright = _Upright(frame)
                yield Picture(stream_s, upright.image, upright.brightness)
        if self._live:
            raise SourceFailedError("unreachable", "The camera ended the stream.")
        if not seen:  # noise may look like some format's beginning
            raise SourceFailedError("unsupported_codec", "No picture can be decoded from this file.")

    def close(self) -> None:
        """Close the connection or file."""
        self._container.close()

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        """Yield packets, the closing empty one too, which hands out the decoder's last pictures."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.error.FFmpegError, OSError) as broken:
                if self._live:
                    raise failure_of(broken, live=True) from None
                return  # a damaged file ends where it is damaged
            yield packet

    def _is_whole(self, packet: "Packet[VideoStream]") -> bool:
        if self._order is None or packet.size == 0:
            return True
        at_s = None if packet.pts is None else float(packet.pts * packet.time_base)
        return self._order.whole(bytes(packet), at_s, key=packet.is_keyframe)

    def _decode(self, packet: "Packet[VideoStream]") -> list[VideoFrame]:
        try:
            return packet.decode()
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


def open_rtsp(url: str) -> AvSource:
    """Open an RTSP camera over TCP. Raises SourceFailedError."""
    if urlsplit(url).scheme not in ("rtsp", "rtsps"):
        raise SourceFailedError("not_found", "The address of an RTSP camera begins with rtsp:// or rtsps://.")
    # Guessing the frame rate would cost the first twenty pictures, and a stream whose stamps stand still all of them.
    options = {"rtsp_transport": "tcp", "fflags": "nobuffer", "max_delay": "500000", "fpsprobesize": "0"}
    return _opened(url, options, live=True)


def open_file(path: str) -> AvSource:
    """Open a video file. Raises SourceFailedError."""
    file = Path(path)
    try:
        with file.open("rb") as opened:
            if not opened.read(1):
                raise SourceFailedError("unsupported_codec", f"The file {file.name} is empty.")
    except FileNotFoundError:
        raise SourceFailedError("not_found", f"There is no file {file.name} where the camera's setting says.") from None
    except IsADirectoryError:
        raise SourceFailedError("not_found", f"{file.name} is a folder, not a video file.") from None
    except PermissionError:
        raise SourceFailedError("no_permission", f"The worker may not read the file {file.name}.") from None
    except OSError:
        raise SourceFailedError("unreachable", f"The disk that holds {file.name} does not answer.") from None
    return _opened(f"file:{path}", {}, live=False)


def _opened(url: str, options: dict[str, str], *, live: bool) -> AvSource:
    try:
        container = av.open(url, "r", options=options, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S))
    except (av.error.FFmpegError, OSError, ValueError) as broken:
        raise failure_of(broken, live=live) from None
    try:
        return AvSource(container, live=live)
    except BaseException:
        with contextlib.suppress(Exception):
            container.close()
        raise


def failure_of(broken: Exception, *, live: bool) -> SourceFailedError:
    """Return what an FFmpeg error means to the person who set the camera up (its own text holds the URL)."""
    if live and isinstance(broken, av.error.InvalidDataError):  # FFmpeg's word for a read that ran out of time, too
        return SourceFailedError("unreachable", "What is at this address does not answer in time as a camera does.")
    known: list[tuple[type[Exception] | tuple[type[Exception], ...], SourceFailedError]] = [
        (
            (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError),
            SourceFailedError("wrong_password", "The camera refuses this user name and password."),
        ),
        (
            (av.error.HTTPNotFoundError, av.error.HTTPBadRequestError),
            SourceFailedError("not_found", "The camera answers, but has no stream at this path."),
        ),
        (
            (av.error.DecoderNotFoundError, av.error.DemuxerNotFoundError, av.error.PatchWelcomeError),
            SourceFailedError("unsupported_codec", "The video's codec or format cannot be read here."),
        ),
        (
            (av.error.InvalidDataError,),
            SourceFailedError("unsupported_codec", "What arrives is not a video that can be read here."),
        ),
        (
            (av.error.ConnectionRefusedError,),
            SourceFailedError("unreachable", "The address is there, but no camera listens at this port."),
        ),
        (
            (av.error.TimeoutError, av.error.ExitError),
            SourceFailedError("unreachable", "The camera does not answer in time."),
        ),
    ]
    found = next((failure for kinds, failure in known if isinstance(broken, kinds)), None)
    return found or SourceFailedError("unreachable", "The connection to the camera failed or broke.")
