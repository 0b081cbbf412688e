"""What a worker tells Prometheus: its cameras, pictures, tracks, spool and lease; no camera's or tenant's name."""

import time
from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from realtime_workers.emit import Emitter
from realtime_workers.fleet import CameraFleet
from realtime_workers.lease import LeaseKeeper
from realtime_workers.spool import Spool

_STUCK_AFTER_S = 60.0
"""A turn of the heartbeat waits at most for its timeouts and for cameras that stop, some 20 s in all."""


class WorkerFigures(Collector):
    """The figures of one worker process, read anew whenever they are asked for."""

    def __init__(self, fleet: CameraFleet, emitter: Emitter, spool: Spool, keeper: LeaseKeeper, capacity: int) -> None:
        self._fleet, self._emitter, self._spool, self._keeper = fleet, emitter, spool, keeper
        self._capacity = capacity
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> bytes:
        """Return all figures as of now."""
        return generate_latest(self._registry)

    def alive(self) -> bool:
        """Say whether the heartbeat still turns; a gateway that is away does not make a worker sick."""
        return time.monotonic() - self._keeper.turned_s < _STUCK_AFTER_S

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        states = Counter(state.state for state in self._fleet.states())
        yield _gauges("regulars_worker_cameras", "Cameras held, by what they do.", "state", states)
        yield GaugeMetricFamily("regulars_worker_capacity", "Cameras it may hold.", value=self._capacity)
        done = self._fleet.totals()
        frames = {"decoded": done.frames_decoded, "dropped": done.frames_dropped, "detected": done.frames_detected}
        yield _counters("regulars_worker_frames", "Pictures decoded, dropped unseen, searched for faces.", frames)
        yield _counters("regulars_worker_tracks", "Tracks sent, lost, and refused for good.", self._emitter.fates())
        crossings = {"in": done.crossings_in, "out": done.crossings_out}
        yield _counters("regulars_worker_crossings", "Line crossings counted.", crossings)
        yield from self._spooled()
        heard = "Seconds since the gateway last renewed this worker's leases."
        yield GaugeMetricFamily("regulars_worker_lease_seconds", heard, value=self._keeper.unanswered_s())

    def _spooled(self) -> Iterator[Metric]:
        now = self._spool.fill()
        yield GaugeMetricFamily("regulars_worker_spool_tracks", "Tracks that wait to be sent.", value=now.tracks)
        yield GaugeMetricFamily("regulars_worker_spool_bytes", "What they take on the disk.", value=now.bytes)
        yield GaugeMetricFamily("regulars_worker_spool_max_bytes", "What they may take.", value=now.max_bytes)
        oldest = "How long the oldest of them waits."
        yield GaugeMetricFamily("regulars_worker_spool_oldest_seconds", oldest, value=now.oldest_s)


def _gauges(name: str, meaning: str, label: str, values: Counter[str]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _counters(name: str, meaning: str, values: dict[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, meaning, labels=["what"])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
