"""What an object store says when a track was written, in every dialect that reaches recognize: one parser.

Read: MinIO and S3 bucket notifications, the same inside SQS, SNS or both (as Lambda hands them over), SeaweedFS filer
webhooks, CloudEvents (structured, batched or binary) around any of these, and a bare manifest key. Shapes follow the
publishers' documentation: S3 event message structure, CloudEvents 1.0 JSON and HTTP bindings, SeaweedFS 4.48 as seen.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote_plus

from regulars.errors import InputRefused

MAX_BODY_BYTES = 6_291_456
"""Lambda's largest synchronous payload; MinIO, SeaweedFS and Knative stay far below."""
_MAX_WRAPPINGS = 5
_MAX_KEY_LENGTH = 1024
_MANIFEST_KEY = re.compile(r"tracks/(?:[^/\x00-\x1f\x7f]+/)+track\.json")
_SEAWEED_PATH = re.compile(r"/buckets/([^/]+)/(.+)", re.DOTALL)
_SEAWEED_WRITES = ("create", "update")
_CLOUDEVENTS_VERSIONS = ("0.3", "1.0")
_SILENT_SNS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")

_Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ObjectCreated:
    """A track's manifest was written. `bucket` is None where the event names none: then it is the configured one."""

    bucket: str | None
    key: str


def parse_events(body: bytes | Mapping[str, object], headers: Mapping[str, str]) -> list[ObjectCreated]:
    """Return the manifests (`tracks/…/track.json`) whose creation a request tells, in order, each once.

    Events about other objects, deletions and a store's test messages yield nothing. Raises InputRefused
    `event_too_large`, `bad_json`, `unknown_event` (no known dialect), `bad_event` (a known dialect, with parts missing
    or of a wrong type) or `event_too_deep`; never anything else, whatever is sent.
    """
    names = {name.lower(): value for name, value in headers.items()}
    version = names.get("ce-specversion")
    if version is not None and version not in _CLOUDEVENTS_VERSIONS:
        raise InputRefused("bad_event", f"CloudEvents of version {version[:20]!r} are not known here")
    told = _decoded(body) if isinstance(body, bytes) else cast("object", body)
    batched = "cloudevents-batch" in names.get("content-type", "")
    messages = _list(told, "a batch") if batched else [told]
    created = [event for message in messages for event in _events(message, 0)]
    return list(dict.fromkeys(event for event in created if _is_manifest(event.key)))


def _events(told: object, depth: int) -> Iterator[ObjectCreated]:
    """Yield what one message tells, unwrapping it as often as need be."""
    if depth > _MAX_WRAPPINGS:
        raise InputRefused("event_too_deep", f"the event is wrapped more than {_MAX_WRAPPINGS} times")
    message = _object(told, "an event")
    if "specversion" in message:
        yield from _events(_cloudevent_data(message), depth + 1)
    elif "Records" in message:
        for record in _list(message["Records"], "Records"):
            yield from _record(_object(record, "a record"), depth)
    elif "s3" in message and "eventName" in message:
        yield from _s3(message)
    elif message.get("Event") == "s3:TestEvent" or message.get("Type") in _SILENT_SNS:
        return
    elif message.get("Type") == "Notification":
        yield from _events(_decoded(_text(message.get("Message"), "Message")), depth + 1)
    elif "event_type" in message:
        yield from _seaweed(message)
    elif "key" in message:
        bucket = message.get("bucket")
        yield ObjectCreated(None if bucket is None else _text(bucket, "bucket"), _text(message["key"], "key"))
    else:
        raise InputRefused("unknown_event", "the message is of no dialect known here")


def _record(record: _Json, depth: int) -> Iterator[ObjectCreated]:
    """Yield what one entry of `Records` tells: an S3 event, or a message of SQS or SNS around one."""
    if "s3" in record:
        yield from _s3(record)
    elif "Sns" in record:
        message = _text(_object(record["Sns"], "Sns").get("Message"), "Message")
        yield from _events(_decoded(message), depth + 1)
    elif "body" in record:
        yield from _events(_decoded(_text(record["body"], "body")), depth + 1)
    else:
        raise InputRefused("unknown_event", "a record is neither of S3 nor of SQS nor of SNS")


def _s3(record: _Json) -> Iterator[ObjectCreated]:
    """Yield a creation from an S3 or MinIO record; their keys are form-encoded ('+' is a space)."""
    happened = _text(record.get("eventName"), "eventName").removeprefix("s3:")
    s3 = _object(record["s3"], "s3")
    bucket = _text(_object(s3.get("bucket"), "s3.bucket").get("name"), "s3.bucket.name")
    key = _text(_object(s3.get("object"), "s3.object").get("key"), "s3.object.key")
    if happened.startswith("ObjectCreated:"):
        yield ObjectCreated(bucket, unquote_plus(key))


def _seaweed(message: _Json) -> Iterator[ObjectCreated]:
    """Yield a written file from a filer webhook; overwriting is an update there, and folders are told of too."""
    path = _text(message.get("key"), "key")
    happened = _text(message["event_type"], "event_type")
    entry = _object(message.get("message"), "message").get("new_entry")
    found = _SEAWEED_PATH.fullmatch(path)
    if happened not in _SEAWEED_WRITES or entry is None or found is None:
        return
    if not _object(entry, "message.new_entry").get("is_directory"):
        yield ObjectCreated(found[1], found[2])


def _cloudevent_data(message: _Json) -> object:
    if message["specversion"] not in _CLOUDEVENTS_VERSIONS:
        raise InputRefused("bad_event", "CloudEvents of that version are not known here")
    if "data_base64" in message:
        try:
            content = base64.b64decode(_text(message["data_base64"], "data_base64"), validate=True)
        except ValueError as error:
            raise InputRefused("bad_event", "data_base64 is not base64") from error
        return _decoded(content)
    data = message.get("data")
    return _decoded(data) if isinstance(data, str) else data


def _is_manifest(key: str) -> bool:
    """Tell whether a key can be a track's manifest: no empty part, no step upwards, nothing unprintable."""
    if len(key) > _MAX_KEY_LENGTH or not _MANIFEST_KEY.fullmatch(key):
        return False
    return not {".", ".."} & set(key.split("/")) and not any("\ud800" <= letter <= "\udfff" for letter in key)


def _decoded(text: bytes | str) -> object:
    if len(text) > MAX_BODY_BYTES:
        raise InputRefused("event_too_large", f"an event has at most {MAX_BODY_BYTES} bytes")
    try:
        return cast("object", json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InputRefused("bad_json", "the event is not JSON") from error


def _object(value: object, name: str) -> _Json:
    if not isinstance(value, Mapping):
        raise InputRefused("bad_event", f"{name} is not a JSON object")
    return cast("_Json", value)


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise InputRefused("bad_event", f"{name} is not a list")
    return cast("list[object]", value)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise InputRefused("bad_event", f"{name} is not a text")
    return value
