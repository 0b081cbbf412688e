"""The function on Lambda: of an SQS batch only what failed comes again."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import boto3
import pytest

from functions.recognize import handler as entry
from functions.recognize.handler import answer, over_http
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.errors import DependencyAway
from regulars.ids import new_id
from regulars.steps.lost_tracks import YOUNGEST
from regulars.steps.recognize import Handled, Recognizer
from regulars.store.leases import count_wanted
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM
from tests.servers.moto import MotoServer
from tests.shop import Shop, at
from tests.visits_seen import visits_of
from tests.waiting import wait_for


def s3_record(key: str) -> dict[str, Any]:
    return {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "faces"}, "object": {"key": key}},
    }


def sqs(*bodies: object) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"m{number}", "eventSource": "aws:sqs", "body": json.dumps(body)}
            for number, body in enumerate(bodies)
        ]
    }


def test_an_s3_event_is_recognized(shop: Shop, recognizer: Recognizer) -> None:
    event = {"Records": [s3_record(shop.walk_in(1, at(0)))]}
    assert answer(event, recognizer) == {"handled": 1, "set_aside": 0}
    assert len(visits_of(shop)) == 1


def test_of_a_batch_only_the_failed_messages_are_named(shop: Shop, recognizer: Recognizer) -> None:
    keys = [shop.walk_in(1, at(0)), shop.write(shop.manifest(at(1)), b"junk"), shop.walk_in(2, at(2))]
    event = sqs(*({"Records": [s3_record(key)]} for key in keys), "no event at all")
    assert answer(event, recognizer) == {"batchItemFailures": [{"itemIdentifier": "m3"}]}
    assert len(visits_of(shop)) == 2


class RecognizerAway(Recognizer):
    """A recognizer whose dependencies are all down."""

    def handle(self, key: str) -> Handled:
        raise DependencyAway("away for this test")


def test_when_a_dependency_is_away_the_event_comes_again(shop: Shop, recognizer: Recognizer) -> None:
    away = RecognizerAway(**{name: getattr(recognizer, name) for name in vars(recognizer)})
    key = shop.walk_in(1, at(0))
    assert answer(sqs({"Records": [s3_record(key)]}), away) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    with pytest.raises(DependencyAway):
        answer({"Records": [s3_record(key)]}, away)
    assert answer(sqs({"Records": [s3_record(key)]}), replace(recognizer)) == {"batchItemFailures": []}


def asked(method: str, path: str, body: str = "", *, by: str = "of-the-tests") -> Any:
    """An event of a private REST API, whose stage is no part of the path."""
    return {
        "resource": "/{proxy+}",
        "httpMethod": method,
        "path": path,
        "headers": {"authorization": f"Bearer {by}", "content-type": "application/json", "host": "recognize"},
        "queryStringParameters": None,
        "requestContext": {"stage": "v1", "identity": {"sourceIp": "10.0.0.4"}},
        "body": body,
        "isBase64Encoded": False,
    }


@pytest.fixture
def own_loop() -> Iterator[None]:
    """Mangum takes the thread's loop and closes none."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.mark.usefixtures("own_loop")
def test_the_gateway_and_the_flows_are_answered_as_by_the_server(shop: Shop, recognizer: Recognizer) -> None:
    http: Any = over_http(recognizer, "of-the-tests")

    def ready() -> bool:
        told = http(asked("GET", "/readyz"), None)
        return (told["statusCode"], json.loads(told["body"])["status"]) == (200, "ready")

    wait_for(ready, "all dependencies answered in time")
    event = json.dumps({"key": shop.walk_in(1, at(0))})
    assert http(asked("POST", "/events", event, by="another"), None)["statusCode"] == 401
    told = http(asked("POST", "/events", event), None)
    assert (told["statusCode"], json.loads(told["body"])) == (200, {"handled": 1, "set_aside": 0})
    assert len(visits_of(shop)) == 1


class Context:
    """What Lambda says of an invocation."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def test_what_the_caretaker_does_is_done_by_the_clock(
    shop: Shop, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    shop.walk_in(1, now)  # its event is lost
    monkeypatch.setattr(entry, "_recognizer", lambda: replace(recognizer, clock=lambda: now + YOUNGEST * 2))
    assert entry.handler({"catch_up": True}, Context()) == {"caught_up": True}
    assert len(visits_of(shop)) == 1


@pytest.mark.usefixtures("shop")
def test_how_many_cameras_should_run_is_a_line_that_cloudwatch_takes_for_figures(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entry, "_recognizer", lambda: recognizer)
    assert entry.handler({"count_cameras": True}, Context()) == {"counted": True}
    told = json.loads(capsys.readouterr().out)
    [described] = told["_aws"]["CloudWatchMetrics"]
    [[dimension]] = described["Dimensions"]
    assert told[dimension] == "regulars"
    with transaction(recognizer.engine, PLATFORM) as connection:
        wanted, leased = count_wanted(connection, datetime.now(UTC))
    assert wanted >= 2, "those of this shop"
    assert {one["Name"]: told[one["Name"]] for one in described["Metrics"]} == {
        "CamerasWanted": wanted,
        "CamerasLeased": leased,
    }


MANIFESTS = [{"Name": "prefix", "Value": "tracks/"}, {"Name": "suffix", "Value": "/track.json"}]


def aws(server: MotoServer, service: str) -> Any:
    return cast("Any", boto3).client(
        service,
        endpoint_url=server.endpoint,
        region_name="eu-central-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )


def as_polled(message: Any, arn: str) -> dict[str, Any]:
    """Return a queue's message as Lambda's poller hands it over, in the shape that AWS documents."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": "eu-central-1",
    }


def test_from_a_bucket_on_aws_through_its_queue_to_a_visit(
    shop: Shop, recognizer: Recognizer, aws_mock_server: MotoServer
) -> None:
    """S3 and SQS are moto's, the notification is that of iac/data.yaml."""
    bucket, queues, buckets = f"faces-{new_id()}", aws(aws_mock_server, "sqs"), aws(aws_mock_server, "s3")
    url = queues.create_queue(QueueName=bucket)["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    buckets.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    told = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": MANIFESTS}}}
    buckets.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"QueueConfigurations": [told]}
    )
    store = S3ObjectStore(f"s3://any:any@127.0.0.1:{aws_mock_server.port}/{bucket}?secure=false&region=eu-central-1")
    for person in (1, 2):
        replace(shop, objects=store).walk_in(person, at(person))
    taken = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
    event = {"Records": [as_polled(one, arn) for one in taken]}
    assert answer(event, replace(recognizer, objects=store)) == {"batchItemFailures": []}
    assert len(visits_of(shop)) == 2
