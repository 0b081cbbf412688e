"""The worker's side of the channel, call by call: what a real worker says, said by a test."""

import threading
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import cv2
import httpx
import numpy as np

from regulars.domain.cameras import LeasedCamera
from regulars.domain.watching import FaceBox, LivePicture, Trial, TrialAnswer, WishesAnswer, pack_picture
from tests.integration.gateway.conftest import Chain, World

WORKER = "one"


@cache
def a_jpeg(shade: int = 90, size: tuple[int, int] = (90, 160), *, noisy: bool = False) -> bytes:
    """A picture; a noisy one is large."""
    height, width = size
    image = np.full((height, width, 3), shade, np.uint8)
    if noisy:
        image = np.random.default_rng(shade).integers(0, 255, (height, width, 3), np.uint8)
    return cv2.imencode(".jpg", image)[1].tobytes()


class SaidWorker:
    """One worker of a chain that holds its cameras."""

    def __init__(self, world: World, chain: Chain, key: str = "", url: str = "") -> None:
        self._client = httpx.Client(base_url=url or world.url)
        world.clients.append(self._client)
        self._client.headers["Authorization"] = f"Bearer {key or chain.worker_key}"
        self._world, self._key = world, key or chain.worker_key
        self._pool = ThreadPoolExecutor(4)

    def hold(self) -> tuple[LeasedCamera, ...]:
        """Beat once; return the cameras."""
        return self._world.beat(self._key, WORKER, 10).cameras

    def wishes(self, watched: Iterable[UUID] = ()) -> WishesAnswer:
        """Ask what is wanted; waits for it."""
        body: dict[str, Any] = {"worker_id": WORKER, "watched": [str(one) for one in watched]}
        answer = self._client.post("/v1/worker/wishes", json=body)
        assert answer.status_code == 200, answer.text
        return WishesAnswer.model_validate(answer.json())

    def told_to_watch(self, wanted: Iterable[UUID]) -> "Future[None]":
        """Ask in the background until just these cameras are to be watched."""

        def ask() -> None:
            told: tuple[UUID, ...] = ()
            while set(told) != set(wanted):
                told = self.wishes(told).watched

        return self._pool.submit(ask)

    def show(
        self, camera: LeasedCamera, jpeg: bytes, boxes: tuple[FaceBox, ...] = (), **different: Any
    ) -> httpx.Response:
        """Send a picture."""
        facts: dict[str, Any] = {
            "lease_id": camera.lease_id,
            "at": self._world.clock(),
            "width": 160,
            "height": 90,
            "recognition": True,
            "boxes": boxes,
        }
        body = pack_picture(LivePicture(**(facts | different)), jpeg)
        return self.send(f"/v1/worker/cameras/{camera.camera_id}/picture", body)

    def answer(self, trial_id: UUID, answer: TrialAnswer, jpeg: bytes = b"") -> httpx.Response:
        """Say what came of a trial."""
        return self.send(f"/v1/worker/trials/{trial_id}?worker_id={WORKER}", pack_picture(answer, jpeg))

    @contextmanager
    def trying(self, answer: TrialAnswer, jpeg: bytes = b"") -> Generator[list[Trial]]:
        """Answer one trial while the block runs; gives what was tried."""
        tried = list[Trial]()

        def try_it() -> None:
            while not tried:
                for trial in self.wishes().trials:
                    tried.append(trial)
                    self.answer(trial.trial_id, answer, jpeg)

        thread = threading.Thread(target=try_it, daemon=True)
        thread.start()
        yield tried
        thread.join()

    def send(self, path: str, body: bytes) -> httpx.Response:
        """Post a packed picture."""
        return self._client.post(path, content=body, headers={"Content-Type": "application/vnd.regulars.picture"})


@contextmanager
def filming(worker: SaidWorker, camera: LeasedCamera, box: FaceBox) -> Generator[None]:
    """Send ten dark pictures a second, each of another shade and with that box, while the block runs."""
    ended = threading.Event()

    def film() -> None:
        shade = 0
        while not ended.wait(0.1):
            shade = (shade + 37) % 120
            worker.show(camera, a_jpeg(shade), (box,), at=datetime.now(UTC))

    thread = threading.Thread(target=film)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
