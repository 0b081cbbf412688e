"""Chooses what a camera is read with, by its type."""

from realtime_workers.one_way_out import OneWayOut, ThroughOneWayOut
from realtime_workers.public_address import at_public_address
from realtime_workers.source import Source, SourceFailedError
from realtime_workers.source_av import open_file, open_rtsp
from realtime_workers.source_webcam import open_webcam
from regulars.domain.cameras import LeasedCamera


def open_source(camera: LeasedCamera) -> Source:
    """Open a leased camera. Raises SourceFailedError with the reason that its page shows."""
    if camera.public_only:
        return _open_nowhere_else(at_public_address(camera))
    if camera.type == "rtsp" and camera.rtsp_url is not None:
        return open_rtsp(camera.rtsp_url.get_secret_value())
    if camera.type == "file" and camera.file_path is not None:
        return open_file(camera.file_path, ahead=camera.file_starts_at is not None)
    if camera.type == "webcam" and camera.webcam_index is not None:
        return open_webcam(camera.webcam_index)
    raise SourceFailedError("not_found", f"This {camera.type} camera has no address set.")


def _open_nowhere_else(url: str) -> Source:
    way = OneWayOut(url)
    try:
        return ThroughOneWayOut(open_rtsp(way.url), way)
    except SourceFailedError:
        way.close()
        if way.sent_on:
            sent_on = "The camera sends on to another address, which is not followed; set that address itself."
            raise SourceFailedError("no_permission", sent_on) from None
        raise
