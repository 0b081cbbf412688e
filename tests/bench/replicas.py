"""Two replicas of recognize beside one: tracks of many galleries a second, with real PostgreSQL, S3 store and index.

Everything is pinned to processors, so that what PostgreSQL and the store take is told: *one core for all* against *two
cores for all*, and one replica that has a core to itself while the servers have the other. The manifests lie in the
store before the clock runs. Linux only, for the pinning.
"""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil

from compose.onebox.place import Place, free_port
from compose.onebox.processes import Supervisor, child_environment
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.postgres import PostgresServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.settings import CHECKOUT, Settings
from regulars.store.migrate import migrate
from regulars.store.session import as_role, connect
from regulars.wiring import model_pack
from tests.bench.machine import held_to, hold
from tests.bench.measuring import OURS, Row, in_turns, rows_of
from tests.bench.recognize import SHOTS, tracks_of
from tests.sealing import DATA_KEYS, SEALING_KEYS
from tests.shop import NOON, Shop, open_shop
from tests.turned import ROTATION_SECRET

SHOPS, TRACKS, ASKING = 12, 48, 4
"""Galleries, tracks a turn, and events in hand at a time for each replica."""
TOKEN = "of-the-bench"
Track = Sequence[tuple[bytes, Any]]


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs: the servers' processes by name, the replicas, and shops to bring tracks to."""

    servers: dict[str, psutil.Process]
    replicas: list[psutil.Process]
    urls: list[str]
    shops: list[Shop]
    tracks: Sequence[Track]


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        say("left out: it needs Linux and two processors")
        return []
    with _stage(say) as stage:
        worked: dict[str, dict[str, list[float]]] = {}
        turns: dict[str, Callable[[], float]] = {
            OURS: partial(_turn, stage, 2, ({0}, {1}), {0, 1}, worked.setdefault(OURS, {})),
            "one replica, one core for all": partial(_turn, stage, 1, ({0},), {0}, worked.setdefault("one core", {})),
            "one replica on a core, servers on another": partial(
                _turn, stage, 1, ({0},), {1}, worked.setdefault("apart", {})
            ),
        }
        figures = in_turns(turns, rounds or 5)
    case = f"two replicas, two cores for all, {SHOPS} galleries"
    rows = rows_of("replicas", case, "tracks/s", figures, [name for name in turns if name != OURS], None)
    for name in worked[OURS]:
        beside = {OURS: worked[OURS][name], "one replica, one core for all": worked["one core"][name]}
        rows += rows_of("replicas", f"processor time a track: {name}", "ms", beside, [*beside][1:], None)
    return rows


def _turn(
    stage: Stage,
    replicas: int,
    cores: Sequence[set[int]],
    for_servers: set[int],
    worked: dict[str, list[float]],
) -> float:
    """Bring TRACKS tracks to so many replicas; return how many a second, and add what each part worked for one."""
    parts = stage.servers | {f"replica {number}": one for number, one in enumerate(stage.replicas)}
    for one in (*stage.servers.values(), psutil.Process()):
        hold(one, for_servers if one.pid != os.getpid() else set[int]().union(*cores))
    for one, its in zip(stage.replicas, cores, strict=False):
        hold(one, its)
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for key in _written(stage):
        waiting.put(key)
    before = {name: _worked_s(one) for name, one in parts.items()}
    begun_s = time.perf_counter()
    asking = [
        threading.Thread(target=_ask, args=(url, waiting)) for url in stage.urls[:replicas] for _ in range(ASKING)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    took_s = time.perf_counter() - begun_s
    spent = {name: (_worked_s(one) - before[name]) * 1000 / TRACKS for name, one in parts.items()}
    both = sum(value for name, value in spent.items() if name.startswith("replica"))
    for name, value in {"recognize": both, **{name: spent[name] for name in stage.servers}}.items():
        worked.setdefault(name, []).append(max(0.01, value))
    return TRACKS / took_s


def _ask(url: str, waiting: "queue.SimpleQueue[str]") -> None:
    with httpx.Client(timeout=120, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        while True:
            try:
                key = waiting.get_nowait()
            except queue.Empty:
                return
            told = client.post(f"{url}/events", json={"key": key}).raise_for_status().json()
            if told != {"handled": 1, "set_aside": 0}:
                raise RuntimeError(f"a track of the benchmark was not handled: {told}")


def _written(stage: Stage) -> list[str]:
    """Write the turn's tracks, one shop after another, so that neighbours in the queue are of several galleries."""
    keys: list[str] = []
    for number in range(TRACKS):
        shop, track = stage.shops[number % SHOPS], stage.tracks[number % len(stage.tracks)]
        manifest = shop.manifest(NOON + timedelta(minutes=number), shots=SHOTS, camera=number % 2)
        shots = [replace_shot(shot, landmarks) for shot, (_, landmarks) in zip(manifest.shots, track, strict=True)]
        keys.append(shop.write(manifest.model_copy(update={"shots": tuple(shots)}), *(jpeg for jpeg, _ in track)))
    return keys


def replace_shot(shot: Any, landmarks: Any) -> Any:
    """Return the shot with these landmarks."""
    return shot.model_copy(update={"landmarks": tuple((float(x), float(y)) for x, y in landmarks)})


@contextmanager
def _stage(say: Callable[[str], None]) -> Generator[Stage]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
        place = Place(folder)
        supervisor = stack.enter_context(Supervisor(place.run_dir))
        postgres, store, milvus = (
            PostgresServer(place, supervisor),
            SeaweedServer(place, supervisor),
            MilvusLiteServer(place, supervisor),
        )
        started: dict[str, psutil.Process] = {}
        for name, server in (("PostgreSQL", postgres), ("S3 store", store), ("Milvus Lite", milvus)):
            there = {one.pid for one in psutil.Process().children()}
            server.start()
            started[name] = next(one for one in psutil.Process().children() if one.pid not in there)
        owner = connect(postgres.url, pool_size=1)
        stack.callback(owner.dispose)
        application = as_role(postgres.url, "regulars_app", place.secret("regulars-app"))
        migrate(owner, application)
        engine = connect(application, pool_size=2, data_keys=DATA_KEYS)
        stack.callback(engine.dispose)
        objects = S3ObjectStore(store.url)
        shops = [open_shop(engine, objects) for _ in range(SHOPS)]
        told = {"DATABASE_URL": application, "OBJECTS_URL": store.url, "VECTORS_URL": milvus.url}
        told |= {"SEALING_KEYS": SEALING_KEYS, "ROTATION_SECRET": ROTATION_SECRET, "EVENTS_TOKEN": TOKEN}
        environment = child_environment(**{f"REGULARS_{name}": value for name, value in told.items()})
        replicas, urls = list[psutil.Process](), list[str]()
        for number in range(2):
            port, log = free_port(), folder / f"replica-{number}.log"
            command = [sys.executable, "-m", "functions.recognize.main", "--port", str(port), "--catch-up-every-s", "0"]
            with log.open("wb") as opened, held_to({number}):
                process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=opened, stderr=opened)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            replicas.append(psutil.Process(process.pid))
            urls.append(f"http://127.0.0.1:{port}")
        for url in urls:
            _wait_until_ready(url)
        say("two replicas are ready")
        yield Stage(started, replicas, urls, shops, tracks_of(model_pack(Settings())))


def _wait_until_ready(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/readyz", timeout=20).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError("a replica did not become ready")


def _worked_s(process: psutil.Process) -> float:
    """Return the processor time of the process and of those that it started, ended ones too."""
    worked_s = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        try:
            worked_s += sum(child.cpu_times()[:4])
        except psutil.Error:
            continue
    return worked_s
