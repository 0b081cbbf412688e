"""What one picture, one track, one visit and one template cost, measured here now."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from realtime_workers.day_offline import largest_track, spooled_bytes
from regulars.vision.packs import ModelPack
from tests.bench.camera import track_all
from tests.bench.capacity.stored import stored
from tests.bench.films import films
from tests.bench.recognize import evidence, tracks_of

FACE_PX = 80
"""Width of a face in a shot, for what a track takes on the disk."""


@dataclass(frozen=True, slots=True)
class Units:
    """Processor time is of one core of this machine; bytes as PostgreSQL and the object store hold them.

    `track_s` are the processor times of single tracks; `waited_s` is how long one took here on average, waits included.
    """

    busy_picture_ms: float
    quiet_picture_ms: float
    track_ms: float
    track_s: tuple[float, ...]
    waited_s: float
    track_bytes: float
    visit_bytes: float
    shots_bytes: float
    look_bytes: float
    template_bytes: float

    def told(self) -> list[tuple[str, float, str]]:
        """Return each with its name and unit."""
        return [
            ("a picture of 1080p while somebody is there", self.busy_picture_ms, "ms of CPU"),
            (
                "a picture of a quiet 1080p camera, somebody there a tenth of the time",
                self.quiet_picture_ms,
                "ms of CPU",
            ),
            ("a track of five shots, to a vector", self.track_ms, "ms of CPU"),
            ("a track's objects, faces of 80 px", self.track_bytes / 1000, "kB"),
            ("a visit with its sightings and rollup, in PostgreSQL", self.visit_bytes, "bytes"),
            ("a track's shots, told there while they are kept", self.shots_bytes, "bytes"),
            ("a look, sealed, there", self.look_bytes, "bytes"),
            ("a template's vector in the index", self.template_bytes, "bytes"),
        ]


def measure(pack: ModelPack, rounds: int, say: Callable[[str], None]) -> Units:
    """Measure all of them."""
    say("unit costs: pictures")
    made = {film.name: film for film in films(pack)}
    busy_ms, quiet_ms = (
        median(_cpu_ms(lambda film=made[name]: track_all(film, pack)) / made[name].frames for _ in range(rounds))
        for name in ("1080p, busy", "1080p, quiet")
    )
    say("unit costs: tracks")
    tracks = tracks_of(pack)
    evidence(pack, tracks[0])
    times = [_wall_and_cpu(lambda one=one: evidence(pack, one)) for _ in range(rounds) for one in tracks]
    say("unit costs: bytes")
    kept = stored(pack.dimension, FACE_PX)
    return Units(
        busy_picture_ms=busy_ms,
        quiet_picture_ms=quiet_ms,
        track_ms=median(cpu_s for _, cpu_s in times) * 1000,
        track_s=tuple(cpu_s for _, cpu_s in times),
        waited_s=sum(wall_s for wall_s, _ in times) / len(times),
        track_bytes=spooled_bytes(largest_track(FACE_PX)),
        visit_bytes=kept.visit,
        shots_bytes=kept.shots,
        look_bytes=kept.look,
        # HNSW with M = 16 keeps some 32 links of 4 bytes beside the vector; ids and keys are text of 36 to 64 bytes.
        template_bytes=float(pack.dimension * np.dtype(np.float32).itemsize + 32 * 4 + 36 + 36 + 45),
    )


def _cpu_ms(work: Callable[[], object]) -> float:
    return _wall_and_cpu(work)[1] * 1000


def _wall_and_cpu(work: Callable[[], object]) -> tuple[float, float]:
    begun_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun_s, time.process_time() - cpu_s
