"""Before the first `docker compose up`: write compose/secrets/, one file per secret (`python3 make_secrets.py`).

Standard library only. A file that is there is left as it is, so running it again adds only what a new version needs.
The folder is closed to other users of this host; the files in it are readable, because a container's own user, whom
this host does not know, reads them through the folder's mount.
"""

import base64
import secrets
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "secrets"
OPERATOR_FILLS = ("regulars_worker_key", "regulars_smtp_url", "regulars_oidc_client_secret")
"""Empty at first: the workers' key is made in the portal, a mail server and a login elsewhere are the operator's."""


def main(folder: Path = FOLDER) -> int:
    """Write what is missing and say what was written; the exit code."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    for name, content in _contents(_Kept(folder)).items():
        if not (folder / name).exists():
            _write(folder / name, content)
            print(f"made {folder.name}/{name}")
    for name in OPERATOR_FILLS:
        if not (folder / name).read_text().strip():
            print(f"{folder.name}/{name} is empty: fill it in when you have it")
    return 0


class _Kept:
    """Passwords that several files repeat: each lies in a file of its own too, from which a second run takes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def password(self, name: str) -> str:
        """Return the password in this file, made where there is none."""
        file = self._folder / name
        if not file.exists():
            _write(file, secrets.token_urlsafe(24))
        return file.read_text().strip()


def _write(file: Path, content: str) -> None:
    """Write it in one step: half a file, left by a full disk, would be taken for the secret at the next run."""
    partial = file.with_name(f".{file.name}.partial")
    partial.unlink(missing_ok=True)
    partial.write_text(content)
    partial.chmod(0o444)
    partial.replace(file)


def _contents(kept: _Kept) -> dict[str, str]:
    owner, application = kept.password("postgres_password"), kept.password("application_password")
    root, objects = kept.password("minio_root_password"), kept.password("minio_app_secret")
    vectors, events = kept.password("milvus_password"), kept.password("regulars_events_token")
    return {
        "minio_env": (
            f"MINIO_ROOT_USER=regulars-root\nMINIO_ROOT_PASSWORD={root}\n"
            f"MINIO_NOTIFY_WEBHOOK_AUTH_TOKEN_RECOGNIZE={events}\n"
        ),
        "milvus_user_yaml": (
            f"common:\n  security:\n    authorizationEnabled: true\n    defaultRootPassword: {vectors}\n"
        ),
        "grafana_password": secrets.token_urlsafe(24),
        "regulars_database_url": f"postgresql://regulars_app:{application}@postgres:5432/regulars",
        "regulars_database_owner_url": f"postgresql://regulars:{owner}@postgres:5432/regulars",
        "regulars_objects_url": f"s3://regulars-app:{objects}@minio:9000/faces?secure=false",
        "regulars_vectors_url": f"http://root:{vectors}@milvus:19530",
        "regulars_rotation_secret": secrets.token_urlsafe(48),
        "regulars_secret_key": secrets.token_urlsafe(48),
        "regulars_sealing_keys": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "regulars_metrics_token": secrets.token_urlsafe(32),
        **dict.fromkeys(OPERATOR_FILLS, ""),
    }


if __name__ == "__main__":
    sys.exit(main())
