"""Before everything else: `./run` calls this with any Python >= 3.11 to make the environments and models it needs.

Standard library only. Every part is made once: a stamp holds the digest of what it was made from. A file lock per part
(released even after kill -9) keeps two starts apart; what was interrupted is made again, from pip's and npm's caches.
"""

import fcntl
import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".regulars"
REPORT_EVERY_S, STARTED = 5.0, time.monotonic()


class PreparationFailed(Exception):
    """A part could not be made; the message says which, why and what to do."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment under `.regulars/`, installed from one lock in `requirements/`."""

    folder: str
    lock: str
    title: str
    covers: tuple[str, ...] = ()  # locks that are subsets of this one: made at the same time

    @property
    def path(self) -> Path:
        """Where it lies."""
        return HOME / self.folder

    @property
    def half_made(self) -> Path:
        """Is there from before the first package changes until all are in."""
        return self.path / ".half-made"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / "bin" / "python"


ENVIRONMENTS = {
    "onebox": Environment("venv", "onebox.txt", "Python packages"),
    "eval": Environment("venv", "eval.txt", "Python packages of the evaluation", covers=("onebox.txt",)),
    "dev": Environment("venv", "dev.txt", "Python packages for development", covers=("onebox.txt", "eval.txt")),
    "bench": Environment("venv-bench", "bench.txt", "Packages of the benchmarks"),
    "flows": Environment("venv-flows", "flows.txt", "Python packages of the flows"),
    "scan": Environment("venv-scan", "scan.txt", "checkov"),
    "audit": Environment("venv-audit", "audit.txt", "bandit and pip-audit"),
}


def say(text: str) -> None:
    """Tell the person at the terminal; stdout stays free for `--json`."""
    print(f"[{time.monotonic() - STARTED:4.0f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def only_one(part: str) -> Generator[int]:
    """Hold the part's lock; yields its file descriptor, which a child must inherit so that it outlives us locked."""
    HOME.mkdir(exist_ok=True)
    descriptor = os.open(HOME / f"{part}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another start is preparing {part}: waiting for it")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def digest(lock: str) -> str:
    """What a stamp must say: the lock's text, where the project lies and which Python made the environment."""
    text, at = (ROOT / "requirements" / lock).read_bytes(), f"{ROOT} {platform.python_version()} {platform.machine()}"
    return hashlib.sha256(text + at.encode()).hexdigest()


def is_ready(environment: Environment) -> bool:
    """Whether the environment was completely made from the present lock."""
    stamp = environment.path / f".made-from-{environment.lock}"
    try:
        made = stamp.read_text() == digest(environment.lock)
        return made and environment.python.exists() and not environment.half_made.exists()
    except OSError:
        return False


def prepare_environment(name: str) -> None:
    """Make the environment unless it is ready. Raises PreparationFailed."""
    environment = ENVIRONMENTS[name]
    if is_ready(environment):
        return
    with only_one(environment.folder) as descriptor:
        if is_ready(environment):
            return
        if environment.half_made.exists() or not _runs(environment.python):
            shutil.rmtree(environment.path, ignore_errors=True)
            say(f"{environment.title}: making {environment.path.relative_to(ROOT)}")
            make = [sys.executable, "-m", "venv", str(environment.path)]
            _run_quietly(make, f"{environment.title}: venv", descriptor)
        environment.half_made.touch()
        _install(environment, descriptor)
        _make_project_importable(environment)
        for lock in (environment.lock, *environment.covers):
            (environment.path / f".made-from-{lock}").write_text(digest(lock))
        environment.half_made.unlink()
        say(f"{environment.title}: ready")


def _runs(python: Path) -> bool:
    """Whether the interpreter is there and of the version that prepares now (a system upgrade takes it away)."""
    question = [str(python), "-c", "import platform; print(platform.python_version())"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == platform.python_version()


def _install(environment: Environment, descriptor: int) -> None:
    lock = ROOT / "requirements" / environment.lock
    wanted = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    # Byte code is written when a module is first imported: compiling all of it here takes a third of the whole time.
    command = [str(environment.python), "-m", "pip", "install", "--no-deps", "--no-compile", "--require-hashes"]
    command += ["--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    log = HOME / f"{environment.folder}-install.log"
    _run_with_progress([*command, "-r", str(lock)], environment.title, wanted, log, descriptor)


def _run_with_progress(command: list[str], title: str, wanted: int, log: Path, descriptor: int) -> None:
    """Run pip, writing its words to `log` and a line every few seconds to the terminal."""
    seen: list[str] = []
    with log.open("w") as written:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
            pass_fds=(descriptor,), env={**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip

        def read() -> None:
            for line in process.stdout or ():
                written.write(line)
                seen.append(line)

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            while reader.is_alive():
                reader.join(REPORT_EVERY_S)
                if reader.is_alive():
                    say(f"{title}: {_progress(seen, wanted)}")
        except BaseException:
            process.terminate()
            process.wait()
            raise
        status = process.wait()
    if status:
        tail = "".join(line for line in seen[-200:] if "rror" in line)[-2000:] or "".join(seen[-15:])
        raise PreparationFailed(
            f"{title}: pip failed ({status}).\n{tail}\nAll of it is in {log}. Start again to go on."
        )


def _progress(seen: list[str], wanted: int) -> str:
    if any(line.startswith("Installing collected") for line in seen):
        return f"unpacking {wanted} packages"
    fetched = sum(1 for line in seen if line.startswith(("Collecting", "Requirement already")))
    return f"fetched {max(0, fetched - 1)} of {wanted}"


def _run_quietly(command: list[str], title: str, descriptor: int) -> None:
    nothing = subprocess.DEVNULL
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=nothing, pass_fds=(descriptor,))
    if done.returncode:
        raise PreparationFailed(f"{title} failed ({done.returncode}).\n{done.stdout}{done.stderr}")


def _make_project_importable(environment: Environment) -> None:
    """A path file instead of an editable install: `python -m` works from anywhere, with no build and no network."""
    packages = next((environment.path / "lib").glob("python3*/site-packages"))
    (packages / "regulars_checkout.pth").write_text(f"{ROOT}\n")


def prepare_models() -> None:
    """Fetch what is missing of the model files and sample pictures. Raises PreparationFailed."""
    script, python = Path(__file__).with_name("fetch_models.py"), ENVIRONMENTS["onebox"].python
    command = [sys.executable, str(script), str(python)]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode:
        raise PreparationFailed("models: see above. What was fetched is kept; start again to go on.")


def refuse_unsupported_machine() -> None:
    """Say at once what would otherwise be found out after minutes of downloading. Raises PreparationFailed."""
    if sys.platform == "darwin" and platform.machine() != "arm64":
        raise PreparationFailed(
            "This is a Mac with an Intel processor (or a Python built for one): the embedded S3 store exists for\n"
            "Apple silicon only. Use an arm64 Python, or Linux."
        )


def main(parts: list[str]) -> int:
    """Prepare the named parts in order (`models`, `portal` or a name in ENVIRONMENTS); the exit code."""
    # Asked to stop, leave through every `except`, so that pip ends with us instead of going on alone.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    portal = None
    try:
        refuse_unsupported_machine()
        if "portal" in parts:  # beside everything else
            script = [sys.executable, str(Path(__file__).with_name("build_portal.py"))]
            portal = subprocess.Popen(script, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        for part in parts:
            if part == "models":
                prepare_models()
            elif part in ENVIRONMENTS:
                prepare_environment(part)
            elif part != "portal":
                raise PreparationFailed(f"there is no part '{part}': models, portal, {', '.join(ENVIRONMENTS)}")
        if portal and portal.wait():
            raise PreparationFailed("portal: see above. Start again to go on.")
    except (PreparationFailed, OSError) as failure:  # a full disk, a checkout that belongs to somebody else
        print(f"run: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nrun: stopped. Starting again goes on from here.", file=sys.stderr)
        return 130
    finally:
        if portal and portal.poll() is None:
            portal.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
