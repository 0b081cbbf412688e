"""The object store on any S3 server (SeaweedFS, MinIO, AWS S3), with the minio client."""

import io
import mimetypes
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import certifi
import urllib3
from minio import Minio
from minio.commonconfig import ENABLED, Filter
from minio.credentials.providers import (
    AWSConfigProvider,
    ChainedProvider,
    EnvAWSProvider,
    EnvMinioProvider,
    IamAwsProvider,
    Provider,
    StaticProvider,
)
from minio.deleteobjects import DeleteObject
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from minio.lifecycleconfig import Expiration, LifecycleConfig, Rule
from minio.notificationconfig import NotificationConfig, PrefixFilterRule, QueueConfig, SuffixFilterRule

from regulars.errors import ConfigurationRefused, DependencyAway, InputRefused
from regulars.ports import ObjectInfo

_CONNECT_TIMEOUT_S = 3.0
_READ_TIMEOUT_S = 20.0
_LIFECYCLE_RULE = "regulars-tracks"
_REFUSALS = {
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "NoSuchBucket",
    "AuthorizationHeaderMalformed",
    "PermanentRedirect",
    "InvalidBucketName",
    "InvalidArgument",
}
_PARAMETERS = {"secure", "region", "public", "key_file", "secret_file"}


@dataclass(frozen=True, slots=True)
class S3Address:
    """What an objects URL says.

    `s3://key:secret@host[:port]/bucket?secure=false&region=eu-central-1&public=https://files.example.com`. `secure`
    (TLS) is true unless it says false; `public` is the address that signed links carry when senders reach the store by
    another name; instead of `key:secret@`, `key_file=` and `secret_file=` name files with them; with neither, the
    environment, the AWS configuration file or the machine's role give them.
    """

    endpoint: str
    bucket: str
    secure: bool
    region: str
    public: str | None
    credentials: Provider

    @classmethod
    def parse(cls, url: str) -> "S3Address":
        """Read an objects URL; ConfigurationRefused says what is wrong without repeating the secret."""
        parts = urlsplit(url)
        bucket = parts.path.strip("/")
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme != "s3" or not parts.hostname or not bucket or "/" in bucket:
            raise ConfigurationRefused("an objects URL reads s3://key:secret@host:port/bucket?secure=false&region=…")
        if unknown := set(options) - _PARAMETERS:
            raise ConfigurationRefused(f"the objects URL has unknown parameters: {', '.join(sorted(unknown))}")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        return cls(
            endpoint=f"{host}:{parts.port}" if parts.port else host,
            bucket=bucket,
            secure=options.get("secure", "true").lower() not in {"false", "0", "no"},
            region=options.get("region", "us-east-1"),
            public=options.get("public"),
            credentials=_credentials(unquote(parts.username or ""), unquote(parts.password or ""), options),
        )


class S3ObjectStore:
    """`regulars.ports.ObjectStore` on one bucket. Threads may share it, processes may not."""

    def __init__(self, url: str) -> None:
        address = S3Address.parse(url)
        self._bucket = address.bucket
        self._where = f"the object store at {address.endpoint}"
        self._client = _client(address.endpoint, secure=address.secure, address=address)
        self._signer = self._client
        if address.public:
            public = urlsplit(address.public)
            self._signer = _client(public.netloc, secure=public.scheme == "https", address=address)

    def get(self, key: str, max_bytes: int) -> bytes:
        """See the port."""
        with self._translated(key):
            answer = self._client.get_object(self._bucket, key)
            try:
                announced = int(answer.headers.get("Content-Length") or 0)
                # As it lies: a sender may call anything packed.
                content = b"" if announced > max_bytes else answer.read(max_bytes + 1, decode_content=False)
            finally:
                answer.close()
                answer.release_conn()
        if max(announced, len(content)) > max_bytes:
            raise InputRefused("too_large", f"{key} has more than {max_bytes} bytes")
        return content

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """See the port."""
        with self._translated(key):
            self._client.put_object(self._bucket, key, io.BytesIO(content), len(content), content_type=content_type)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """See the port."""
        with self._translated(prefix):
            for found in self._client.list_objects(self._bucket, prefix=prefix, recursive=True):
                if found.object_name and not found.is_dir:
                    modified_at = found.last_modified or datetime.fromtimestamp(0, UTC)
                    yield ObjectInfo(found.object_name, found.size or 0, modified_at.astimezone(UTC))

    def delete(self, keys: Iterable[str]) -> int:
        """See the port."""
        wanted = [DeleteObject(key) for key in keys]
        with self._translated(""):
            failed = [error for error in self._client.remove_objects(self._bucket, wanted) if error.code != "NoSuchKey"]
        if failed:
            raise DependencyAway(
                f"{self._where} kept {len(failed)} of {len(wanted)} objects that it was told to delete "
                f"({failed[0].code}): the others are gone, ask again"
            )
        return len(wanted)

    def sign_put(self, key: str, content_type: str, expires_s: int) -> str:
        """See the port. The type must be that of the key's ending, since that is what `sign_get` answers with."""
        if content_type != _type_of(key):
            raise ValueError(f"{key} must be {_type_of(key)}, not {content_type}")
        with self._translated(key):
            return self._signer.presigned_put_object(self._bucket, key, timedelta(seconds=expires_s))

    def sign_get(self, key: str, expires_s: int) -> str:
        """See the port. The answer's type follows from the key's ending, whatever the sender of the object said.

        No browser keeps it: on its disk a face would outlive its days and an erasure.
        """
        with self._translated(key):
            return self._signer.presigned_get_object(
                self._bucket,
                key,
                timedelta(seconds=expires_s),
                response_headers={"response-content-type": _type_of(key), "response-cache-control": "no-store"},
            )

    def ensure_bucket(self, retention_days: int) -> None:
        """See the port."""
        with self._translated(""):
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)
            rule = Rule(
                ENABLED,
                rule_filter=Filter(prefix="tracks/"),
                rule_id=_LIFECYCLE_RULE,
                expiration=Expiration(days=retention_days),
            )
            self._client.set_bucket_lifecycle(self._bucket, LifecycleConfig([rule]))

    def tell_of_manifests(self, target: str) -> None:
        """Let MinIO tell `target` (arn:minio:sqs::NAME:webhook) of every manifest, and of nothing else.

        Replaces what notifications the bucket has. Raises ConfigurationRefused for a target the store does not know.
        """
        told = QueueConfig(
            ["s3:ObjectCreated:*"],
            queue=target,
            config_id="regulars-manifests",
            prefix_filter_rule=PrefixFilterRule("tracks/"),
            suffix_filter_rule=SuffixFilterRule("/track.json"),
        )
        with self._translated(""):
            self._client.set_bucket_notification(self._bucket, NotificationConfig(queue_config_list=[told]))

    def check(self) -> None:
        """See the port."""
        with self._translated(""):
            present = self._client.bucket_exists(self._bucket)
        if not present:
            raise ConfigurationRefused(f"{self._where} has no bucket {self._bucket}: make it, or name another one")

    @contextmanager
    def _translated(self, key: str) -> Generator[None]:
        try:
            yield
        except S3Error as error:
            if error.code in {"NoSuchKey", "NoSuchObject"}:
                raise InputRefused("missing_object", f"{key} is not in the object store") from error
            if error.code == "NotImplemented":
                raise ConfigurationRefused(f"{self._where} does not know this operation ({error.message})") from error
            text = f"{self._where} refuses ({error.code}: {error.message})"
            if error.code in _REFUSALS:
                raise ConfigurationRefused(f"{text}: check the objects URL and its credentials") from error
            raise DependencyAway(f"{text}: nothing was changed, try again") from error
        except (MinioException, InvalidResponseError, ServerError, urllib3.exceptions.HTTPError, OSError) as error:
            raise DependencyAway(f"{self._where} does not answer ({type(error).__name__}): try again") from error


def _client(endpoint: str, *, secure: bool, address: S3Address) -> Minio:
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=_CONNECT_TIMEOUT_S, read=_READ_TIMEOUT_S),
        maxsize=16,
        retries=urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
        ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
    )
    return Minio(endpoint, secure=secure, region=address.region, credentials=address.credentials, http_client=pool)


def _credentials(key: str, secret: str, options: dict[str, str]) -> Provider:
    if key:
        return StaticProvider(key, secret)
    if "key_file" in options:
        try:
            files = [Path(options[name]) for name in ("key_file", "secret_file")]
            return StaticProvider(*(file.read_text(encoding="utf-8").strip() for file in files))
        except (OSError, KeyError) as error:
            raise ConfigurationRefused(f"the objects URL's key_file or secret_file cannot be read: {error}") from error
    return ChainedProvider([EnvAWSProvider(), EnvMinioProvider(), AWSConfigProvider(), IamAwsProvider()])


def _type_of(key: str) -> str:
    return mimetypes.guess_type(key, strict=True)[0] or "application/octet-stream"
