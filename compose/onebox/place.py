"""Where one onebox lives: each port, secret, log and folder of its data directory, the same at the next start."""

import errno
import json
import os
import random
import secrets
import socket
import threading
from pathlib import Path

from regulars.errors import ConfigurationRefused

_FIRST_PORT, _LAST_PORT = 15_000, 22_000
"""Below the ports that systems hand out for outgoing connections (from 32768 on Linux), as is + 10000."""


def free_port(companion: int = 0) -> int:
    """Return a port on 127.0.0.1 that nobody listens on; `companion` is an offset whose port must be free as well."""
    for _ in range(1000):
        port = random.randint(_FIRST_PORT, _LAST_PORT)  # noqa: S311 - spread, not secrecy
        if is_free(port) and (not companion or is_free(port + companion)) and _claim(port):
            return port
    raise OSError(f"no free port on 127.0.0.1 between {_FIRST_PORT} and {_LAST_PORT}")


def _claim(port: int) -> bool:
    """Keep this port from other processes that choose one, as long as this one lives; False when one has been faster.

    Until its server listens, nothing else shows that it is taken. The claim is UDP's port of the same number.
    """
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind(("127.0.0.1", port))
    except OSError:
        claim.close()
        return False
    claim.detach()  # the system closes it with the process
    return True


def _port_beside(pinned: dict[str, int], companion: int) -> int:
    """Return a free port that is not promised to another part, which may be about to listen on it."""
    while (port := free_port(companion)) in pinned.values():
        continue
    return port


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as asking:
        asking.settimeout(0.2)
        if asking.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


class Place:
    """A data directory. Ports and secrets are made at first use, kept in it, and readable by its owner only.

    Raises ConfigurationRefused where there cannot be one.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().resolve()
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self.root, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except OSError as refused:
            raise ConfigurationRefused(
                f"{self.root} cannot be a data directory ({refused.strerror}): give another one."
            ) from refused
        self._pinning = threading.Lock()

    @property
    def run_dir(self) -> Path:
        """The folder of the launcher's lock and process records."""
        return self.folder("run")

    def folder(self, name: str) -> Path:
        """Return a folder of that name, made if need be, closed to other users: faces and secrets lie in them."""
        folder = self.root / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def log(self, name: str) -> Path:
        """Return the log file of a part."""
        return self.folder("logs") / f"{name}.log"

    def port(self, name: str, companion: int = 0) -> int:
        """Return the port pinned under this name: that of the last start, or another one if it is taken now.

        Call it only while the part is down. `companion` is an offset whose port the part takes too.
        """
        with self._pinning:  # servers start beside each other
            pinned = self._pinned()
            port = pinned.get(name)
            if port is None or not is_free(port) or (companion and not is_free(port + companion)):
                port = _port_beside(pinned, companion)
                file = self.root / "ports.json"
                partial = file.with_suffix(".partial")
                partial.write_text(json.dumps({**pinned, name: port}, indent=1), encoding="utf-8")
                partial.replace(file)
            return port

    def pinned_port(self, name: str) -> int | None:
        """Return the port pinned under this name, whether or not its server runs; None when there is none yet."""
        return self._pinned().get(name)

    def _pinned(self) -> dict[str, int]:
        file = self.root / "ports.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def secret_file(self, name: str) -> Path:
        """Return the file of a secret, made at first use: 43 letters, digits, '-' and '_' (256 bits)."""
        folder = self.folder("secrets")
        file = folder / name
        if not file.exists():
            partial = folder / f"{name}.partial"
            partial.unlink(missing_ok=True)
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as writing:
                writing.write(secrets.token_urlsafe(32))
            partial.replace(file)
        return file

    def secret(self, name: str) -> str:
        """Return the secret of that name."""
        return self.secret_file(name).read_text(encoding="ascii")
