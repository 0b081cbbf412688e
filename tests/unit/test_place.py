"""A data directory keeps its ports and secrets, and keeps them to itself."""

import itertools
import socket
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from compose.onebox.place import Place, free_port, is_free
from regulars.errors import ConfigurationRefused


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "data")


def test_where_no_data_directory_can_be_it_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.touch()
    with pytest.raises(ConfigurationRefused, match="cannot be a data directory"):
        Place(file)


def test_a_port_is_the_same_at_the_next_start(place: Place) -> None:
    ports = [place.port(name) for name in ("a", "b", "c")]
    again = Place(place.root)
    assert [again.port(name) for name in ("a", "b", "c")] == ports
    assert [again.pinned_port(name) for name in ("a", "b", "c")] == ports


def test_parts_that_start_beside_each_other_get_a_port_each(place: Place) -> None:
    names = [f"part {number}" for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        ports = list(pool.map(place.port, names))
    assert len(set(ports)) == len(names)
    assert [Place(place.root).pinned_port(name) for name in names] == ports


def test_a_port_that_is_taken_moves_for_good(place: Place) -> None:
    port = place.port("a")
    with socket.create_server(("127.0.0.1", port)):
        moved = place.port("a")
    assert moved != port
    assert place.port("a") == moved


def test_a_port_moves_when_its_companion_is_taken(place: Place) -> None:
    port = place.port("a", companion=10_000)
    with socket.create_server(("127.0.0.1", port + 10_000)):
        assert place.port("a", companion=10_000) != port


def test_a_port_that_was_chosen_is_not_chosen_again_before_anybody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    first = free_port()
    from_there = itertools.count(first)

    def next_one(*_: int) -> int:
        return next(from_there)

    monkeypatch.setattr("compose.onebox.place.random.randint", next_one)
    assert is_free(first)
    assert free_port() > first


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    port = free_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)


def test_a_secret_is_made_once_and_for_its_owner_only(place: Place) -> None:
    secret = place.secret("a")
    assert len(secret) == 43
    assert Place(place.root).secret("a") == secret
    assert place.secret("b") != secret
    for path in (place.root, place.secret_file("a").parent, place.secret_file("a"), place.folder("objects")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
