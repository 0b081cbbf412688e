"""What every object store does, on SeaweedFS and on the JuiceFS gateway (a fork of MinIO)."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from minio import Minio

from compose.onebox.place import free_port
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.errors import ConfigurationRefused, DependencyAway, InputRefused
from tests.waiting import wait_for

SERVERS = {"seaweedfs": "object_store_server", "juicefs": "minio_dialect_server"}


@pytest.fixture(params=SERVERS.values(), ids=list(SERVERS))
def url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param).url


@pytest.fixture
def objects(url: str, request: pytest.FixtureRequest) -> S3ObjectStore:
    store = S3ObjectStore(url)
    if "seaweedfs" in request.node.name:
        store.ensure_bucket(30)
    else:
        with pytest.raises(ConfigurationRefused, match="does not know"):
            store.ensure_bucket(30)
    return store


@pytest.fixture
def prefix() -> str:
    return f"tracks/{uuid4()}/"


def test_what_is_put_is_got(objects: S3ObjectStore, prefix: str) -> None:
    for key in ("shot-0.jpg", "ü + %20 ?&=#.jpg", "a/b/c.jpg"):
        content = key.encode() * 1000
        objects.put(prefix + key, content, "image/jpeg")
        assert objects.get(prefix + key, len(content)) == content
    objects.put(prefix + "empty", b"", "application/octet-stream")
    assert objects.get(prefix + "empty", 0) == b""


def test_a_second_put_replaces_the_first(objects: S3ObjectStore, prefix: str) -> None:
    objects.put(prefix + "track.json", b"first", "application/json")
    objects.put(prefix + "track.json", b"second", "application/json")
    assert objects.get(prefix + "track.json", 100) == b"second"


@pytest.mark.parametrize("key", ["nothing.jpg", "", "a/" * 200])
def test_a_missing_object_is_refused_as_missing(objects: S3ObjectStore, prefix: str, key: str) -> None:
    with pytest.raises(InputRefused) as refused:
        objects.get(prefix + key, 100)
    assert refused.value.reason == "missing_object"


def test_an_object_that_is_too_large_is_refused(objects: S3ObjectStore, prefix: str) -> None:
    objects.put(prefix + "large.jpg", b"x" * 1001, "image/jpeg")
    with pytest.raises(InputRefused) as refused:
        objects.get(prefix + "large.jpg", 1000)
    assert refused.value.reason == "too_large"
    assert len(objects.get(prefix + "large.jpg", 1001)) == 1001


def test_a_listing_has_every_object_below_a_prefix_and_no_other(objects: S3ObjectStore, prefix: str) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    written = {f"{prefix}a/shot-0.jpg": 3, f"{prefix}a/track.json": 5, f"{prefix}a/b/c/track.json": 7}
    for key, size in written.items():
        objects.put(key, b"x" * size, "image/jpeg")
    objects.put(f"tracks/{uuid4()}/other.jpg", b"x", "image/jpeg")
    found = list(objects.list(prefix))
    assert {info.key: info.size for info in found} == written
    assert all(before < info.modified_at < before + timedelta(hours=1) for info in found)
    assert [info.key for info in objects.list(prefix + "a/b")] == [f"{prefix}a/b/c/track.json"]
    assert list(objects.list(f"tracks/{uuid4()}/")) == []


def test_more_objects_than_one_page_are_listed_and_deleted(objects: S3ObjectStore, prefix: str) -> None:
    keys = [f"{prefix}{number:04}/track.json" for number in range(1005)]

    def put(key: str) -> None:
        objects.put(key, b"{}", "application/json")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(put, keys))
    assert sorted(info.key for info in objects.list(prefix)) == keys
    assert objects.delete(keys[1:]) == 1004
    assert [info.key for info in objects.list(prefix)] == keys[:1]


def test_deleting_what_is_not_there_is_no_error(objects: S3ObjectStore, prefix: str) -> None:
    objects.put(prefix + "here.jpg", b"x", "image/jpeg")
    assert objects.delete([prefix + "here.jpg", prefix + "never.jpg"]) == 2
    assert objects.delete([prefix + "here.jpg"]) == 1
    assert objects.delete([]) == 0
    assert list(objects.list(prefix)) == []


def test_a_signed_put_writes_its_object_and_no_other(objects: S3ObjectStore, prefix: str) -> None:
    link = objects.sign_put(prefix + "shot-0.jpg", "image/jpeg", 60)
    assert httpx.put(link, content=b"face", headers={"Content-Type": "image/jpeg"}).status_code == 200
    assert objects.get(prefix + "shot-0.jpg", 10) == b"face"
    for wrong in (link.replace("shot-0", "shot-1"), link.replace("Expires=60", "Expires=6000"), link.split("?")[0]):
        assert httpx.put(wrong, content=b"x", headers={"Content-Type": "image/jpeg"}).status_code == 403
    assert httpx.get(link).status_code == 403
    assert [info.key for info in objects.list(prefix)] == [prefix + "shot-0.jpg"]


@pytest.mark.parametrize("content", [b"face", gzip.compress(bytes(30_000_000))])
@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip", "br"])
def test_what_a_sender_calls_packed_is_read_as_it_lies(
    objects: S3ObjectStore, prefix: str, encoding: str, content: bytes
) -> None:
    """What could not be unpacked would look like a store that is away, to be asked for it for ever."""
    link = objects.sign_put(prefix + "shot-0.jpg", "image/jpeg", 60)
    headers = {"Content-Type": "image/jpeg", "Content-Encoding": encoding}
    assert httpx.put(link, content=content, headers=headers).status_code == 200
    assert objects.get(prefix + "shot-0.jpg", 100_000) == content


def test_nobody_has_an_object_copied_to_where_a_link_writes(object_store_server: SeaweedServer, prefix: str) -> None:
    objects = S3ObjectStore(object_store_server.url)
    objects.put(prefix + "others.jpg", b"face", "image/jpeg")
    link = objects.sign_put(prefix + "shot-0.jpg", "image/jpeg", 60)
    source = f"{urlsplit(object_store_server.url).path}/{prefix}others.jpg"
    assert httpx.put(link, headers={"x-amz-copy-source": source}).status_code == 403
    assert [info.key for info in objects.list(prefix)] == [prefix + "others.jpg"]


def test_a_signed_get_reads_its_object_and_no_other(objects: S3ObjectStore, prefix: str) -> None:
    objects.put(prefix + "shot-0.jpg", b"face", "image/jpeg")
    objects.put(prefix + "shot-1.jpg", b"other", "image/jpeg")
    link = objects.sign_get(prefix + "shot-0.jpg", 60)
    assert httpx.get(link).content == b"face"
    assert httpx.get(link.replace("shot-0", "shot-1")).status_code == 403
    assert httpx.get(link.split("?")[0]).status_code == 403
    assert httpx.put(link, content=b"x").status_code == 403


def test_a_link_is_of_no_use_once_its_time_is_over_or_its_object_gone(objects: S3ObjectStore, prefix: str) -> None:
    objects.put(prefix + "shot-0.jpg", b"face", "image/jpeg")
    objects.put(prefix + "shot-1.jpg", b"erased", "image/jpeg")
    write = objects.sign_put(prefix + "shot-2.jpg", "image/jpeg", 1)  # the first, and so the first that is over
    short, long = objects.sign_get(prefix + "shot-0.jpg", 1), objects.sign_get(prefix + "shot-1.jpg", 600)
    assert objects.delete([prefix + "shot-1.jpg"]) == 1
    assert httpx.get(long).status_code == 404
    wait_for(lambda: httpx.get(short).status_code == 403, "the time of the link was over")
    assert httpx.put(write, content=b"late", headers={"Content-Type": "image/jpeg"}).status_code == 403
    assert [info.key for info in objects.list(prefix)] == [prefix + "shot-0.jpg"]


def test_a_reader_is_told_the_type_of_the_name_not_that_of_the_sender(objects: S3ObjectStore, prefix: str) -> None:
    link = objects.sign_put(prefix + "shot-0.jpg", "image/jpeg", 60)
    httpx.put(link, content=b"<script>", headers={"Content-Type": "text/html", "Cache-Control": "max-age=99999999"})
    answer = httpx.get(objects.sign_get(prefix + "shot-0.jpg", 60))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store", "nor what it says of keeping a face"
    with pytest.raises(ValueError, match="image/jpeg"):
        objects.sign_put(prefix + "shot-0.jpg", "text/html", 60)


def test_signed_links_carry_the_public_address(url: str, prefix: str) -> None:
    store = S3ObjectStore(f"{url}&public=https://files.example.com")
    for link in (store.sign_get(prefix + "x.jpg", 60), store.sign_put(prefix + "x.jpg", "image/jpeg", 60)):
        assert link.startswith(f"https://files.example.com/faces/{prefix}x.jpg?")
    store.put(prefix + "x.jpg", b"face", "image/jpeg")
    assert store.get(prefix + "x.jpg", 10) == b"face"


def test_credentials_may_come_from_files(url: str, prefix: str, tmp_path: Path) -> None:
    parts = urlsplit(url)
    for name, content in (("key", parts.username), ("secret", parts.password)):
        (tmp_path / name).write_text(f"{content}\n", encoding="utf-8")
    address = f"s3://{parts.hostname}:{parts.port}{parts.path}?{parts.query}"
    store = S3ObjectStore(f"{address}&key_file={tmp_path / 'key'}&secret_file={tmp_path / 'secret'}")
    store.check()
    with pytest.raises(ConfigurationRefused, match="secret_file"):
        S3ObjectStore(f"{address}&key_file={tmp_path / 'key'}&secret_file={tmp_path / 'absent'}")


def test_wrong_credentials_are_refused_and_never_repeated(url: str, prefix: str) -> None:
    parts = urlsplit(url)
    wrong = S3ObjectStore(url.replace(f":{parts.password}@", ":not-the-secret@"))
    for ask in (wrong.check, lambda: wrong.put(prefix + "x", b"", "image/jpeg"), lambda: wrong.get(prefix + "x", 1)):
        with pytest.raises(ConfigurationRefused) as refused:
            ask()
        assert "not-the-secret" not in str(refused.value)


def test_a_missing_bucket_is_refused(url: str) -> None:
    store = S3ObjectStore(url.replace("/faces?", "/nothing-here?"))
    with pytest.raises(ConfigurationRefused, match="nothing-here"):
        store.check()


def test_a_store_that_is_away_is_away() -> None:
    store = S3ObjectStore(f"s3://key:the-secret@127.0.0.1:{free_port()}/faces?secure=false")
    asked = [
        store.check,
        lambda: store.get("a", 1),
        lambda: store.put("a", b"", "image/jpeg"),
        lambda: list(store.list("a")),
        lambda: store.delete(["a"]),
        lambda: store.ensure_bucket(30),
    ]
    for ask in asked:
        with pytest.raises(DependencyAway) as away:
            ask()
        assert "the-secret" not in str(away.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://host/bucket",
        "s3://key:hidden@host",
        "s3://key:hidden@host/a/b",
        "s3://key:hidden@host/bucket?tls=no",
        "s3:",
    ],
)
def test_a_wrong_objects_url_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationRefused) as refused:
        S3ObjectStore(url)
    assert "hidden" not in str(refused.value)


def test_seaweedfs_keeps_the_retention_rule(object_store_server: SeaweedServer) -> None:
    store = S3ObjectStore(object_store_server.url)
    store.ensure_bucket(30)
    store.ensure_bucket(7)
    parts = urlsplit(object_store_server.url)
    client = Minio(f"127.0.0.1:{parts.port}", parts.username, parts.password, secure=False, region="us-east-1")
    kept = client.get_bucket_lifecycle("faces")
    assert kept is not None
    told = [(rule.rule_filter, rule.expiration, rule.status) for rule in kept.rules]
    assert [(where and where.prefix, when and when.days, status) for where, when, status in told] == [
        ("tracks/", 7, "Enabled")
    ]
    store.ensure_bucket(30)
