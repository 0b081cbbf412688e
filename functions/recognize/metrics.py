"""GET /metrics of recognize, and what is counted for it: requests, and what became of tracks."""

import time
from collections.abc import Iterator

from fastapi import FastAPI, Request, Response
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.middleware.base import RequestResponseEndpoint

from regulars.dependencies import Dependencies
from regulars.metrics import MEDIA_TYPE, Meter, may_read
from regulars.steps.recognize import Handled


class RecognizeFigures(Collector):
    """The figures of one recognize app."""

    def __init__(self, asked: Dependencies) -> None:
        self._asked = asked
        self.meter = Meter()
        tracks = "Tracks handled, by outcome, or why they were set aside."
        self._tracks = self.meter.counter("regulars_tracks_handled", tracks, "outcome")
        lost = "Faces not seen well enough to be told, by what was wrong with them."
        self._lost_faces = self.meter.counter("regulars_faces_lost", lost, "reason")
        self.meter.ask(self)

    def handled(self, one: Handled) -> None:
        """Count what became of a track; one that was known already is not counted twice."""
        if one.result == "set_aside":
            self._tracks.labels(f"set_aside:{one.reason}").inc()
        elif one.result == "recognized" and one.sighting:
            self._tracks.labels(one.sighting.outcome).inc()
            if one.sighting.lost_because and one.sighting.outcome in {"undetermined", "rejected"}:
                self._lost_faces.labels(one.sighting.lost_because).inc()

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Tell no names before the first reading, which asks the dependencies."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield which dependencies answer."""
        meaning = "1: it answers, 0: it does not."
        family = GaugeMetricFamily("regulars_dependency_up", meaning, labels=["dependency"])
        for name, answer in self._asked.answers().items():
            family.add_metric([name], float(answer == "ok"))
        yield family


def install_metrics(app: FastAPI, figures: RecognizeFigures, metrics_token: str) -> None:
    """Count every request, and answer Prometheus; without a token there is no such route."""

    @app.middleware("http")
    async def count(request: Request, call_next: RequestResponseEndpoint) -> Response:
        begun_s, status = time.monotonic(), 0
        try:
            response = await call_next(request)
            status = response.status_code
            return response
        finally:
            route = getattr(request.scope.get("route"), "path", "-")
            figures.meter.answered(request.method, route, status, time.monotonic() - begun_s)

    @app.get("/metrics")
    def tell(request: Request) -> Response:
        if not may_read(metrics_token, request.headers.get("authorization", "")):
            return Response(status_code=404)
        return Response(figures.meter.text(), media_type=MEDIA_TYPE)
