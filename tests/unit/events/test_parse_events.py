"""Every dialect says the same: which manifest was written. What is no such message is refused or says nothing."""

import base64
import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.errors import InputRefused
from regulars.events import MAX_BODY_BYTES, ObjectCreated, parse_events

KEY = "tracks/t/s/c/2026/03/02/x y+z ü/track.json"
ENCODED = "tracks%2Ft%2Fs%2Fc%2F2026%2F03%2F02%2Fx+y%2Bz+%C3%BC%2Ftrack.json"
WRITTEN = [ObjectCreated("faces", KEY)]


def s3_record(event: str = "ObjectCreated:Put", key: str = ENCODED) -> dict[str, Any]:
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": event,
        "s3": {"bucket": {"name": "faces"}, "object": {"key": key, "size": 7}},
    }


def s3_event(*records: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(records) or [s3_record()]}


def seaweed_event(kind: str = "create", path: str = f"/buckets/faces/{KEY}", **entry: Any) -> dict[str, Any]:
    return {"event_type": kind, "key": path, "message": {"new_entry": {"name": "track.json", **entry}}}


def cloud_event(**content: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "1", "source": "/objects", "type": "created", **content}


SAME_EVENT: dict[str, dict[str, Any]] = {
    "s3": s3_event(),
    "s3 record alone": s3_record(),
    "minio": {
        "EventName": "s3:ObjectCreated:Put",
        "Key": f"faces/{KEY}",
        "Records": [s3_record("s3:ObjectCreated:Put")],
    },
    "sqs": {"Records": [{"eventSource": "aws:sqs", "body": json.dumps(s3_event())}]},
    "sns": {
        "Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": json.dumps(s3_event())}}]
    },
    "sns in sqs": {"Records": [{"body": json.dumps({"Type": "Notification", "Message": json.dumps(s3_event())})}]},
    "sns over http": {"Type": "Notification", "Message": json.dumps(s3_event())},
    "seaweedfs": seaweed_event(),
    "seaweedfs, written again": seaweed_event("update"),
    "cloudevent around s3": cloud_event(data=s3_event()),
    "cloudevent around text": cloud_event(data=json.dumps(s3_event())),
    "cloudevent around bytes": cloud_event(data_base64=base64.b64encode(json.dumps(s3_event()).encode()).decode()),
    "cloudevent around seaweedfs": cloud_event(data=seaweed_event()),
    "bare key": {"bucket": "faces", "key": KEY},
}


@pytest.mark.parametrize("message", SAME_EVENT.values(), ids=list(SAME_EVENT))
def test_every_dialect_names_the_same_manifest(message: dict[str, Any]) -> None:
    assert parse_events(message, {}) == WRITTEN
    assert parse_events(json.dumps(message).encode(), {"Content-Type": "application/json"}) == WRITTEN


def test_a_binary_cloudevent_is_its_body() -> None:
    headers = {"Ce-Specversion": "1.0", "Ce-Type": "created", "Content-Type": "application/json"}
    assert parse_events(json.dumps(s3_event()).encode(), headers) == WRITTEN


def test_a_batch_of_cloudevents_is_read_in_order_each_manifest_once() -> None:
    other = "tracks/t/s/c/2026/03/02/other/track.json"
    batch = [cloud_event(data=s3_event()), cloud_event(data={"key": other}), cloud_event(data=s3_event())]
    headers = {"content-type": "application/cloudevents-batch+json"}
    assert parse_events(json.dumps(batch).encode(), headers) == [*WRITTEN, ObjectCreated(None, other)]


def test_a_bare_key_names_no_bucket() -> None:
    assert parse_events({"key": KEY}, {}) == [ObjectCreated(None, KEY)]


SILENT: dict[str, dict[str, Any]] = {
    "s3 test": {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "faces"},
    "sns subscription": {"Type": "SubscriptionConfirmation", "SubscribeURL": "https://example.com"},
    "removed": s3_event(s3_record("ObjectRemoved:Delete")),
    "expired": s3_event(s3_record("s3:LifecycleExpiration:Delete")),
    "no records": {"Records": []},
    "a shot": s3_event(s3_record(key="tracks/t/s/c/2026/03/02/x/shot-0.jpg")),
    "a photograph": {"key": "people/t/track.json"},
    "a manifest elsewhere": {"key": "exports/tracks/x/track.json"},
    "a name that ends alike": {"key": "tracks/x/not-track.json"},
    "no folder": {"key": "tracks/track.json"},
    "upwards": {"key": "tracks/x/../../people/track.json"},
    "empty part": {"key": "tracks//x/track.json"},
    "a line break": {"key": "tracks/x\n/track.json"},
    "a trailing line break": {"key": "tracks/x/track.json\n"},
    "half a character": {"key": "tracks/\ud800/track.json"},
    "too long": {"key": f"tracks/{'x' * 2000}/track.json"},
    "seaweedfs, removed": {"event_type": "delete", "key": f"/buckets/faces/{KEY}", "message": {"old_entry": {}}},
    "seaweedfs, renamed away": {"event_type": "update", "key": f"/buckets/faces/{KEY}", "message": {}},
    "seaweedfs, a folder": seaweed_event(is_directory=True),
    "seaweedfs, outside the buckets": seaweed_event(path=f"/topics/faces/{KEY}"),
}


@pytest.mark.parametrize("message", SILENT.values(), ids=list(SILENT))
def test_what_is_no_written_manifest_says_nothing(message: dict[str, Any]) -> None:
    assert parse_events(message, {}) == []


def test_one_strange_record_does_not_hide_the_others() -> None:
    assert parse_events(s3_event(s3_record(key="tracks/../track.json"), s3_record()), {}) == WRITTEN


REFUSED: dict[str, tuple[str, bytes]] = {
    "nothing": ("bad_json", b""),
    "no JSON": ("bad_json", b"track.json"),
    "no UTF-8": ("bad_json", b'{"key": "\xff"}'),
    "nested without end": ("bad_json", b"[" * 200_000),
    "a huge number": ("bad_json", b'{"key": ' + b"9" * 10_000 + b"}"),
    "too large": ("event_too_large", b" " * (MAX_BODY_BYTES + 1)),
    "a list": ("bad_event", b"[]"),
    "null": ("bad_event", b"null"),
    "no dialect": ("unknown_event", b"{}"),
    "unknown record": ("unknown_event", b'{"Records": [{}]}'),
    "records of a wrong type": ("bad_event", b'{"Records": {"a": 1}}'),
    "a record of a wrong type": ("bad_event", b'{"Records": ["a"]}'),
    "no object": ("bad_event", b'{"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}}}]}'),
    "a key of a wrong type": ("bad_event", b'{"key": ["tracks/x/track.json"]}'),
    "a bucket of a wrong type": ("bad_event", b'{"key": "tracks/x/track.json", "bucket": 7}'),
    "seaweedfs without message": ("bad_event", b'{"event_type": "create", "key": "/buckets/b/k"}'),
    "another CloudEvents": ("bad_event", b'{"specversion": "9", "data": {}}'),
    "CloudEvents version of a wrong type": ("bad_event", b'{"specversion": [], "data": {}}'),
    "no base64": ("bad_event", b'{"specversion": "1.0", "data_base64": "%"}'),
    "base64 of no ASCII": ("bad_event", '{"specversion": "1.0", "data_base64": "ü"}'.encode()),
    "a CloudEvent without data": ("bad_event", b'{"specversion": "1.0"}'),
}


@pytest.mark.parametrize(("reason", "body"), REFUSED.values(), ids=list(REFUSED))
def test_hostile_bodies_are_refused_with_a_reason(reason: str, body: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        parse_events(body, {})
    assert refused.value.reason == reason


def test_an_unknown_cloudevents_header_is_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        parse_events(json.dumps(s3_event()).encode(), {"ce-specversion": "2.0"})
    assert refused.value.reason == "bad_event"


def test_wrapping_has_an_end() -> None:
    message: dict[str, Any] = s3_event()
    for _ in range(20):
        message = cloud_event(data=message)
    with pytest.raises(InputRefused) as refused:
        parse_events(message, {})
    assert refused.value.reason == "event_too_deep"


_NAMES = st.sampled_from(
    [
        *("Records", "s3", "eventName", "object", "bucket", "key", "name", "Sns", "Message", "body", "Type", "Event"),
        *("specversion", "data", "data_base64", "event_type", "message", "new_entry", "is_directory"),
    ]
)
_WORDS = st.sampled_from(
    [KEY, ENCODED, "ObjectCreated:Put", "create", "1.0", "Notification", "faces", f"/buckets/faces/{KEY}", "{}", "[]"]
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | _WORDS
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=3), inner, max_size=5),
    max_leaves=12,
)
_HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "Ce-Specversion", "x"]),
    st.sampled_from(["application/cloudevents-batch+json", "1.0", ""]) | st.text(max_size=5),
)


def read_or_refused(body: bytes | dict[str, Any], headers: dict[str, str]) -> None:
    """Fail unless the parser returns safe keys only or refuses with a reason; anything else it raises passes on."""
    try:
        created = parse_events(body, headers)
    except InputRefused as refused:
        reason = refused.reason
        created = []
    else:
        reason = None
    assert reason in {None, "bad_json", "bad_event", "unknown_event", "event_too_deep"}
    for event in created:
        assert event.key.startswith("tracks/")
        assert event.key.endswith("/track.json")
        assert ".." not in event.key.split("/")
        event.key.encode()


@given(_JSON, _HEADERS)
def test_whatever_json_is_sent_it_is_read_or_refused(message: Any, headers: dict[str, str]) -> None:
    read_or_refused(json.dumps(message).encode(), headers)


@given(st.dictionaries(_NAMES, _JSON, max_size=4), _HEADERS)
def test_whatever_lambda_hands_over_is_read_or_refused(message: dict[str, Any], headers: dict[str, str]) -> None:
    read_or_refused(message, headers)


@given(st.binary(max_size=200), _HEADERS)
def test_whatever_bytes_are_sent_they_are_read_or_refused(body: bytes, headers: dict[str, str]) -> None:
    read_or_refused(body, headers)


@given(st.text())
def test_any_object_name_survives_s3_encoding_or_is_left_out(name: str) -> None:
    key = f"tracks/{name}/track.json"
    encoded = quote_plus(key, errors="surrogatepass")
    created = parse_events(s3_event(s3_record(key=encoded)), {})
    assert created in ([], [ObjectCreated("faces", key)])
