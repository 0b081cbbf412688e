"""What the flows tell Prometheus, as Prefect's server knows it: when each last succeeded, how many runs failed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_FAILED = [StateType.FAILED, StateType.CRASHED]
_OF_LATE = timedelta(hours=24)
_MOST_RUNS = 200
"""Prefect's server tells no more at once; so many failures in a day are no longer counted one by one."""


class FlowFigures(Collector):
    """The figures of the flows of these names, read anew whenever they are asked for."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def text(self) -> bytes:
        """Return all figures as of now. Raises what Prefect's client raises while its server is away."""
        return generate_latest(self._registry)

    def describe(self) -> Iterator[Metric]:
        """Tell no names before the first reading, which asks the server."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the figures."""
        when = "When the flow last ended well (seconds since 1970, UTC); one that never did is not there."
        succeeded = GaugeMetricFamily("regulars_flow_succeeded_timestamp_seconds", when, labels=["flow"])
        lately = "Runs of the flow that failed in the last 24 hours."
        failed = GaugeMetricFamily("regulars_flow_failed_runs", lately, labels=["flow"])
        for name in self._names:
            done = _runs(name, [StateType.COMPLETED], None, 1)
            if done and done[0].end_time:
                succeeded.add_metric([name], done[0].end_time.timestamp())
            failed.add_metric([name], len(_runs(name, _FAILED, datetime.now(UTC) - _OF_LATE, _MOST_RUNS)))
        yield succeeded
        yield failed


def _runs(name: str, states: list[StateType], since: datetime | None, limit: int) -> list[FlowRun]:
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[name])),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)),
                # Prefect's own type of times is another one on newer Pythons; validation makes the right one.
                end_time=FlowRunFilterEndTime.model_validate({"after_": since}) if since else None,
            ),
            sort=FlowRunSort.END_TIME_DESC,
            limit=limit,
        )
