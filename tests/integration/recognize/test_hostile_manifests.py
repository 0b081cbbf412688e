"""Manifests nobody meant well: whatever is in them, each is recognized or set aside, and never as a defect of ours."""

import json
import random
from typing import Any

import pytest

from regulars.domain.tracks import TrackManifest
from regulars.ports import ObjectStore
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside
from tests.fake_pack import face_of
from tests.shop import Shop, at

GROUPS, OF_EACH = 6, 20
STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    10**400,
    -(10**9),
    1e308,
    0.1,
    "",
    "NaN",
    "\x00",
    "\ud800",
    "\u202eevil",
    "a" * 2000,
    "../../etc/passwd",
    "'; drop table visits; --",
    [],
    {},
    [[[[]]]],
    {"$ref": "#"},
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-03-02T12:00:00.999999999Z",
    "2016-12-31T23:59:60Z",
    "1970-01-01",
    1772452800,
)


def places(told: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a JSON document."""
    inner: list[Any] = []
    if isinstance(told, dict):
        inner = list(told.items())  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(told, list):
        inner = list(enumerate(told))  # pyright: ignore[reportUnknownArgumentType]
    return [path, *(found for name, value in inner for found in places(value, (*path, name)))]


def spoil(told: Any, dice: random.Random) -> None:
    """Change one value, name or list of the document."""
    path = dice.choice([place for place in places(told) if place])
    holder = told
    for name in path[:-1]:
        holder = holder[name]
    deed = dice.randrange(4)
    if deed == 0:
        del holder[path[-1]]
    elif deed == 1 and isinstance(holder, dict):
        holder[dice.choice(["\x00", "vector", "__class__", "\ud800"])] = dice.choice(STRANGE)
    else:
        holder[path[-1]] = dice.choice(STRANGE)


def spoiled(manifest: TrackManifest, dice: random.Random) -> bytes:
    """Return the manifest with one to three things wrong, and now and then with bytes flipped."""
    told = json.loads(manifest.model_dump_json())
    for _ in range(dice.randint(1, 3)):
        spoil(told, dice)
    content = json.dumps(told).encode("utf-8", "surrogatepass")
    if dice.random() < 0.1:
        content = bytes(byte ^ (dice.random() < 0.01) * dice.randrange(256) for byte in content)
    return content


@pytest.mark.parametrize("group", range(GROUPS))
def test_spoiled_manifests_are_recognized_or_set_aside(
    group: int, shop: Shop, objects: ObjectStore, recognizer: Recognizer
) -> None:
    results: dict[str, str] = {}
    for number in range(OF_EACH):
        manifest = shop.manifest(at(number), shots=2)
        key = shop.write(manifest, face_of(number))
        objects.put(key, spoiled(manifest, random.Random(group * OF_EACH + number)), "application/json")
        handled = recognizer.handle(key)
        assert handled.reason != "internal"
        results[key] = handled.result
    with transaction(shop.engine, shop.tenancy()) as connection:
        aside = {one.object_key for one in list_set_aside(connection)}
    assert set(results.values()) <= {"recognized", "set_aside"}
    assert aside == {key for key, result in results.items() if result == "set_aside"}
    assert aside


@pytest.mark.parametrize("key", ["tracks/\x00/track.json", "tracks/\ud800/track.json", "\u202e"])
def test_a_key_that_no_database_holds_is_set_aside(key: str, recognizer: Recognizer) -> None:
    assert recognizer.handle(key).reason == "bad_key"
