"""Entry point beside a work pool's worker: health, and the figures of all flows, from the Prefect server's history.

`flows.serve` tells them itself; the worker of a pool is Prefect's own program and knows none of ours.
"""

import signal

from flows.deployments import deployments
from flows.figures import FlowFigures
from regulars.errors import ConfigurationRefused
from regulars.metrics_server import MetricsServer
from regulars.settings import load_settings


def main() -> None:
    """Answer until SIGINT or SIGTERM. Raises ConfigurationRefused where REGULARS_FIGURES_LISTEN says nothing."""
    settings = load_settings(())
    if not settings.figures_listen:
        raise ConfigurationRefused("REGULARS_FIGURES_LISTEN says where: host:port.")
    figures = FlowFigures([one.flow_name for one in deployments(settings) if one.flow_name])
    told = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, told)
    server = MetricsServer(settings.figures_listen, settings.metrics_token, lambda: True, figures.text)
    signal.sigwait(told)
    server.close()


if __name__ == "__main__":
    main()
