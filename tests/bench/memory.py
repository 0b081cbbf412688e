"""What the system holds in memory: each process of an idle demo, and a worker with 0, 1, 2 and 4 cameras.

Told is what is a process's own (USS): what would be free without it, whoever else maps the same libraries.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from compose.onebox.servers.rtsp import RtspServer
from regulars.settings import Settings
from regulars.wiring import model_pack
from tests.bench.demo import running_demo
from tests.bench.films import Film, films
from tests.bench.measuring import Row
from tests.bench.past import HOME
from tests.story.stage import Stage, data_folder, story_box
from tests.waiting import wait_for

PARTS = {
    "launcher": "compose.onebox.demo",
    "launcher's watchdog": "compose.onebox.leftovers",
    "PostgreSQL": "postgres",
    "object store (SeaweedFS)": "weed",
    "vector index (Milvus Lite)": "milvus-lite",
    "gateway": "functions.gateway.main",
    "recognize": "functions.recognize.main",
    "worker without a camera": "realtime_workers.main",
    "Prefect's server": "prefect",
    "flows": "flows.serve",
}
"""What stands in the command of each part; who is started by a part is counted with it."""
CAMERAS = (1, 2, 4)
SETTLE_S, SAMPLES = 15.0, 10
FLOWS_WITHIN_S = 240.0


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows."""
    del rounds  # memory does not tremble: the median of SAMPLES is taken once
    rows = _idle(say)
    made = [film for film in films(model_pack(Settings())) if "busy" in film.name]
    with data_folder() as folder, Stage(story_box(folder)) as stage:
        server = RtspServer(stage.box.place, stage.box.supervisor, made[0].path.parent)
        server.start()
        for film in made:
            rows += _cameras(stage, server, film, say)
    return rows


def _idle(say: Callable[[str], None]) -> list[Row]:
    say("an idle demo without a camera")
    with running_demo(HOME / "idle", "--no-camera") as demo:
        deadline_s = time.monotonic() + FLOWS_WITHIN_S
        while not _is_there(demo.process, PARTS["flows"]) and time.monotonic() < deadline_s:
            time.sleep(1.0)
        time.sleep(SETTLE_S)
        taken = _by_part(demo.process)
    rows = [Row("memory", f"idle: {part}", megabytes, "MB") for part, megabytes in taken.items()]
    return [*rows, Row("memory", "idle: all of it", sum(taken.values()), "MB")]


def _is_there(launcher: psutil.Process, words: str) -> bool:
    return any(words in _command(process) for process in launcher.children(recursive=True))


def _by_part(launcher: psutil.Process) -> dict[str, float]:
    """Return the megabytes of each part that runs."""
    taken: dict[str, float] = {}
    for process in [launcher, *launcher.children()]:
        part = next((part for part, words in PARTS.items() if words in _command(process)), None)
        if part:
            family = [] if process == launcher else process.children(recursive=True)
            taken[part] = sum(map(_megabytes, [process, *family]))
    return taken


def _command(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _megabytes(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        return process.memory_full_info().uss / 1e6
    return 0.0


def _cameras(stage: Stage, server: RtspServer, film: Film, say: Callable[[str], None]) -> list[Row]:
    """Return a worker's memory with more and more cameras that play the film, and what each more takes."""
    supervisor = stage.box.supervisor
    supervisor.stop("worker")
    stage.box.launch_worker()
    url, added, taken = server.url(Path(film.path).name), list[str](), list[float]()
    for count in CAMERAS:
        say(f"{film.name}: {count} cameras")
        while len(added) < count:
            setup = {"site_id": str(stage.chain.site.site_id), "name": f"{film.name} {len(added)}", "type": "rtsp"}
            added.append(str(stage.portal.add_camera(setup | {"rtsp_url": url})["camera_id"]))
        wait_for(lambda: _running(stage, added) == len(added), "every camera runs", 120.0)
        time.sleep(SETTLE_S)
        taken.append(_median_megabytes(supervisor.pid("worker")))
    for camera_id in added:
        stage.portal.change_camera(camera_id, {"wanted_state": "stopped"})
    more = float(np.polyfit(CAMERAS, taken, 1)[0])
    rows = [
        Row("memory", f"worker, {count} RTSP cameras, {film.name}", megabytes, "MB")
        for count, megabytes in zip(CAMERAS, taken, strict=True)
    ]
    return [*rows, Row("memory", f"worker, each camera more, {film.name}", more, "MB")]


def _running(stage: Stage, cameras: Sequence[str]) -> int:
    return sum(stage.portal.camera(camera_id)["state"] == "running" for camera_id in cameras)


def _median_megabytes(pid: int | None) -> float:
    assert pid, "the worker does not run"
    samples = list[float]()
    for _ in range(SAMPLES):
        samples.append(_megabytes(psutil.Process(pid)))
        time.sleep(0.5)
    return median(samples)
