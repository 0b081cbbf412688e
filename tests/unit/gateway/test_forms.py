"""What comes in and goes out: cursors, camera setups, logs, sealed URLs, a slow reader's queue."""

import asyncio
import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from functions.gateway.cameras.schema import CameraChange, CameraSetup, changed_setup, seal_setup
from functions.gateway.cursor import read_cursor, write_cursor
from functions.gateway.live.news import QUEUE_LENGTH, CameraNews, Reader
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.errors import ConfigurationRefused, InputRefused
from regulars.ids import new_id
from regulars.logs import JsonLines
from regulars.store.paging import Place, SortValue
from regulars.tenancy import Tenancy

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


_PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
_VALUES = st.datetimes(timezones=st.just(UTC)) | _PLAIN_TEXT | st.integers(-(2**31) + 1, 2**31 - 1)


@given(_VALUES, st.uuids())
def test_a_cursor_comes_back_as_it_went(value: SortValue, row_id: UUID) -> None:
    place = Place("-name", value, row_id)
    assert read_cursor(write_cursor(place)) == place


@given(st.text(max_size=60))
def test_a_cursor_that_is_not_ours_is_refused(text: str) -> None:
    with pytest.raises(InputRefused):
        read_cursor(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "rtsp"},
        {"type": "rtsp", "rtsp_url": "http://camera/live"},
        {"type": "rtsp", "rtsp_url": "rtsp:///live"},
        {"type": "rtsp", "rtsp_url": "rtsp://camera/li ve"},
        {"type": "rtsp", "rtsp_url": "rtsp://camera/" + "x" * 1000},
        {"type": "rtsp", "rtsp_url": "rtsp://[camera/live"},
        {"type": "rtsp", "rtsp_url": "rtsp://camera/live", "webcam_index": 0},
        {"type": "webcam"},
        {"type": "webcam", "webcam_index": -1},
        {"type": "file"},
        {"type": "webcam", "webcam_index": 0, "file_starts_at": "2026-01-01T00:00:00Z"},
        {"type": "file", "file_path": "a.mp4", "file_starts_at": "2026-01-01T00:00:00"},
        {"type": "webcam", "webcam_index": 0, "line": {"x1": 0.5, "y1": 0.5, "x2": 0.5, "y2": 0.5}},
        {"type": "webcam", "webcam_index": 0, "line": {"x1": 0.5, "y1": 0.5, "x2": 1.5, "y2": 0.5}},
        {"type": "webcam", "webcam_index": 0, "name": " "},
        {"type": "webcam", "webcam_index": 0, "name": "a\x00b"},
        {"type": "webcam", "webcam_index": 0, "state": "running"},
    ],
)
def test_a_camera_that_does_not_fit_its_type_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CameraSetup.model_validate({"name": "door"} | wrong)


def test_a_change_keeps_what_it_does_not_name_the_password_too() -> None:
    sealing = FernetSealing(Fernet.generate_key().decode())
    before = CameraSetup.model_validate({"name": "door", "type": "rtsp", "rtsp_url": "rtsp://u:p@camera/live"})
    stored = seal_setup(before, sealing)
    assert b"camera" not in (stored.rtsp_url_sealed or b"")
    after = changed_setup(stored, CameraChange(name="gate"), sealing)
    assert (after.name, after.rtsp_url) == ("gate", SecretStr("rtsp://u:p@camera/live"))


def test_a_new_sealing_key_opens_what_the_old_one_sealed_until_it_is_taken_away() -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    sealed = FernetSealing(old).seal("rtsp://camera")
    both = FernetSealing(f"{new},{old}")
    assert both.unseal(sealed).get_secret_value() == "rtsp://camera"
    assert FernetSealing(new).unseal(both.reseal(sealed)).get_secret_value() == "rtsp://camera"
    with pytest.raises(ConfigurationRefused):
        FernetSealing(new).unseal(sealed)


@pytest.mark.parametrize("keys", ["", "short", "not-a-secret", f"{'A' * 43}=,x"])
def test_sealing_keys_that_are_none_are_refused_without_being_repeated(keys: str) -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        FernetSealing(keys)
    assert not keys or keys not in str(refused.value)


def test_the_log_tells_where_it_went_wrong_and_not_with_whom() -> None:
    values = "email", "lan@" + "example.com"
    try:
        raise ValueError("Key ({})=({}) exists".format(*values))
    except ValueError:
        record = logging.LogRecord("regulars", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    record.request_id = "r1"
    line = JsonLines().format(record)
    told = json.loads(line)
    assert (told["message"], told["request_id"], told["error"]) == ("failed", "r1", "ValueError")
    assert "test_the_log_tells" in told["traceback"]
    assert "lan@example.com" not in line


def test_a_reader_that_does_not_read_is_dropped_and_its_queue_stays_bounded() -> None:
    async def overflow() -> None:
        reader = Reader(Tenancy(new_id()), asyncio.get_running_loop())
        for _ in range(QUEUE_LENGTH * 3):
            reader.hand(CameraNews(new_id(), new_id(), None))
        assert reader.queue.qsize() == 1
        assert await reader.queue.get() is None

    asyncio.run(overflow())
