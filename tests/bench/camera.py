"""How many pictures a second one core takes from a stream to tracks: the worker's own pipeline, from file to spool.

Peers look at every picture, 15 a second, and follow nobody; the worker looks at ten of them (`capture.LOOKS_PER_S`),
and who is found and followed is counted beside. The limits: to decode the film, and to run the detector's network on
each picture at the size that the worker gives it, without anything around them.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from statistics import median
from typing import Any

import av
import cv2
import numpy as np

from compose.evaluation.camera_run import Looked, look_at_recording
from compose.onebox.scene.sample import FPS
from realtime_workers.capture import LOOKS_PER_S
from realtime_workers.detect import FaceFinder, scale_of
from realtime_workers.source import Source
from realtime_workers.source_av import open_file
from regulars.domain.cameras import LeasedCamera
from regulars.domain.faces import Image
from regulars.domain.tracks import TrackManifest
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.vision.packs import ModelPack
from regulars.wiring import model_pack
from tests.bench.films import Film, films
from tests.bench.found import detected, followed
from tests.bench.measuring import OURS, Row, in_turns, rows_of
from tests.bench.past import HOME
from tests.bench.plain_detectors import Detector, plain_detectors

PICTURES = 150
"""So many of a film show what a picture costs those to whom all cost the same."""
FPS_OF_CAMERAS = (5, 10, 15)
FILM_WITHIN_S = 600.0
STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DECODE, NETWORK = "decode alone", "decode and network alone"


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of each film."""
    cv2.setNumThreads(1)
    pack = model_pack(Settings())
    rows: list[Row] = []
    for film in films(pack):
        say(film.name)
        rows += _of(film, pack, rounds or 3)
    return rows


def _of(film: Film, pack: ModelPack, rounds: int) -> list[Row]:
    looked: list[Looked] = []
    peers = {} if film.quiet else plain_detectors()

    def ours() -> float:
        begun_s = time.process_time()
        looked.append(track_all(film, pack))
        return film.frames / (time.process_time() - begun_s)

    contestants: dict[str, Callable[[], float]] = {OURS: ours}
    for name, (look, most) in peers.items():
        contestants[name] = lambda look=look, most=most: _rate(film, lambda one: look(_image(one)), most)
    contestants[DECODE] = lambda: _rate(film, None, film.frames)
    if not film.quiet:
        network = _network(film, pack)
        contestants[NETWORK] = lambda: _rate(film, network, PICTURES)
    figures = in_turns(contestants, rounds, warm_up=False)
    rows = rows_of("camera", film.name, "frames/s", figures, list(peers), DECODE if film.quiet else NETWORK)
    if not film.quiet:
        rows += rows_of("camera", film.name, "frames/s", figures, [], DECODE)
    cores = [
        _cores(1 / mine, done.decoded / film.frames / alone)
        for mine, alone, done in zip(figures[OURS], figures[DECODE], looked, strict=True)
    ]
    for fps in FPS_OF_CAMERAS:
        held = median(1 / (fps * decode_s + min(fps, LOOKS_PER_S) * look_s) for decode_s, look_s in cores)
        rows.append(Row("camera", f"{film.name}: cameras per core at {fps}/s", held, "cameras"))
    return rows + _recall(film, looked[-1].tracks, peers)


def _cores(picture_s: float, decode_s: float) -> tuple[float, float]:
    """Return what a picture costs by being decoded, or left undecoded, and by a look: not every one is looked at."""
    return decode_s, (picture_s - decode_s) * FPS / min(FPS, LOOKS_PER_S)


def _recall(film: Film, tracks: Sequence[TrackManifest], peers: Mapping[str, tuple[Detector, int]]) -> list[Row]:
    people, share = followed(film, tracks, STARTS_AT)
    rows = [Row("camera", f"{film.name}: tracks of {film.people} people", len(tracks), "tracks")]
    found: dict[str | None, tuple[float | None, float | None]] = {None: (None, None)}
    if peers:
        found = {
            name: detected(film, _pictures(film), lambda one, look=look: look(_image(one)))
            for name, (look, _) in peers.items()
        }
    for name, (its_people, its_share) in found.items():
        what = f"{film.name}: people found of {film.people}"
        rows.append(Row("camera", what, people, "people", name, its_people))
        what = f"{film.name}: of the pictures with a face in sight, followed or found"
        rows.append(Row("camera", what, share, "share", name, its_share))
    return rows


def track_all(film: Film, pack: ModelPack) -> Looked:
    """Let the worker's pipeline look at the film, as fast as it can. Raises RuntimeError unless it sees all of it."""
    camera = LeasedCamera(
        camera_id=new_id(),
        tenant_id=new_id(),
        site_id=new_id(),
        lease_id=new_id(),
        name="bench",
        type="file",
        file_path=str(film.path),
        file_starts_at=STARTS_AT,
        line=None,
    )
    return look_at_recording(camera, FaceFinder(pack.detector), _as_a_stream, FILM_WITHIN_S, beside=HOME)


def _as_a_stream(camera: LeasedCamera) -> Source:
    """Open the film to be decoded as a camera's stream is: several threads decode a recording ahead, and cost more."""
    assert camera.file_path
    return open_file(camera.file_path, ahead=False)


def _pictures(film: Film) -> Iterator[Any]:
    container: Any = av.open(str(film.path))
    container.streams.video[0].thread_type = "NONE"
    with container:
        yield from container.decode(video=0)


def _image(picture: Any) -> Image:
    return picture.to_ndarray(format="bgr24")


def _rate(film: Film, look: Callable[[Any], object] | None, pictures: int) -> float:
    """Return how many pictures a second are decoded, and looked at unless there is no `look`."""
    begun_s, done = time.process_time(), 0
    for picture in islice(_pictures(film), pictures):
        if look:
            look(picture)
        done += 1
    return done / (time.process_time() - begun_s)


def _network(film: Film, pack: ModelPack) -> Callable[[Any], object]:
    """Return what runs the network on numbers of the size that the worker gives it of a whole picture."""
    session: Any = vars(pack.detector)["_session"]
    rows, columns = (-(-round(side * scale_of(*film.size)) // 32) * 32 for side in reversed(film.size))
    batch = np.zeros((1, 3, rows, columns), np.float32)
    return lambda _: session.run(batch)
