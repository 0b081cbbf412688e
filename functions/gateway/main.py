"""Entry point: the gateway under uvicorn, `python -m functions.gateway.main --host 127.0.0.1 --port 8080`."""

import gc

if __name__ == "__main__":
    gc.disable()  # until `settle`: among what is imported there is none, and looking for it takes long

import argparse
import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from functions.gateway.app import create_app
from functions.gateway.connection import PatientProtocol
from functions.gateway.first_operator import FirstStart
from functions.gateway.parts import Parts
from functions.gateway.webhooks.courier import CourierThreads
from regulars.errors import ConfigurationRefused
from regulars.garbage import settle
from regulars.logs import configure_logs
from regulars.settings import GATEWAY_NEEDS, load_settings

STOP_WITHIN_S = 5
UNSENT_BYTES = 131_072
"""What waits in a connection is what a slow viewer of live view lags behind: a few pictures, not megabytes."""


class GatewayServer(uvicorn.Server):
    """Uvicorn that ends the held streams first when it is told to stop, so that it need not wait for them."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        """Take the app and where to listen; port 0 is any free one."""
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                http=PatientProtocol,
                server_header=False,
                forwarded_allow_ips=app.state.parts.settings.trusted_proxies,
                timeout_graceful_shutdown=STOP_WITHIN_S,
            )
        )
        self._parts: Parts = app.state.parts
        self.refused: ConfigurationRefused | None = None

    def refuse(self, why: ConfigurationRefused) -> None:
        """Stop, because this installation must not be served as it is."""
        self.refused, self.should_exit = why, True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        for server in self.servers:
            for listening in server.sockets:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNSENT_BYTES)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop within 5 s."""
        self._parts.end_streams()
        await super().shutdown(sockets)


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="functions.gateway.main", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    arguments = parser.parse_args()
    configure_logs()
    settings = load_settings(GATEWAY_NEEDS)
    app = create_app(settings)
    if settings.webhooks_by == "gateway":
        CourierThreads(app.state.parts.courier, settings.database_url).start()
    server = GatewayServer(app, arguments.host, arguments.port)
    if settings.mode == "production":
        FirstStart(app.state.parts, server.refuse).start()
    settle()
    with suppress(KeyboardInterrupt):
        server.run()
    if server.refused is not None:
        raise SystemExit(f"gateway: {server.refused}")


if __name__ == "__main__":
    main()
