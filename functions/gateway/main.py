"""Entry point: the gateway under uvicorn, `python -m functions.gateway.main --host 127.0.0.1 --port 8080`."""

import argparse

import uvicorn

from functions.gateway.app import create_app
from functions.gateway.logs import configure_logs
from regulars.settings import GATEWAY_NEEDS, load_settings

STOP_WITHIN_S = 5


def main() -> None:
    """Serve until SIGINT or SIGTERM; held streams are closed then, so that it stops within 5 s."""
    parser = argparse.ArgumentParser(prog="functions.gateway.main", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    configure_logs()
    uvicorn.run(
        create_app(load_settings(GATEWAY_NEEDS)),
        host=arguments.host,
        port=arguments.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )


if __name__ == "__main__":
    main()
