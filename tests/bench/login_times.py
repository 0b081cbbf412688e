"""`python -m tests.bench.login_times`: how long a wrong password takes, for an account that is there and for none.

It prints medians and how often chance alone would part them as far (a permutation test); nothing is asserted. That the
same work is done for both is a test (tests/integration/gateway/test_login.py).
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from compose.onebox.place import Place
from compose.onebox.processes import Supervisor
from compose.onebox.servers.postgres import PostgresServer
from functions.gateway.app import create_app
from regulars.ids import new_id
from regulars.settings import Settings
from tests.bench.gateway.set_up import gateway_settings
from tests.integration.gateway.conftest import MovableClock, World, serving

PAIRS = 120
SHUFFLES = 5000
BETWEEN_S = 400.0
"""Passes on the gateway's clock between two tries: nobody is stopped for guessing."""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        place = Place(Path(folder))
        with Supervisor(place.run_dir) as supervisor:
            server = PostgresServer(place, supervisor)
            server.start()
            times = _measured(gateway_settings(server))
    for who, taken in times.items():
        sys.stdout.write(f"{who:8} median {statistics.median(taken) * 1000:6.1f} ms  quartiles ")
        sys.stdout.write(" ".join(f"{one * 1000:.1f}" for one in statistics.quantiles(taken, n=4)) + "\n")
    share = _by_chance(times["known"], times["unknown"])
    sys.stdout.write(f"chance alone parts the medians as far in {share:.0%} of {SHUFFLES:,} shuffles\n")


def _measured(settings: Settings) -> dict[str, list[float]]:
    """Ask for one that there is and one that there is not, in an order that chance decides; seconds each."""
    clock, dice = MovableClock(), random.Random(1)
    app = create_app(settings, clock=clock)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    with serving(app) as url:
        world = World(app, settings, clock, "", "", url)
        chain, client = world.add_chain("Phở Ngon"), world.client()
        for _ in range(PAIRS):
            for who in dice.sample(list(times), 2):
                email = chain.emails["owner"] if who == "known" else f"owner-{new_id().hex}@example.com"
                clock.pass_by(BETWEEN_S)
                begun_s = time.perf_counter()
                answer = client.post("/v1/auth/login", json={"email": email, "password": "not the right one"})
                times[who].append(time.perf_counter() - begun_s)
                assert answer.status_code == 401, answer.text
        client.close()
    return times


def _by_chance(one: list[float], other: list[float]) -> float:
    dice, both = random.Random(2), one + other
    apart = abs(statistics.median(one) - statistics.median(other))
    as_far = 0
    for _ in range(SHUFFLES):
        dice.shuffle(both)
        as_far += abs(statistics.median(both[: len(one)]) - statistics.median(both[len(one) :])) >= apart
    return as_far / SHUFFLES


if __name__ == "__main__":
    main()
