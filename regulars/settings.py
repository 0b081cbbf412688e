"""The one settings class: read by entry points, wiring and migrations, never by the code they call.

Every setting is an environment variable `REGULARS_<NAME>`, or a file `regulars_<name>` in /run/secrets. An empty
environment runs embedded: what is not set is then read from `onebox.json` in the data folder, which the onebox
writes when it starts. Production mode (`REGULARS_MODE=production`) refuses embedded parts and default secrets.
"""

import json
import os
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from regulars.errors import ConfigurationRefused

EMBEDDED = "embedded:"
DEFAULT_SECRET = "not-a-secret"  # noqa: S105 - the very value that is refused
SECRETS_FOLDER = Path("/run/secrets")
CHECKOUT = Path(__file__).resolve().parent.parent
AbsolutePath = Annotated[Path, AfterValidator(Path.absolute)]


def _networks(told: str) -> str:
    """Return what names addresses and networks only: with `*` everybody could say from which address they come."""
    for one in filter(None, map(str.strip, told.split(","))):
        ip_network(one, strict=False)
    return told


def _url(told: str) -> str:
    """Return what splits into host and port; the words repeat none of it, as a part may be of a secret."""
    try:
        _ = urlsplit(told).port
    except ValueError:
        raise ValueError("not a URL: its port is a number to 65535, and / in a password is written %2F") from None
    return told


Networks = Annotated[str, AfterValidator(_networks)]
Url = Annotated[str, AfterValidator(_url)]

MIGRATE_NEEDS = ("database_url", "database_owner_url", "sealing_keys")
GATEWAY_NEEDS = ("database_url", "objects_url", "secret_key", "sealing_keys", "recognize_url", "events_token")
INDEX_NEEDS = ("vectors_url", "rotation_secret")
RECOGNIZE_NEEDS = ("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS, "events_token")
WORKER_NEEDS = ("gateway_url", "worker_key")
BACKUP_NEEDS = (
    *("database_url", "database_owner_url", "sealing_keys", "objects_url"),
    *("backup_dir", "backup_keys_dir"),
)
FLOWS_NEEDS = ("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS, "recognize_url", "events_token")


class Settings(BaseSettings):
    """All settings with their embedded defaults; which of them a runtime needs, its `…_NEEDS` says."""

    model_config = SettingsConfigDict(
        env_prefix="REGULARS_", extra="ignore", secrets_dir=SECRETS_FOLDER if SECRETS_FOLDER.is_dir() else None
    )

    mode: Literal["embedded", "production"] = "embedded"
    data_dir: AbsolutePath = CHECKOUT / ".regulars" / "data"
    models_dir: AbsolutePath = CHECKOUT / ".regulars" / "models"
    portal_dir: AbsolutePath | None = Field(default=None, description="The built portal, where no nginx serves it.")

    database_url: str = Field(default=EMBEDDED, description="PostgreSQL as the application's role.")
    database_owner_url: str = Field(default=EMBEDDED, description="PostgreSQL as the schema's owner; migrations only.")
    objects_url: Url = Field(default=EMBEDDED, description="s3://key:secret@host:port/bucket?secure=true&region=…")
    objects_public_url: Url = Field(default="", description="Where browsers and workers reach the store, if elsewhere.")
    vectors_url: Url = Field(default=EMBEDDED, description="Milvus, http://user:password@host:19530.")

    rotation_secret: str = Field(
        default=DEFAULT_SECRET, description="Turns the vectors that the index holds; changed: run reindex."
    )

    secret_key: str = Field(default=DEFAULT_SECRET, description="Signs logins.")
    sealing_keys: str = Field(default=DEFAULT_SECRET, description="Keys of stored secrets and of faces, newest first.")
    events_token: str = Field(default=DEFAULT_SECRET, description="Bearer token of all who call recognize.")

    public_url: str = Field(default="", description="Where people find the portal, https://…; for mailed links.")
    operator_email: str = Field(default="operator@example.com", description="The platform's first account.")
    trusted_proxies: Networks = Field(
        default="127.0.0.1",
        description="Addresses and networks, by comma, of the proxies before the gateway: whose X-Forwarded-For and"
        " X-Forwarded-Proto are believed.",
    )
    edge_token: str = Field(default="", description="What the CDN before Lambda says of itself; empty: there is none.")
    smtp_url: Url = Field(default="", description="smtps://user:password@host; empty: links are handed over by hand.")
    mail_from: str = Field(default="", description="The address that mail comes from.")
    oidc_issuer: Url = Field(default="", description="https://…: people may log in there; empty: by password only.")
    oidc_client_id: str = ""
    oidc_client_secret: str = ""

    pack: str = Field(default="default", description="Model pack: a name, or the path of a pack file.")
    inference_engine: Literal["auto", "onnxruntime", "openvino", "cuda"] = "auto"
    inference_threads: int = Field(default=1, ge=1, le=256)
    wanted_fpir: float = Field(default=0.005, gt=0, lt=1)
    held_galleries_mb: int = Field(
        default=1300, ge=0, le=100_000, description="Memory of recognize for galleries; 0: Milvus searches all."
    )
    held_reports_mb: int = Field(
        default=256, ge=0, le=100_000, description="Memory of the gateway for rolled-up days that reports have read."
    )
    postgres_programs_dir: AbsolutePath | None = Field(
        default=None, description="Folder of pg_dump and pg_restore, where they are not on PATH."
    )
    backup_dir: str = Field(default=EMBEDDED, description="Folder that backups are written to.")
    backup_keys_dir: str = Field(
        default=EMBEDDED, description="Folder of the data keys' only copy, apart from all backups."
    )
    backup_days: int = Field(default=30, ge=1, le=400, description="How long a backup is kept.")
    retention_days: int = Field(default=30, ge=1, le=30)
    link_expires_s: int = Field(default=300, ge=30, le=3600)

    webhooks_by: Literal["gateway", "flow"] = Field(default="gateway", description="Who delivers: flow on Lambda.")

    shared_workers_open_local: bool = Field(
        default=False, description="In production: platform workers open local addresses, files and webcams of chains."
    )

    metrics_token: str = Field(default="", description="Bearer token of Prometheus; empty: there is no /metrics.")
    figures_listen: str = Field(default="", description="host:port of a worker's, the flows' health and /metrics.")

    gateway_url: Url = Field(default=EMBEDDED, description="Where a worker finds the gateway.")
    recognize_url: Url = Field(default=EMBEDDED, description="Where the gateway and flows find the recognize function.")
    worker_key: str = Field(default=DEFAULT_SECRET, description="The worker's API key.")
    worker_id: str = Field(default="", description="Name of this worker; empty: host name and spool folder.")
    worker_capacity: int = Field(default=4, ge=0, le=1000, description="How many cameras this worker may hold.")
    heartbeat_every_s: float = Field(default=5.0, ge=0.1, le=10, description="How often a worker reports.")
    spool_dir: AbsolutePath = CHECKOUT / ".regulars" / "spool"
    spool_max_bytes: int = Field(default=2_000_000_000, ge=1_000_000)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings hands it over by name
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before secret files before what the onebox says of itself."""
        given: dict[str, object] = getattr(init_settings, "init_kwargs", {})
        return init_settings, env_settings, file_secret_settings, InitSettingsSource(settings_cls, _told(given))


def onebox_file(data_dir: Path) -> Path:
    """Return the file in which an onebox says where its parts are: a JSON object of environment variables."""
    return data_dir / "onebox.json"


def load_settings(needs: tuple[str, ...], **given: object) -> Settings:
    """Read the settings; `given` overrides the environment.

    Raises ConfigurationRefused with a sentence per setting at fault: values that do not parse, and, of the `needs`,
    those that production mode refuses or that nothing has set in embedded mode.
    """
    try:
        settings = Settings(**given)  # pyright: ignore[reportArgumentType] - pydantic validates them
    except ValidationError as failure:
        wrong = [f"REGULARS_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in failure.errors()]
        raise ConfigurationRefused(f"Settings that cannot be used: {'; '.join(wrong)}.") from failure
    unset = [name for name in needs if getattr(settings, name) in (EMBEDDED, DEFAULT_SECRET)]
    if unset and settings.mode == "production":
        named = [
            f"REGULARS_{name.upper()} ({'embedded part' if getattr(settings, name) == EMBEDDED else 'default secret'})"
            for name in unset
        ]
        raise ConfigurationRefused(f"Production mode refuses {', '.join(named)}; set each to your own.")
    if unset:
        names = ", ".join(f"REGULARS_{name.upper()}" for name in unset)
        raise ConfigurationRefused(f"No onebox has run in {settings.data_dir}: start ./run demo, or set {names}.")
    return settings


def _told(given: dict[str, object]) -> dict[str, str]:
    if (given.get("mode") or os.environ.get("REGULARS_MODE")) == "production":
        return {}
    folder = given.get("data_dir") or os.environ.get("REGULARS_DATA_DIR") or Settings.model_fields["data_dir"].default
    file = onebox_file(Path(str(folder)))
    if not file.is_file():
        return {}
    told: dict[str, str] = json.loads(file.read_text())
    return {name.removeprefix("REGULARS_").lower(): value for name, value in told.items()}
