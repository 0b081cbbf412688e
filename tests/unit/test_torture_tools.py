"""The tools of `./run torture` do what they say: what they failed to do would look like something survived."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.torture.clocks import Clock, build
from tests.torture.links import Link, Network
from tests.torture.outcome import Kept, Outcome, Suffered
from tests.waiting import PATIENCE_S

CLEAN = Kept(2000, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that sends back what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_echo, args=(listening,))
        thread.start()
        yield listening.getsockname()[1]
    thread.join()


def _echo(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        try:
            while got := connection.recv(100):
                connection.sendall(got)
        except ConnectionError:
            return


@pytest.fixture
def network(echo: int) -> Iterator[Network]:
    with Network(1, "way") as made:
        made.links["way"].target_port = echo
        yield made


def _connected(link: Link) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port), timeout=PATIENCE_S)


def test_a_partition_holds_everything_back_and_loses_nothing(network: Network) -> None:
    link = network.links["way"]
    with _connected(link) as asking:
        asking.sendall(b"one")
        assert asking.recv(10) == b"one"
        link.partitioned = True
        asking.sendall(b"two")
        asking.settimeout(0.3)
        with pytest.raises(TimeoutError):
            asking.recv(10)
        link.heal()
        asking.settimeout(PATIENCE_S)
        assert asking.recv(10) == b"two"


def test_a_reset_ends_the_connections_there_are(network: Network) -> None:
    link = network.links["way"]
    with _connected(link) as asking:
        asking.sendall(b"one")
        assert asking.recv(10) == b"one"
        network.cut(link)
        with pytest.raises(ConnectionResetError):
            asking.recv(10)


def test_a_clock_jumps_there_and_back_while_its_program_runs(tmp_path: Path) -> None:
    shim = build(tmp_path)
    if isinstance(shim, str):
        pytest.skip(shim)
    clock = Clock(tmp_path, "part", shim)
    tells = "import sys, time\nfor _ in sys.stdin: print(int(time.time()), int(time.monotonic()), flush=True)"
    asked = subprocess.Popen([clock.python, "-c", tells], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with asked as part:
        assert part.stdin
        assert part.stdout
        told: list[tuple[int, ...]] = []
        for ahead_s in (0, 86_400, -3_600):
            clock.jump(ahead_s)
            part.stdin.write("\n")
            part.stdin.flush()
            told.append(tuple(map(int, part.stdout.readline().split())))
        part.stdin.close()
    (first, even), (day, same), (hour, still) = told
    assert day - first == pytest.approx(86_400, abs=60)
    assert hour - first == pytest.approx(-3_600, abs=60)
    assert max(same, still) - even < 60


@pytest.mark.parametrize("name", [name for name in Kept.__slots__ if name != "tracks"])
def test_one_thing_lost_or_doubled_is_told(name: str) -> None:
    assert Outcome(1, [Suffered("kill -9", "worker", 1.0, 2.0)], CLEAN).wrong() == []
    assert Outcome(1, [], replace(CLEAN, **{name: 1})).wrong() == [f"{name} = 1, must be 0"]


def test_a_part_that_never_came_back_is_told_and_not_counted() -> None:
    outcome = Outcome(1, [Suffered("kill -9", "worker", 1.0, None)], CLEAN)
    assert outcome.figures()["faults"] == 0
    assert outcome.wrong() == ["kill -9 of worker at 1 s: it never recovered"]
