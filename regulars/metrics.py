"""Every runtime's figures, as Prometheus reads them: what was asked of it, by route and not by whom, how long it took.

A label is a route's template, a stable code or a state: never a tenant, a person or a path, which have no end.
"""

import hmac

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Meter:
    """The figures of one app; threads may share it."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._took = Histogram(
            "regulars_http_request_seconds",
            "Requests answered, by how long the answer took; a held stream counts when it ends.",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=_BUCKETS_S,
        )
        self._open = Gauge(
            "regulars_http_answers_open",
            "Answers that have begun and not ended: of a stream's route, its readers.",
            ["route"],
            registry=self.registry,
        )

    def began(self, route: str) -> None:
        """Count an answer that begins."""
        self._open.labels(route).inc()

    def ended(self, route: str) -> None:
        """Count an answer that began and has ended."""
        self._open.labels(route).dec()

    def answered(self, method: str, route: str, status: int, took_s: float) -> None:
        """Count a request; status 0: its caller was gone before the answer began."""
        self._took.labels(method if method in _METHODS else "other", route, str(status)).observe(took_s)

    def counter(self, name: str, meaning: str, label: str) -> Counter:
        """Return a counter of one label."""
        return Counter(name, meaning, [label], registry=self.registry)

    def ask(self, collector: Collector) -> None:
        """Let this tell its figures as well, whenever they are read."""
        self.registry.register(collector)

    def text(self) -> bytes:
        """Return all figures as of now."""
        return generate_latest(self.registry)


def may_read(metrics_token: str, authorization: str) -> bool:
    """Say whether this header may read the figures; an empty token lets nobody."""
    expected = f"Bearer {metrics_token}".encode()
    return bool(metrics_token) and hmac.compare_digest(authorization.encode("utf-8", "replace"), expected)
