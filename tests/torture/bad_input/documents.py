"""Bad documents: events of every dialect, manifests, live pictures, cursors, tokens; each is read or has its reason."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from functions.gateway.auth.session_token import Access, read_access, sign_access
from functions.gateway.cursor import read_cursor, write_cursor
from regulars.domain.tracks import TrackManifest, manifest_prefix
from regulars.domain.watching import LivePicture, pack_picture, parse_facts, unpack_picture
from regulars.errors import InputRefused, NotAuthenticated
from regulars.events import parse_events
from regulars.ids import new_id
from regulars.steps.read_track import read_manifest
from regulars.store.paging import Place
from tests.spoiling import spoiled_file, spoiled_json
from tests.torture.bad_input.tally import READ, told
from tests.torture.bad_input.tracks import a_manifest
from tests.unit.events.test_parse_events import SAME_EVENT, SILENT

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_MESSAGES = [json.dumps(one) for one in (*SAME_EVENT.values(), *SILENT.values())]
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Content-Type": "application/cloudevents-batch+json"},
    {"Ce-Specversion": "1.0"},
    {"ce-id": "\xff"},
)
_SECRET = "of these tests"
_TOKEN = sign_access(
    _SECRET, Access(new_id(), new_id(), new_id(), "owner", None, "full", NOW + timedelta(hours=1)), NOW
)
_CURSORS = [write_cursor(Place("name", value, new_id())) for value in ("Lan", 7, NOW)]


class OneObject:
    """An object store that has one object under every key."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get(self, key: str, max_bytes: int) -> bytes:
        """Return it, or refuse it as a store does."""
        if len(self._content) > max_bytes:
            raise InputRefused("too_large", f"The object {key[:10]}… has more than {max_bytes} bytes.")
        return self._content


def event(dice: random.Random) -> str:
    """Read one spoilt message; what is read names manifests of ours and nothing else."""
    body = spoiled_json(dice.choice(_MESSAGES), dice)
    if dice.random() < 0.3:
        body = spoiled_file(body, dice)
    try:
        created = parse_events(body, dice.choice(_HEADERS))
    except InputRefused as refused:
        return told(refused)
    for one in created:
        one.key.encode()
        parts = one.key.split("/")
        assert (parts[0], parts[-1], ".." in parts) == ("tracks", "track.json", False)
    return READ


def manifest(dice: random.Random) -> str:
    """Read one spoilt manifest; what is read is a whole track of the key that it lies under."""
    good = a_manifest(dice)
    key = f"{manifest_prefix(good)}track.json"
    content = spoiled_json(good.model_dump_json(), dice)
    if dice.random() < 0.2:
        content = spoiled_file(content, dice)
    try:
        found = read_manifest(key, objects=OneObject(content), now=NOW)  # pyright: ignore[reportArgumentType]
    except InputRefused as refused:
        return told(refused)
    assert found == TrackManifest.model_validate_json(found.model_dump_json())
    assert found.started_at <= found.ended_at
    return READ


def live_picture(dice: random.Random) -> str:
    """Take apart one spoilt body of live view."""
    facts = LivePicture(lease_id=new_id(), at=NOW, width=640, height=360, recognition=True)
    body = pack_picture(facts, b"\xff\xd8\xff" + dice.randbytes(200))
    try:
        facts_told, _ = unpack_picture(spoiled_file(body, dice) if dice.random() < 0.5 else body)
        parse_facts(spoiled_json(facts.model_dump_json(), dice) if dice.random() < 0.5 else facts_told, LivePicture)
    except InputRefused as refused:
        return told(refused)
    return READ


def cursor(dice: random.Random) -> str:
    """Read one bent cursor."""
    try:
        place = read_cursor(spoiled_file(dice.choice(_CURSORS).encode(), dice).decode("latin-1"))
    except InputRefused as refused:
        return told(refused)
    str(place.value).encode()
    return READ


def token(dice: random.Random) -> str:
    """Present one changed token; whatever is changed about it, it is nobody's."""
    bent = spoiled_file(_TOKEN.encode(), dice).decode("latin-1")
    try:
        access = read_access(_SECRET, bent, NOW)
    except NotAuthenticated as refused:
        return told(refused)
    assert access == read_access(_SECRET, _TOKEN, NOW), "a changed token says something else"
    return READ


DOCUMENTS: dict[str, Callable[[random.Random], str]] = {
    "events": event,
    "manifests": manifest,
    "live pictures": live_picture,
    "cursors": cursor,
    "access tokens": token,
}
