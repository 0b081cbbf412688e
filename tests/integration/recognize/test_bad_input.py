"""Whatever a manifest or a shot may be: it is set aside with the reason, the next track is recognized as ever."""

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest

from regulars.domain.tracks import TrackManifest
from regulars.ids import new_id
from regulars.ports import ObjectStore
from regulars.steps.read_track import MAX_MANIFEST_BYTES, MAX_SHOT_BYTES
from regulars.steps.recognize import Recognizer
from regulars.steps.replay import replay
from regulars.store.session import transaction
from regulars.store.set_aside import SetAside, list_set_aside
from regulars.tenancy import PLATFORM
from tests.fake_pack import face_of
from tests.shop import Shop, at
from tests.visits_seen import sightings_of, visits_of

GOOD = face_of(7)
Change = Callable[[dict[str, Any]], object]


def aside(shop: Shop, key: str) -> SetAside:
    with transaction(shop.engine, PLATFORM) as connection:
        [found] = [one for one in list_set_aside(connection) if one.object_key == key]
        return found


def bomb() -> bytes:
    """Return a JPEG of a few hundred bytes that claims 4 gigapixels."""
    at_frame = GOOD.index(b"\xff\xc0")
    return GOOD[: at_frame + 5] + struct.pack(">HH", 65_500, 65_500) + GOOD[at_frame + 9 :]


def large_picture() -> bytes:
    done, coded = cv2.imencode(".jpg", np.zeros((4000, 16, 3), np.uint8))
    assert done
    return coded.tobytes()


SHOTS: dict[str, tuple[bytes, str]] = {
    "text": (b"not a picture at all", "not_a_picture"),
    "empty": (b"", "not_a_picture"),
    "gif": (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not_a_picture"),
    "cut off": (GOOD[: len(GOOD) // 2], "corrupt_picture"),
    "no frame": (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9", "corrupt_picture"),
    "scrambled tables": (GOOD[:20] + bytes(200) + GOOD[-2:], "corrupt_picture"),
    "bomb": (bomb(), "picture_too_large"),
    "large": (large_picture(), "picture_too_large"),
    "heavy": (GOOD[:-2] + bytes(MAX_SHOT_BYTES) + GOOD[-2:], "too_large"),
}


@pytest.mark.parametrize("name", SHOTS)
def test_a_bad_shot_is_set_aside_with_its_reason(name: str, shop: Shop, recognizer: Recognizer) -> None:
    content, reason = SHOTS[name]
    key = shop.write(shop.manifest(at(0)), content)
    handled = recognizer.handle(key)
    assert (handled.result, handled.reason) == ("set_aside", reason)
    assert aside(shop, key).reason == reason
    assert aside(shop, key).tenant_id == shop.tenant.tenant_id
    assert sightings_of(shop) == []
    assert recognizer.handle(shop.walk_in(7, at(1))).result == "recognized"


def changed(manifest: TrackManifest, change: Change) -> bytes:
    told: dict[str, Any] = json.loads(manifest.model_dump_json())
    change(told)
    return json.dumps(told).encode()


def _late_shot(told: dict[str, Any]) -> None:
    told["shots"][0]["at"] = (at(0) + timedelta(hours=1)).isoformat()


def _landmarks_afar(told: dict[str, Any]) -> None:
    for shot in told["shots"]:
        shot["landmarks"] = [[5000, 40], [60, 40], [48, 52], [38, 64], [58, 64]]


def _landmarks_together(told: dict[str, Any]) -> None:
    for shot in told["shots"]:
        shot["landmarks"] = [[48, 52]] * 5


def _shot_elsewhere(told: dict[str, Any]) -> None:
    told["shots"][0]["key"] = f"tracks/{new_id()}/{new_id()}/{new_id()}/2026/03/02/{new_id()}/shot-0.jpg"


def _shot_upwards(told: dict[str, Any]) -> None:
    told["shots"][0]["key"] = told["shots"][0]["key"].replace("shot-0", "../shot-0")


CHANGES: dict[str, tuple[Change, str]] = {
    "another track": (lambda told: told.update(track_id=str(new_id())), "key_mismatch"),
    "another tenant": (lambda told: told.update(tenant_id=str(new_id())), "key_mismatch"),
    "another camera": (lambda told: told.update(camera_id=str(new_id())), "key_mismatch"),
    "another day": (lambda told: told.update(started_at="2026-03-01T12:00:00Z"), "key_mismatch"),
    "shot of another track": (_shot_elsewhere, "key_mismatch"),
    "shot upwards": (_shot_upwards, "key_mismatch"),
    "same shot twice": (lambda told: told["shots"].append(told["shots"][0]), "key_mismatch"),
    "ends before it starts": (lambda told: told.update(ended_at="2026-03-02T11:00:00Z"), "bad_times"),
    "longer than an hour": (lambda told: told.update(started_at="2026-03-02T10:00:00Z"), "bad_times"),
    "the year 9000": (lambda told: told.update(ended_at="9000-01-01T00:00:00Z"), "bad_times"),
    "before any calendar": (lambda told: told.update(started_at="0001-01-01T00:00:00+14:00"), "bad_times"),
    "behind every calendar": (lambda told: told.update(started_at="9999-12-31T23:59:59-14:00"), "bad_times"),
    "shot outside the track": (_late_shot, "bad_times"),
    "no time zone": (lambda told: told.update(started_at="2026-03-02T12:00:00"), "bad_manifest"),
    "unknown version": (lambda told: told.update(version=2), "bad_manifest"),
    "extra field": (lambda told: told.update(vector=[0.1]), "bad_manifest"),
    "field missing": (lambda told: told.pop("camera_id"), "bad_manifest"),
    "six shots": (lambda told: told.update(shots=told["shots"] * 2), "bad_manifest"),
    "not a number": (lambda told: told["shots"][0].update(quality="NaN"), "bad_manifest"),
    "landmarks far outside": (_landmarks_afar, "bad_landmarks"),
    "landmarks on each other": (_landmarks_together, "bad_landmarks"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_manifest_that_lies_is_set_aside(name: str, shop: Shop, objects: ObjectStore, recognizer: Recognizer) -> None:
    change, reason = CHANGES[name]
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, GOOD)
    objects.put(key, changed(manifest, change), "application/json")
    handled = recognizer.handle(key)
    assert (handled.result, handled.reason) == ("set_aside", reason)
    assert visits_of(shop) == []


RAW: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "bad_manifest"),
    "not JSON": (b"{", "bad_manifest"),
    "cut off": (b'{"version": 1, "track_id": "', "bad_manifest"),
    "not UTF-8": (b"\xff\xfe\x00", "bad_manifest"),
    "a list": (b"[]", "bad_manifest"),
    "deep": (b"[" * 50_000, "bad_manifest"),
    "huge": (b" " * (MAX_MANIFEST_BYTES + 1), "too_large"),
}


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_manifest_is_set_aside(name: str, shop: Shop, objects: ObjectStore, recognizer: Recognizer) -> None:
    content, reason = RAW[name]
    key = shop.write(shop.manifest(at(0)), GOOD)
    objects.put(key, content, "application/json")
    handled = recognizer.handle(key)
    assert (handled.result, handled.reason) == ("set_aside", reason)
    assert len(aside(shop, key).detail) < 400


def test_missing_things_are_set_aside_by_what_is_missing(
    shop: Shop, objects: ObjectStore, recognizer: Recognizer
) -> None:
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, GOOD)
    objects.delete([shot.key for shot in manifest.shots])
    assert recognizer.handle(key).reason == "missing_object"
    objects.delete([key])
    assert recognizer.handle(key).reason == "missing_object"
    assert aside(shop, key).attempts == 2


def test_places_that_do_not_exist_are_told_apart(shop: Shop, recognizer: Recognizer) -> None:
    key = shop.walk_in(7, at(0))
    for known, reason in (
        (shop.tenant.tenant_id, "unknown_tenant"),
        (shop.site_id, "unknown_site"),
        (shop.camera_ids[0], "unknown_camera"),
    ):
        strange = key.replace(str(known), str(new_id()))
        assert recognizer.handle(strange).reason == reason


@pytest.mark.parametrize("key", ["", "tracks/x/track.json", "tracks/../track.json", "people/x", "a" * 900])
def test_a_key_that_is_no_manifests_is_set_aside(key: str, shop: Shop, recognizer: Recognizer) -> None:
    assert recognizer.handle(key).reason == "bad_key"
    assert aside(shop, key).tenant_id is None


def test_one_bad_shot_of_three_does_not_lose_the_track(
    shop: Shop, objects: ObjectStore, recognizer: Recognizer
) -> None:
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, GOOD)
    objects.put(manifest.shots[1].key, b"junk", "image/jpeg")
    assert recognizer.handle(key).result == "recognized"
    [sighting] = sightings_of(shop)
    assert [shot["refused"] for shot in sighting.shots] == [None, "not_a_picture", None]
    assert [shot["used"] for shot in sighting.shots] == [True, False, True]


def test_two_bad_shots_of_three_are_too_many(shop: Shop, objects: ObjectStore, recognizer: Recognizer) -> None:
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, GOOD)
    for shot in manifest.shots[1:]:
        objects.put(shot.key, b"junk", "image/jpeg")
    assert recognizer.handle(key).reason == "not_a_picture"


def test_what_was_put_right_is_replayed_and_leaves_the_list(
    shop: Shop, objects: ObjectStore, recognizer: Recognizer
) -> None:
    manifest = shop.manifest(at(0))
    key = shop.write(manifest, b"junk")
    recognizer.handle(key)
    assert [one.result for one in replay(recognizer, key=key)] == ["set_aside"]
    assert aside(shop, key).attempts == 2
    for shot in manifest.shots:
        objects.put(shot.key, GOOD, "image/jpeg")
    assert [one.result for one in replay(recognizer, key=key)] == ["recognized"]
    with transaction(shop.engine, PLATFORM) as connection:
        [held] = [one for one in list_set_aside(connection, resolved=True) if one.object_key == key]
    assert held.resolved_at is not None
    assert len(visits_of(shop)) == 1


class PackThatFails:
    """FAKE embedder with a defect, for what nobody foresaw."""

    def embed(self, crops: object) -> Any:
        raise ZeroDivisionError


def test_a_defect_of_ours_is_set_aside_too(shop: Shop, recognizer: Recognizer) -> None:
    broken = replace(recognizer, pack=replace(recognizer.pack, embedder=PackThatFails()))
    key = shop.walk_in(7, at(0))
    assert broken.handle(key).reason == "internal"
    assert aside(shop, key).detail == "ZeroDivisionError in recognize: see its log."
    assert recognizer.handle(key).result == "recognized"
