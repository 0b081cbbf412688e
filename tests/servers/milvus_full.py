"""The full Milvus 2.3 of a package, in tests on Linux x86-64: what the index must also run on.

It listens on all interfaces and writes to /run/milvus, whatever it is told. So it runs in namespaces with nothing but
loopback and with a /run of its own, where this module (`python -m tests.servers.milvus_full DATA SOCKET`)
passes a Unix socket on to it; a Unix socket is a file and crosses network namespaces.
"""

import asyncio
import fcntl
import os
import platform
import shutil
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from compose.onebox.place import Place
from compose.onebox.processes import Launch, Supervisor, child_environment
from compose.onebox.servers.readiness import wait_until_ready
from regulars.errors import RegularsError

_PORT = 19530
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1


class MilvusFullServer:
    """One standalone Milvus; `url` is a vectors URL (`unix:…`). Ask `missing_here` before starting it."""

    name = "milvus-full"

    def __init__(self, place: Place, supervisor: Supervisor) -> None:
        self._place = place
        self._supervisor = supervisor
        # A socket's path may have 107 bytes at most, and a test's data directory is deep.
        self._socket = Path(tempfile.mkdtemp(prefix="milvus-")) / "s"

    @property
    def url(self) -> str:
        """The vectors URL."""
        return f"unix:{self._socket}"

    @staticmethod
    def missing_here() -> str | None:
        """Return why it cannot run on this machine, None when it can."""
        if sys.platform != "linux" or platform.machine() != "x86_64":
            return "the full Milvus package is for Linux on x86-64 only"
        if find_spec("milvus") is None:
            return "the package milvus==2.3.5 is not installed"
        made = subprocess.run([*_namespace(), "true"], capture_output=True, text=True, timeout=60, check=False)
        return f"no network namespace can be made here ({made.stderr.strip()})" if made.returncode else None

    def start(self) -> None:
        """Start, and return when it answers: the first start unpacks the server."""
        checkout = Path(__file__).resolve().parents[2]
        data = self._place.folder("milvus-full")
        log = self._place.log(self.name)
        self._supervisor.start(
            Launch(
                self.name,
                (
                    *_namespace(),
                    sys.executable,
                    "-m",
                    "tests.servers.milvus_full",
                    str(data),
                    str(self._socket),
                ),
                cwd=checkout,
                log=log,
                env=child_environment(HOME=str(data)),
                stop_within_s=2.0,
            )
        )
        wait_until_ready(self._supervisor, self.name, log, self._ask, within_s=120.0)

    def stop(self) -> None:
        """Stop it."""
        self._supervisor.stop(self.name)
        shutil.rmtree(self._socket.parent, ignore_errors=True)

    def _ask(self) -> str | None:
        from regulars.adapters.vectors_milvus import MilvusVectorIndex

        if not self._socket.exists():
            return "it does not listen yet"
        try:
            MilvusVectorIndex(self.url).check()
        except RegularsError as error:
            return str(error)
        return None


def _namespace() -> tuple[str, ...]:
    unshare = shutil.which("unshare") or "unshare"
    apart = (unshare, "--net", "--mount")
    return apart if os.geteuid() == 0 else (*apart, "--map-root-user")


def _raise_loopback() -> None:
    """Bring up `lo`, which a new namespace has but leaves down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | _IFF_UP))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while block := await reader.read(65_536):
            writer.write(block)
            await writer.drain()
    writer.close()


async def _connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        back_reader, back_writer = await asyncio.open_connection("127.0.0.1", _PORT)
    except OSError:
        writer.close()
        return
    await asyncio.gather(_pass_on(reader, back_writer), _pass_on(back_reader, writer))


async def _relay(data: Path, path: Path) -> None:
    command = str(Path(sysconfig.get_path("scripts")) / "milvus-server")
    milvus = await asyncio.create_subprocess_exec(command, "--debug", "--data", str(data), "--proxy-port", str(_PORT))
    server = await asyncio.start_unix_server(_connect, path)
    async with server:
        code = await milvus.wait()
    sys.exit(f"milvus-server ended with {code}")


if __name__ == "__main__":
    _raise_loopback()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True, timeout=60)  # noqa: S607 - where mount lies differs
    Path(sys.argv[2]).unlink(missing_ok=True)
    asyncio.run(_relay(Path(sys.argv[1]), Path(sys.argv[2])))
