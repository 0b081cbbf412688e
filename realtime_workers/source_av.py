"""A source read with FFmpeg (PyAV): an RTSP camera over TCP, or a video file."""

import contextlib
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import av
import av.error
import av.logging
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from realtime_workers.decoder import Arrived, Decoder
from realtime_workers.h264_order import PictureOrder
from realtime_workers.resting_decoder import RestingDecoder
from realtime_workers.source import Picture, Rest, SourceFailedError

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 8.0

av.logging.set_level(None)  # FFmpeg's own log prints URLs with their passwords.


class AvSource:
    """An open container with one video stream. `ahead`: decoded ahead on several threads, and every picture."""

    def __init__(self, container: InputContainer, *, live: bool, ahead: bool) -> None:
        self._container = container
        self._live, self._ahead = live, ahead
        if not container.streams.video:
            raise SourceFailedError("unsupported_codec", "There is sound or data here, but no video.")
        self._stream: VideoStream = container.streams.video[0]
        codec = cast("VideoCodecContext | None", self._stream.codec_context)
        if codec is None:
            raise SourceFailedError("unsupported_codec", "The video's codec cannot be read here. H.264 always can.")
        self._order = PictureOrder(codec.extradata or b"") if codec.name == "h264" else None
        # Frame threads would delay a live picture, and what slices it has one thread decodes for less.
        self._stream.thread_type = "AUTO" if ahead else "NONE"
        self._decoder = Decoder(codec, 0.0 if live else (container.start_time or 0) / av.time_base)

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:
        """Yield every picture that can be decoded and is whole, skipping damaged packets; at rest a few of them."""
        chosen = RestingDecoder(self._decoder, rest) if rest and not self._ahead else self._decoder
        # All packets of a stream share its unit of time; each would make a fraction of it anew.
        unit = self._stream.time_base or Fraction(1, av.time_base)
        counts, a_second = unit.numerator, unit.denominator
        try:
            for packet in self._packets():
                stamp_s = None if packet.pts is None else packet.pts * counts / a_second
                if self._is_whole(packet, stamp_s):
                    yield from chosen.pictures(Arrived(packet, time.time() if self._live else None, stamp_s))
        except SourceFailedError:
            yield from chosen.left()
            raise
        yield from chosen.left()
        if self._live:
            raise SourceFailedError("unreachable", "The camera ended the stream.")
        if not self._decoder.seen:  # noise may look like some format's beginning
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

    def _is_whole(self, packet: "Packet[VideoStream]", stamp_s: float | None) -> bool:
        if self._order is None or packet.size == 0:
            return True
        return self._order.whole(bytes(packet), stamp_s, key=packet.is_keyframe)


def open_rtsp(url: str) -> AvSource:
    """Open an RTSP camera over TCP. Raises SourceFailedError."""
    if urlsplit(url).scheme not in ("rtsp", "rtsps"):
        raise SourceFailedError("not_found", "The address of an RTSP camera begins with rtsp:// or rtsps://.")
    # Guessing the frame rate would cost the first twenty pictures, and a stream whose stamps stand still all of them.
    options = {"rtsp_transport": "tcp", "fflags": "nobuffer", "max_delay": "500000", "fpsprobesize": "0"}
    return _opened(url, options, live=True, ahead=False)


def open_file(path: str, *, ahead: bool) -> AvSource:
    """Open a video file, to be decoded `ahead` of who looks at it or as a camera is. Raises SourceFailedError."""
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
    return _opened(f"file:{path}", {}, live=False, ahead=ahead)


def _opened(url: str, options: dict[str, str], *, live: bool, ahead: bool) -> AvSource:
    try:
        container = av.open(url, "r", options=options, timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S))
    except (av.error.FFmpegError, OSError, ValueError) as broken:
        raise failure_of(broken, live=live) from None
    try:
        return AvSource(container, live=live, ahead=ahead)
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
