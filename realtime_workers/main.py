"""Entry point: one worker process, `python -m realtime_workers.main`; its settings are environment variables."""

import hashlib
import logging
import signal
import socket
import sys
import threading
import time
from types import FrameType

from realtime_workers.camera import CameraRunner
from realtime_workers.detect import FaceFinder
from realtime_workers.emit import Emitter
from realtime_workers.figures import WorkerFigures
from realtime_workers.fleet import CameraFleet
from realtime_workers.gateway_client import GatewayClient
from realtime_workers.lease import LeaseKeeper
from realtime_workers.open_source import open_source
from realtime_workers.spool import Spool
from realtime_workers.wishes import Wishes
from regulars.domain.cameras import LeasedCamera
from regulars.errors import RegularsError
from regulars.logs import configure_logs
from regulars.metrics_server import MetricsServer
from regulars.settings import WORKER_NEEDS, Settings, load_settings
from regulars.vision.packs import load_pack
from regulars.vision.sessions import choose_engine

log = logging.getLogger(__name__)

TRACKS_WITHIN_S = 1.5
SENT_WITHIN_S = 1.0
"""With the last heartbeat's second a stopped worker is gone in less than 5 s."""


def main() -> int:
    """Run until SIGINT or SIGTERM. Returns 2 when the settings or models cannot be used."""
    configure_logs()
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        settings = load_settings(WORKER_NEEDS)
        _work(settings, stopped)
    except RegularsError as refused:
        sys.stderr.write(f"{refused.code}: {refused}\n")
        return 2
    return 0


def _work(settings: Settings, stopped: threading.Event) -> None:
    engine = choose_engine(settings.inference_engine, settings.inference_threads)
    finder = FaceFinder(load_pack(settings.pack, settings.models_dir, engine).detector)
    spool = Spool(settings.spool_dir, settings.spool_max_bytes)
    worker_id = settings.worker_id or _own_name(settings)
    with GatewayClient(settings.gateway_url, settings.worker_key) as gateway:
        emitter = Emitter(spool, gateway)
        emitter.start()

        def start_camera(camera: LeasedCamera) -> CameraRunner:
            runner = CameraRunner(camera, worker_id, finder, emitter, open_source, gateway)
            runner.start()
            return runner

        fleet = CameraFleet(start_camera, emitter)
        wishes = Wishes(gateway, fleet, worker_id, open_source)
        keeper = LeaseKeeper(gateway, fleet, worker_id, settings.worker_capacity, settings.heartbeat_every_s)
        figures = WorkerFigures(fleet, emitter, spool, keeper, settings.worker_capacity)
        listens = settings.figures_listen
        server = MetricsServer(listens, settings.metrics_token, figures.alive, figures.text) if listens else None
        log.info("worker_started", extra={"worker_id": worker_id, "capacity": settings.worker_capacity})
        wishes.start()
        keeper.run(stopped)
        wishes.stop()
        stopping_s = time.monotonic()
        fleet.stop_all(TRACKS_WITHIN_S)
        emitter.stop(SENT_WITHIN_S)
        keeper.give_back()
        if server:
            server.close()
        log.info("worker_stopped", extra={"took_s": round(time.monotonic() - stopping_s, 2)})
    spool.close()


def _own_name(settings: Settings) -> str:
    """Return a name that is the same after a restart, so that the worker takes its own leases up again."""
    return f"{socket.gethostname()}-{hashlib.sha256(str(settings.spool_dir).encode()).hexdigest()[:8]}"


if __name__ == "__main__":
    sys.exit(main())
