"""What the stores really send when a manifest is written, received over HTTP (or from a queue) and parsed."""

import io
import json
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote, urlsplit
from uuid import uuid4

import boto3
import httpx
import pytest
from minio import Minio
from minio.error import S3Error
from minio.notificationconfig import NotificationConfig, QueueConfig

from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.adapters.users_minio import let_use
from regulars.errors import ConfigurationRefused
from regulars.events import ObjectCreated, parse_events
from tests.event_receiver import EventReceiver
from tests.servers.juicefs import NOTIFICATION_ARN, JuicefsServer
from tests.servers.moto import MotoServer
from tests.waiting import wait_for


@pytest.fixture
def key() -> str:
    return f"tracks/{uuid4()}/s/c/2026/03/02/ü + 1/track.json"


def told(receiver: EventReceiver, key: str, *, times: int = 1, of: int = 1) -> list[list[ObjectCreated]]:
    """Return what each message about the key's tenant says, once there are `of` and so many of them say something."""
    messages = receiver.wait_for(
        key.split("/")[1].encode(),
        lambda found: len(found) >= of and len([m for m in found if parse_events(m.body, m.headers)]) >= times,
    )
    return [parse_events(message.body, message.headers) for message in messages]


def written(events: list[list[ObjectCreated]]) -> list[ObjectCreated]:
    return [event for message in events for event in message]


def test_seaweedfs_tells_of_a_manifest_and_of_nothing_else(
    object_store_server: SeaweedServer, event_receiver: EventReceiver, key: str
) -> None:
    store = S3ObjectStore(object_store_server.url)
    store.put(key.replace("track.json", "shot-0.jpg"), b"face", "image/jpeg")
    link = store.sign_put(key, "application/json", 60)
    assert httpx.put(link, content=b"{}", headers={"Content-Type": "application/json"}).status_code == 200
    # Folders and shots are told of too, and say nothing.
    assert written(told(event_receiver, key, of=2)) == [ObjectCreated("faces", key)]


def test_seaweedfs_tells_again_when_a_manifest_is_written_again(
    object_store_server: SeaweedServer, event_receiver: EventReceiver, key: str
) -> None:
    store = S3ObjectStore(object_store_server.url)
    for _ in range(2):
        store.put(key, b"{}", "application/json")
    assert written(told(event_receiver, key, times=2)) == [ObjectCreated("faces", key)] * 2


def test_seaweedfs_says_nothing_of_a_deleted_manifest(
    object_store_server: SeaweedServer, event_receiver: EventReceiver, key: str
) -> None:
    store = S3ObjectStore(object_store_server.url)
    store.put(key, b"{}", "application/json")
    told(event_receiver, key)
    store.delete([key])
    other = key.replace("ü", "later")
    store.put(other, b"{}", "application/json")
    assert written(told(event_receiver, other, times=2)) == [ObjectCreated("faces", key), ObjectCreated("faces", other)]


@pytest.fixture
def minio_dialect(minio_dialect_server: JuicefsServer) -> Minio:
    parts = urlsplit(minio_dialect_server.url)
    client = Minio(f"127.0.0.1:{parts.port}", parts.username, parts.password, secure=False, region="us-east-1")
    if not client.bucket_exists("faces"):
        client.make_bucket("faces")
    queue = QueueConfig(["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], queue=NOTIFICATION_ARN)

    def told_of_the_target() -> bool:
        client.set_bucket_notification("faces", NotificationConfig(queue_config_list=[queue]))
        return True

    # It looks for its targets after it began to answer.
    wait_for(told_of_the_target, "it knew its target", despite=(S3Error,))
    return client


def test_the_minio_dialect_tells_of_a_manifest_and_of_nothing_else(
    minio_dialect: Minio, event_receiver: EventReceiver, key: str
) -> None:
    for name in ("shot-0.jpg", "track.json"):
        minio_dialect.put_object("faces", key.replace("track.json", name), io.BytesIO(b"{}"), 2)
    assert written(told(event_receiver, key)) == [ObjectCreated("faces", key)]
    minio_dialect.remove_object("faces", key)
    minio_dialect.put_object("faces", key.replace("ü", "later"), io.BytesIO(b"{}"), 2)
    events = told(event_receiver, key, times=2)
    assert written(events) == [ObjectCreated("faces", key), ObjectCreated("faces", key.replace("ü", "later"))]


def test_minio_is_told_by_us_to_tell_of_manifests_alone(
    minio_dialect: Minio, minio_dialect_server: JuicefsServer, event_receiver: EventReceiver, key: str
) -> None:
    if not minio_dialect.bucket_exists("told"):
        minio_dialect.make_bucket("told")
    store = S3ObjectStore(minio_dialect_server.url.replace("/faces", "/told"))
    with pytest.raises(ConfigurationRefused):
        store.tell_of_manifests("arn:minio:sqs::NOBODY:webhook")
    store.tell_of_manifests(NOTIFICATION_ARN)
    for name in ("shot-0.jpg", "track.json"):
        store.put(key.replace("track.json", name), b"{}", "application/json")
    assert told(event_receiver, key) == [[ObjectCreated("told", key)]], "of the shot nothing was said"


def test_minio_makes_us_a_user_who_may_use_one_bucket_alone(
    minio_dialect: Minio, minio_dialect_server: JuicefsServer, key: str
) -> None:
    root = minio_dialect_server.url
    parts = urlsplit(root)
    application = f"s3://of-the-tests:{uuid4()}@127.0.0.1:{parts.port}/faces?secure=false"
    with pytest.raises(ConfigurationRefused, match="must not be its root"):
        let_use(root, root)
    for _ in range(2):
        assert let_use(root, application) == "of-the-tests"
    store = S3ObjectStore(application)
    store.put(key, b"{}", "application/json")
    assert store.get(key, 10) == b"{}"
    link = store.sign_put(key.replace("track.json", "shot-0.jpg"), "image/jpeg", 60)
    for source in (f"/faces/{key}", f"faces/{key}"):
        copied = httpx.put(link, headers={"x-amz-copy-source": quote(source), "Content-Type": "image/jpeg"})
        assert copied.status_code == 403, "who may write one object has no other copied there"
    assert httpx.put(link, content=b"face", headers={"Content-Type": "image/jpeg"}).status_code == 200
    assert store.delete([key]) == 1
    if not minio_dialect.bucket_exists("others"):
        minio_dialect.make_bucket("others")
    with pytest.raises(ConfigurationRefused, match="AccessDenied"):
        S3ObjectStore(application.replace("/faces", "/others")).put(key, b"{}", "application/json")
    with pytest.raises(ConfigurationRefused, match="refuses to make a user"):
        let_use(application, application.replace("of-the-tests", "somebody"))


@pytest.fixture
def aws(aws_mock_server: MotoServer) -> Callable[[str], Any]:
    def client(service: str) -> Any:
        return cast("Any", boto3).client(
            service,
            endpoint_url=aws_mock_server.endpoint,
            region_name="eu-central-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )

    return client


def queue_for(aws: Callable[[str], Any], bucket: str) -> str:
    """Make a bucket whose creations go to a queue; return the queue's URL."""
    queue_url = aws("sqs").create_queue(QueueName=bucket)["QueueUrl"]
    attributes = aws("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]
    aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    configuration = {"QueueConfigurations": [{"QueueArn": attributes["QueueArn"], "Events": ["s3:ObjectCreated:*"]}]}
    aws("s3").put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)
    return queue_url


def received(aws: Callable[[str], Any], queue_url: str) -> list[str]:
    """Return the bodies of all messages in a queue."""
    bodies: list[str] = []
    while messages := aws("sqs").receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(message["Body"])
            aws("sqs").delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def test_the_aws_dialect_is_read_bare_and_as_lambda_hands_it_over(aws: Callable[[str], Any], key: str) -> None:
    bucket = f"faces-{uuid4()}"
    queue_url = queue_for(aws, bucket)
    for name in ("shot-0.jpg", "track.json"):
        aws("s3").put_object(Bucket=bucket, Key=key.replace("track.json", name), Body=b"{}")
    bodies = received(aws, queue_url)
    assert written([parse_events(body.encode(), {}) for body in bodies]) == [ObjectCreated(bucket, key)]
    handed_over = {"Records": [{"eventSource": "aws:sqs", "body": body} for body in bodies]}
    assert parse_events(handed_over, {}) == [ObjectCreated(bucket, key)]
    assert any("s3:TestEvent" in json.loads(body).get("Event", "") for body in bodies), "the test message came too"
