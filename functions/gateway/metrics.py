"""GET /metrics: asked by Prometheus, with a token of its own; without REGULARS_METRICS_TOKEN there is no such route."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Header, Response
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from functions.gateway.parts import Parts, PartsDep
from regulars.errors import DependencyAway, NotFound
from regulars.metrics import MEDIA_TYPE, may_read
from regulars.store.leases import count_wanted
from regulars.store.outbox_log import backlog
from regulars.store.platform_figures import cameras_by_state, present_counters, set_aside_by_reason
from regulars.tenancy import PLATFORM

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def read_metrics(parts: PartsDep, authorization: Annotated[str, Header()] = "") -> Response:
    """Tell all figures as of now."""
    if not may_read(parts.settings.metrics_token, authorization):
        raise NotFound("Not Found")
    return Response(parts.meter.text(), media_type=MEDIA_TYPE)


class PlatformFigures(Collector):
    """What is read anew whenever Prometheus asks; while PostgreSQL is away, only that."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Tell no names before the first reading: that would need the database when the app is made."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures."""
        up = {name: float(answer == "ok") for name, answer in self._parts.asked.answers().items()}
        yield _family("regulars_dependency_up", "1: it answers, 0: it does not.", "dependency", up)
        try:
            with self._parts.transaction(PLATFORM) as connection:
                waiting, states = backlog(connection), cameras_by_state(connection)
                aside, seen = set_aside_by_reason(connection), present_counters(connection)
                wanted, held = count_wanted(connection, self._parts.clock())
        except DependencyAway:
            return
        oldest_s = (self._parts.clock() - waiting.oldest_at).total_seconds() if waiting.oldest_at else 0.0
        yield GaugeMetricFamily("regulars_outbox_waiting", "Deliveries to webhooks that wait.", value=waiting.waiting)
        yield GaugeMetricFamily("regulars_outbox_oldest_seconds", "How long the oldest of them waits.", value=oldest_s)
        yield _family("regulars_cameras", "Cameras, by what they do.", "state", states)
        spooled = "Tracks that wait on workers, here and in shops, as they told it last."
        yield GaugeMetricFamily("regulars_tracks_spooled", spooled, value=seen["tracks_spooled"])
        lost = "Tracks that workers lost since they took up their cameras."
        yield GaugeMetricFamily("regulars_tracks_lost", lost, value=seen["tracks_lost"])
        yield GaugeMetricFamily("regulars_cameras_wanted", "Cameras that should and may run.", value=wanted)
        yield GaugeMetricFamily("regulars_cameras_leased", "Those of them that a worker holds.", value=held)
        yield _family("regulars_set_aside", "Tracks that could not be used, unresolved.", "reason", aside)


def _family(name: str, meaning: str, label: str, values: dict[str, float] | dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
