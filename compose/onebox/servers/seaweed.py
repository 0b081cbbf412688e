"""SeaweedFS as one process: the S3 store of the onebox, which tells recognize over HTTP what was written."""

import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import wait_until_ready
from regulars.errors import RegularsError

if TYPE_CHECKING:
    from regulars.adapters.objects_s3 import S3ObjectStore

_GRPC_OFFSET = 10_000
"""SeaweedFS takes a second port for gRPC, this much above each HTTP port."""
_PARTS = ("s3", "master", "volume", "filer", "admin")
_ACCESS_KEY = "regulars"


class SeaweedServer:
    """One SeaweedFS on 127.0.0.1 with one bucket; `url` is the objects URL with its generated credentials.

    Only the S3 port serves objects: the filer and volume ports ask for tokens signed with generated keys. Creations
    under `tracks/` are posted to `events_url` with a bearer token, at most once: SeaweedFS 4.48 drops an event whose
    receiver is away or answers an error, so `reconcile` has to find those tracks.
    """

    name = "objects"
    bucket = "faces"

    def __init__(
        self, place: Place, supervisor: Supervisor, *, events_url: str | None = None, events_token: str = ""
    ) -> None:
        self._place = place
        self._supervisor = supervisor
        self._events_url = events_url
        self._events_token = events_token
        self.port = 0

    @property
    def url(self) -> str:
        """The objects URL."""
        secret = self._place.secret("objects-secret-key")
        return f"s3://{_ACCESS_KEY}:{secret}@127.0.0.1:{self.port}/{self.bucket}?secure=false"

    def start(self) -> None:
        """Launch it, and return when the bucket answers a signed request."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start; returns at once."""
        home = self._place.folder("objects")
        ports = {part: self._place.port(f"objects-{part}", _GRPC_OFFSET) for part in _PARTS}
        self.port = ports["s3"]
        self._write(home / "security.toml", self._security())
        self._write(home / "notification.toml", self._notification())
        data = self._place.folder("objects/data")
        (data / "mini.options").unlink(missing_ok=True)
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *(str(Path(sysconfig.get_path("scripts")) / "weed"), "-logtostderr=true", "mini"),
                    *("-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}", f"-bucket={self.bucket}"),
                    *(f"-{part}.port={port}" for part, port in ports.items()),
                    *(f"-{part}.port.grpc={port + _GRPC_OFFSET}" for part, port in ports.items()),
                    *("-admin.ui=false", "-webdav=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
                    *("-master.telemetry=false", "-volume.preStopSeconds=0"),
                ),
                cwd=home,
                log=self._place.log(self.name),
                env=child_environment(
                    HOME=str(home),
                    AWS_ACCESS_KEY_ID=_ACCESS_KEY,
                    AWS_SECRET_ACCESS_KEY=self._place.secret("objects-secret-key"),
                ),
            )
        )

    def wait(self) -> None:
        """Return when the bucket answers a signed request."""
        wait_until_ready(self._supervisor, self.name, self._place.log(self.name), self._ask)

    def client(self) -> "S3ObjectStore":
        """Return a client of the bucket. It is imported only here: the server starts meanwhile."""
        from regulars.adapters.objects_s3 import S3ObjectStore

        return S3ObjectStore(self.url)

    def stop(self) -> None:
        """Stop it; what was written is kept."""
        self._supervisor.stop(self.name)

    def _ask(self) -> str | None:
        try:
            self.client().check()
        except RegularsError as error:
            return str(error)
        return None

    def _security(self) -> str:
        sections = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
        keys = {section: self._place.secret(f"objects-{section.replace('.', '-')}") for section in sections}
        return "".join(f'[{section}]\nkey = "{key}"\n' for section, key in keys.items())

    def _notification(self) -> str:
        if not self._events_url:
            return "[notification.webhook]\nenabled = false\n"
        return (
            "[notification.webhook]\n"
            "enabled = true\n"
            f'endpoint = "{self._events_url}"\n'
            f'bearer_token = "{self._events_token}"\n'
            "timeout_seconds = 60\n"
            'event_types = ["create", "update"]\n'
            f'path_prefixes = ["/buckets/{self.bucket}/tracks/"]\n'
        )

    @staticmethod
    def _write(file: Path, text: str) -> None:
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
