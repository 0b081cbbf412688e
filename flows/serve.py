"""Entry point: registers every flow with its clock at the Prefect server of PREFECT_API_URL, and runs them.

No work pool is needed for that: one process of this is all of the night shift on one machine, or one pod in a cluster.
`flows.deploy` hands them to a work pool instead.
"""

from prefect import serve

from flows.deployments import deployments
from flows.figures import FlowFigures
from regulars.metrics_server import MetricsServer
from regulars.settings import FLOWS_NEEDS, load_settings

_AT_ONCE = 2


def main() -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigurationRefused before anything is registered."""
    settings = load_settings(FLOWS_NEEDS)
    due = deployments(settings)
    if settings.figures_listen:
        figures = FlowFigures([one.flow_name for one in due if one.flow_name])
        MetricsServer(settings.figures_listen, settings.metrics_token, lambda: True, figures.text)
    serve(*due, pause_on_shutdown=False, limit=_AT_ONCE)


if __name__ == "__main__":
    main()
