"""Three hot routes of the gateway beside bare FastAPI routes with the same queries and answers, at 64 clients.

Each runs as a process of its own, in turns. Requests a second are by the clock: clients, servers and PostgreSQL share
the machine.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from compose.onebox.place import Place, free_port
from compose.onebox.processes import Supervisor
from compose.onebox.servers.postgres import PostgresServer
from functions.gateway.app import create_app
from regulars.settings import Settings
from tests.bench.gateway.load import requests_per_s
from tests.bench.gateway.set_up import gateway_settings
from tests.bench.measuring import Row, compare
from tests.integration.gateway.conftest import PASSWORD, Chain, MovableClock, World
from tests.integration.gateway.seeding import add_person, add_visit

PATHS = ("/v1/visits?limit=50", "/v1/customers?limit=50", "/v1/figures/today")
CUSTOMERS = 300
VISITS = 1500
SECONDS = 3.0
"""Of each run."""


def _seed(settings: Settings) -> Chain:
    """Put one chain with visits of the last days into the database."""
    clock = MovableClock()
    world = World(create_app(settings, clock=clock), settings, clock, "", "", "")
    chain = world.add_chain("Phở Ngon")
    people = [add_person(world, chain, clock() - timedelta(days=9)) for _ in range(CUSTOMERS)]
    for number in range(VISITS):
        at = clock() - timedelta(minutes=7 * number)
        add_visit(world, chain, at, customer_id=people[number % CUSTOMERS], status="returning")
    world.parts.close()
    return chain


@contextmanager
def _serving(module: str, environment: dict[str, str]) -> Generator[int]:
    port = free_port()
    command = [sys.executable, "-m", module, "--port", str(port)]
    server = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{port}/v1/figures/today")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def _cookies(port: int, chain: Chain) -> str:
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}")
    client.post("/v1/auth/login", json={"email": chain.emails["owner"], "password": PASSWORD}).raise_for_status()
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return a row for each route."""
    rows: list[Row] = []
    with ExitStack() as stack:
        place = Place(Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))))
        server = PostgresServer(place, stack.enter_context(Supervisor(place.run_dir)))
        server.start()
        settings = gateway_settings(server)
        chain = _seed(settings)
        names = ("database_url", "objects_url", "recognize_url", "events_token", "secret_key", "sealing_keys")
        environment = {f"REGULARS_{name.upper()}": getattr(settings, name) for name in names}
        environment["BENCH_TENANT_ID"] = str(chain.tenant_id)
        bare = stack.enter_context(_serving("tests.bench.gateway.bare", environment))
        gateway = stack.enter_context(_serving("functions.gateway.main", environment))
        cookies = _cookies(gateway, chain)
        for path in PATHS:
            say(path)
            rate = partial(requests_per_s, path=path, cookies=cookies, during_s=SECONDS)
            peers = {"bare FastAPI, same SQL": partial(rate, bare)}
            rows += compare("gateway", path, "requests/s", partial(rate, gateway), peers=peers, rounds=rounds or 11)
    return rows
