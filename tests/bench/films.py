"""The films that cameras are measured on: the café at two sizes, busy and quiet, H.264 as cameras send it."""

import random
from dataclasses import dataclass
from pathlib import Path

import av

from compose.onebox.scene.cafe import draw_cafe
from compose.onebox.scene.paths import Walk
from compose.onebox.scene.people import CAST, cut_out_cast
from compose.onebox.scene.sample import FPS
from compose.onebox.scene.video import film
from regulars.vision.packs import ModelPack
from tests.bench.past import HOME
from tests.bench.walks import mostly_coming

SIZES = {"1080p": (1920, 1080, "4M"), "640x480": (640, 480, "1M")}
"""Width, height and bits a second, as a shop's camera is set up."""
GRAIN = 2.5
"""Standard deviation of the sensor's noise in grey levels: without it a still scene would cost the decoder nothing."""
BUSY_S = 30.0
QUIET_TIMES = 10
"""A quiet film is so many times as long as somebody is there."""
KINDS = {"busy": 2.0, "quiet": 2.0, "quiet, key pictures every second": 1.0}
"""How far the key pictures of each kind of film are apart, in seconds: two is what most cameras are delivered with."""
SEED = 4


@dataclass(frozen=True, slots=True)
class Film:
    """One film: `frames` pictures of `size` (width, height), in which people come or go."""

    name: str
    path: Path
    frames: int
    size: tuple[int, int]
    walks: tuple[Walk, ...]

    @property
    def people(self) -> int:
        """How many come or go."""
        return len(self.walks)

    @property
    def quiet(self) -> bool:
        """Nobody is there nine tenths of the time."""
        return "quiet" in self.name


def films(pack: ModelPack) -> list[Film]:
    """Return the films, made the first time. In a quiet one somebody comes at once, then nobody."""
    folder = HOME / "films"
    folder.mkdir(parents=True, exist_ok=True)
    samples = HOME.parent / "models" / "samples"
    made: list[Film] = []
    for size, (width, height, bits) in SIZES.items():
        for kind, keys_every_s in KINDS.items():
            seconds = BUSY_S
            walks = mostly_coming(random.Random(SEED), [role.name for role in CAST], seconds)
            if kind != "busy":
                walks = walks[:1]
                seconds = QUIET_TIMES * (walks[0].end_s - walks[0].start_s)
            path = folder / f"{size}-{kind}-{seconds:.0f}s.mp4"
            if not path.exists():
                people = cut_out_cast(samples, pack.detector)
                encoding = {"preset": "veryfast", "b": bits, "maxrate": bits, "bufsize": bits}
                backdrop = draw_cafe(width, height)
                film(
                    path,
                    backdrop,
                    people,
                    walks,
                    fps=FPS,
                    seconds=seconds,
                    encoding=encoding,
                    grain=GRAIN,
                    keys_every_s=keys_every_s,
                )
            with av.open(str(path)) as container:
                frames = container.streams.video[0].frames
            made.append(Film(f"{size}, {kind}", path, frames, (width, height), tuple(walks)))
    return made
