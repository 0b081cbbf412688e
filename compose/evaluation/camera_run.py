"""A recording before a worker's own pipeline of one camera, to its end: for questions and measurements about that."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from realtime_workers.camera import CameraRunner
from realtime_workers.detect import FaceFinder
from realtime_workers.emit import Emitter
from realtime_workers.gateway_client import GatewayClient
from realtime_workers.source import Source
from realtime_workers.spool import Spool
from regulars.domain.cameras import LeasedCamera
from regulars.domain.tracks import TrackManifest

SPOOL_BYTES = 1 << 30
NO_GATEWAY = "http://127.0.0.1:9"
STOPS_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Looked:
    """The tracks that lie in the worker's spool after a recording, and how many of its pictures were decoded."""

    tracks: list[TrackManifest]
    decoded: int


def look_at_recording(
    camera: LeasedCamera,
    finder: FaceFinder,
    open_source: Callable[[LeasedCamera], Source],
    within_s: float,
    beside: Path | None = None,
) -> Looked:
    """Let the pipeline look at a whole recording, as fast as it can; its spool lies in the folder `beside` meanwhile.

    Raises RuntimeError when the pipeline broke, could read nothing, or was not at the end `within_s` seconds later:
    what it had found until then says nothing about the recording.
    """
    with tempfile.TemporaryDirectory(prefix="regulars-", dir=beside) as folder, GatewayClient(NO_GATEWAY, "") as nobody:
        spool = Spool(Path(folder), SPOOL_BYTES)
        runner = CameraRunner(camera, "measured", finder, Emitter(spool, nobody), open_source, nobody)
        runner.start()
        ended = runner.join(within_s)
        if not ended:
            runner.stop()
            runner.join(STOPS_WITHIN_S)
        tracks = [track.manifest for file in spool.waiting() if (track := spool.read(file))]
        spool.close()
    state = runner.state()
    if state.state == "failed" or not ended:
        late = "" if ended else f"It was not at the end after {within_s:g} s. "
        raise RuntimeError(f"A camera's pipeline did not see the whole recording. {late}{state.detail}")
    return Looked(tracks, state.counters.frames_decoded)
