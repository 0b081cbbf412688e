"""Setting up: done once, gone on with after an interruption, safe with two starts at once. Only pip is a fake."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S, wait_for

SCRIPT = Path(__file__).resolve().parents[2] / "compose" / "onebox" / "prepare.py"

# Stands where the environment's pip would be: notes each call, and works until the file `slow` is gone.
FAKE_PIP = """
import pathlib, sys, time
home = pathlib.Path({home!r})
print("Collecting one", flush=True)  # before it is noted: who waits for the note may kill whoever reads this
with (home / "pip-calls").open("a") as calls:
    calls.write("began\\n")
while (home / "slow").exists():
    time.sleep(0.02)
if (home / "fails").exists():
    sys.exit("ERROR: the mirror is away")
with (home / "pip-calls").open("a") as calls:
    calls.write("ended\\n")
"""

# Keeps the real pip out of new environments, where it would take seconds to unpack.
WITHOUT_PIP = """
import venv
venv.EnvBuilder._setup_pip = lambda self, context: None
"""


class Checkout:
    """A copy of prepare.py in a checkout of its own, whose environments get the fake pip."""

    def __init__(self, root: Path) -> None:
        self.root = root
        script = root / "compose" / "onebox" / "prepare.py"
        script.parent.mkdir(parents=True)
        script.write_text(SCRIPT.read_text())
        (root / "requirements").mkdir()
        self.write_lock("one==1.0")
        self._script = script
        self._fake = root / "fake"
        (self._fake / "pip").mkdir(parents=True)
        (self._fake / "pip" / "__init__.py").touch()
        (self._fake / "pip" / "__main__.py").write_text(FAKE_PIP.format(home=str(root)))
        (self._fake / "sitecustomize.py").write_text(WITHOUT_PIP)

    def write_lock(self, text: str) -> None:
        (self.root / "requirements" / "onebox.txt").write_text(f"{text} \\\n    --hash=sha256:00\n")

    def begin(self) -> subprocess.Popen[str]:
        """Start it; it stops with us if a test fails. It hears Ctrl-C even where we, started with nohup, do not."""
        environment = {**os.environ, "PYTHONPATH": str(self._fake)}
        command = [sys.executable, str(self._script), "onebox"]
        ours = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        finally:
            signal.signal(signal.SIGINT, ours)

    def prepare(self) -> tuple[int, str]:
        process = self.begin()
        _, said = process.communicate(timeout=PATIENCE_S)
        return process.returncode, said

    def calls(self) -> list[str]:
        noted = self.root / "pip-calls"
        return noted.read_text().split() if noted.exists() else []

    def wait_for_calls(self, number: int) -> None:
        wait_for(lambda: len(self.calls()) >= number, "pip was started")


@pytest.fixture(scope="module")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing in it."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


@pytest.fixture
def checkout(tmp_path: Path, empty_environment: Path) -> Checkout:
    shutil.copytree(empty_environment, tmp_path / ".regulars" / "venv", symlinks=True)
    return Checkout(tmp_path)


def test_made_once_and_importable_from_anywhere(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    assert checkout.prepare()[0] == 0
    assert checkout.prepare() == (0, "")
    assert checkout.calls() == ["began", "ended"]
    question = "import compose.onebox, sys; print(compose.onebox.__path__[0])"
    python = checkout.root / ".regulars" / "venv" / "bin" / "python"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=True, cwd="/")
    assert answer.stdout.strip() == str(checkout.root / "compose" / "onebox")


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.prepare()
    checkout.write_lock("one==1.1")
    assert checkout.prepare()[0] == 0
    assert checkout.calls() == ["began", "ended"] * 2


def test_a_failure_shows_pips_words_and_the_next_start_makes_it_anew(checkout: Checkout) -> None:
    (checkout.root / "fails").touch()
    status, said = checkout.prepare()
    assert status == 1
    assert "the mirror is away" in said
    (checkout.root / ".regulars" / "venv" / "half-written").touch()
    (checkout.root / "fails").unlink()
    assert checkout.prepare()[0] == 0
    assert not (checkout.root / ".regulars" / "venv" / "half-written").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_interrupted_and_started_again(checkout: Checkout, how: signal.Signals) -> None:
    (checkout.root / "slow").touch()
    process = checkout.begin()
    checkout.wait_for_calls(1)
    process.send_signal(how)
    if how == signal.SIGKILL:
        (checkout.root / "slow").unlink()  # pip outlives us, holds the lock and ends by itself
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode != 0
    (checkout.root / "slow").unlink(missing_ok=True)
    status, _ = checkout.prepare()
    assert status == 0
    assert checkout.calls().count("ended") == (2 if how == signal.SIGKILL else 1)


def test_interrupted_under_another_lock_it_is_not_taken_for_whole(checkout: Checkout) -> None:
    checkout.prepare()
    checkout.write_lock("one==1.1")
    (checkout.root / "slow").touch()
    process = checkout.begin()
    checkout.wait_for_calls(3)
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    (checkout.root / "slow").unlink()
    checkout.write_lock("one==1.0")
    assert checkout.prepare()[0] == 0
    assert checkout.calls() == ["began", "ended", "began", "began", "ended"]


def test_two_starts_at_once_install_once(checkout: Checkout) -> None:
    (checkout.root / "slow").touch()
    first = checkout.begin()
    checkout.wait_for_calls(1)
    second = checkout.begin()
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    (checkout.root / "slow").unlink()
    assert first.wait(timeout=PATIENCE_S) == 0
    assert second.wait(timeout=PATIENCE_S) == 0
    assert checkout.calls() == ["began", "ended"]
    first.communicate()
    second.communicate()


def test_models_are_looked_at_again_only_when_something_changed(tmp_path: Path) -> None:
    script = tmp_path / "compose" / "onebox" / "fetch_models.py"
    script.parent.mkdir(parents=True)
    script.write_text(SCRIPT.with_name("fetch_models.py").read_text())
    models, pack = tmp_path / ".regulars" / "models", tmp_path / "regulars" / "vision" / "packs" / "default.toml"
    models.mkdir(parents=True)
    pack.parent.mkdir(parents=True)
    python, fails = tmp_path / "python", tmp_path / "fails"
    python.write_text(f"#!/bin/sh\necho fetched >>{tmp_path}/calls\ntest ! -e {fails}\n")
    python.chmod(0o755)

    def fetches(*, fail: bool = False) -> int:
        """Fetch twice and return how often it was looked at what is there."""
        (tmp_path / "calls").write_text("")
        (fails.touch if fail else lambda: fails.unlink(missing_ok=True))()
        codes = [subprocess.run([sys.executable, script, python], check=False).returncode for _ in range(2)]
        assert codes == [fail, fail]
        return (tmp_path / "calls").read_text().count("fetched")

    assert fetches(fail=True) == 2
    assert fetches() == 1
    (models / "net.onnx").write_text("weights")
    assert fetches() == 1
    os.utime(models / "net.onnx", ns=(1, 1))  # replaced by one of the same size
    assert fetches() == 1
    (models / "net.onnx").unlink()
    assert fetches() == 1
    pack.write_text("another one")
    assert fetches() == 1
    assert fetches() == 0


def test_an_unknown_part_is_named(checkout: Checkout) -> None:
    done = subprocess.run([sys.executable, SCRIPT, "kitchen"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "there is no part 'kitchen'" in done.stderr
