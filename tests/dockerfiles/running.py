"""Runs what a Dockerfile built as a container would be run: read-only root, no capability, a network of its own.

Only /tmp (in memory) and the declared volumes may be written to. Linux and root are needed.
"""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.dockerfiles.building import Image
from tests.waiting import PATIENCE_S, wait_for

UNSHARE = shutil.which("unshare") or "unshare"
WRITABLE = "/tmp"  # noqa: S108 - in the container, in memory


class Network:
    """A network namespace with nothing but its own loopback; several containers may share it, as a pod's do."""

    def __init__(self) -> None:
        holding = [UNSHARE, "--net", "sh", "-ec", "ip link set lo up; echo up; exec sleep infinity"]
        self._holder = subprocess.Popen(holding, stdout=subprocess.PIPE)
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"up\n"

    def command(self) -> list[str]:
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net"]

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait()
        if self._holder.stdout:
            self._holder.stdout.close()


@dataclass
class Container:
    """A running image; what it prints is in `log`."""

    image: Image
    process: "subprocess.Popen[bytes]"
    log: Path
    environment: dict[str, str]
    hosts: Path
    """Its /etc/hosts, which may be written anew while it runs."""

    def run(self, *command: str, user: str | None = None) -> "subprocess.CompletedProcess[str]":
        """Run a command in it, as its user, as HEALTHCHECK does."""
        entered = ["nsenter", "--target", str(self._inside()), "--mount", "--pid", "--net", "--root"]
        inside = _as_user(user or self.image.user, self.image.workdir, self.environment, list(command))
        return subprocess.run([*entered, *inside], capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    def wait_until_healthy(self) -> None:
        """Ask its own health check until it says yes; AssertionError with its log when it ends or never does."""

        def healthy() -> bool:
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            return self.run(*self.image.health).returncode == 0

        wait_for(healthy, f"the container was healthy, of which {self.log} tells")

    def stop(self) -> int:
        """Send the image's stop signal to its first process, as an engine does; return the exit code."""
        if self.process.poll() is not None:
            return self.process.returncode
        os.kill(self._inside(), signal.Signals[self.image.stop_signal])
        try:
            return self.process.wait(PATIENCE_S)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it at once, as an engine does after its patience."""
        if self.process.poll() is None:
            os.kill(self._inside(), signal.SIGKILL)  # number 1 takes the whole namespace with it
            self.process.wait()

    def _inside(self) -> int:
        """Return the pid, as seen from here, of the process that is number 1 in there, once it is born."""
        pid = self.process.pid

        def born() -> list[str]:
            assert self.process.poll() is None, self.log.read_text()
            return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

        return int(wait_for(born, "a process was born in the container")[0])


@contextmanager
def running(
    image: Image,
    folder: Path,
    network: Network,
    environment: Mapping[str, str],
    mounts: Mapping[Path, str] | None = None,
) -> Generator[Container]:
    """Start an image in the empty `folder`; `mounts` are folders of this machine by their place in there."""
    lines = _mounted(image, folder, mounts or {})
    own = {**image.env, **environment}
    inside = _as_user(image.user, image.workdir, own, image.command)
    lines.append("exec " + shlex.join(["chroot", str(folder / "root"), *inside]))
    log = folder / "log"
    with ExitStack() as held:
        written = held.enter_context(log.open("wb"))
        started = [*network.command(), "unshare", "--mount", "--pid", "--fork", "sh", "-ec"]
        process = subprocess.Popen(
            [*started, "\n".join(lines)], stdin=subprocess.DEVNULL, stdout=written, stderr=subprocess.STDOUT
        )
        container = Container(image, process, log, own, folder / "hosts")
        try:
            yield container
        finally:
            container.kill()


def _mounted(image: Image, folder: Path, mounts: Mapping[Path, str]) -> list[str]:
    """Return the shell lines that lay the container's file system at `folder`/root, and make its volumes."""
    root = folder / "root"
    root.mkdir(parents=True)
    lines = [
        f"mount -t overlay overlay -o ro,lowerdir={image.lower()} {root}",
        f"mount -t proc proc {root}/proc",
        f"mount --rbind /dev {root}/dev",
        f"mount -t tmpfs tmpfs {root}{WRITABLE}",
    ]
    for number, volume in enumerate(image.volumes):
        kept = folder / f"volume-{number}"
        shutil.copytree(_in_layers(image, volume), kept)
        shutil.copystat(_in_layers(image, volume), kept)
        owner = _in_layers(image, volume).stat()
        os.chown(kept, owner.st_uid, owner.st_gid)
        lines.append(f"mount --bind {kept} {root}{volume}")
    (folder / "hosts").write_text("127.0.0.1 localhost\n")
    for place, there in {folder / "hosts": "/etc/hosts", **mounts}.items():
        lines.append(f"mount --bind {place} {root}{there}")
    return lines


def _as_user(user: str, workdir: str, environment: Mapping[str, str], command: list[str]) -> list[str]:
    uid, _, gid = user.partition(":")
    told = [f"{name}={value}" for name, value in environment.items()]
    without = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
    return ["/usr/bin/env", "-i", "-C", workdir, *told, f"/usr/bin/{without[0]}", *without[1:], *command]


def _in_layers(image: Image, place: str) -> Path:
    return next(layer / place[1:] for layer in reversed(image.layers) if (layer / place[1:]).exists())
