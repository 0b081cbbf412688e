"""Manifests nobody meant well: whatever is in them, each is recognized or set aside, and never as a defect of ours.

REGULARS_HOSTILE_MANIFESTS says how many groups of twenty, where more than in the suite are wanted, and
REGULARS_HOSTILE_SEED which ones.
"""

import os
import random

import pytest

from regulars.ports import ObjectStore
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.set_aside import list_set_aside
from tests.fake_pack import face_of
from tests.shop import Shop, at
from tests.spoiling import spoiled_json

GROUPS, OF_EACH = int(os.environ.get("REGULARS_HOSTILE_MANIFESTS", "6")), 20
SEED = int(os.environ.get("REGULARS_HOSTILE_SEED", "0"))


@pytest.mark.parametrize("group", range(GROUPS))
def test_spoiled_manifests_are_recognized_or_set_aside(
    group: int, shop: Shop, objects: ObjectStore, recognizer: Recognizer
) -> None:
    results: dict[str, str] = {}
    for number in range(OF_EACH):
        manifest = shop.manifest(at(number), shots=2)
        key = shop.write(manifest, face_of(number))
        objects.put(
            key,
            spoiled_json(manifest.model_dump_json(), random.Random(SEED + group * OF_EACH + number)),
            "application/json",
        )
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
