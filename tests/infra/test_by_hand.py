"""Without containers: the macOS script under zsh, and the systemd units of a site box."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from compose.onebox.box import BY_THE_USER
from regulars.settings import WORKER_NEEDS, Settings
from tests.conftest import require
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "compose" / "macos.zsh"
UNITS = sorted((ROOT / "compose" / "systemd").glob("*.service"))
PYTHON = "/opt/regulars/.regulars/venv/bin/python"


def zsh(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    require(None if shutil.which("zsh") else "zsh is not installed")
    environment = {**os.environ, "REGULARS_DATA_DIR": str(data)}
    return subprocess.run(
        [shutil.which("zsh") or "zsh", *words],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=PATIENCE_S,
    )


def test_zsh_reads_the_script(tmp_path: Path) -> None:
    assert os.access(SCRIPT, os.X_OK)
    done = zsh("-n", str(SCRIPT), data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_its_help_names_exactly_its_commands(tmp_path: Path) -> None:
    told = zsh(str(SCRIPT), data=tmp_path).stdout
    cases = SCRIPT.read_text().partition("case $verb in")[2]
    assert set(re.findall(r"^compose/macos\.zsh (\w+)", told, re.MULTILINE)) == (
        set(re.findall(r"^(\w+)\)", cases, re.MULTILINE)) - {"help"}
    )


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("dance",), 1, "there is no command 'dance'"),
        (("status",), 3, "nothing runs"),
        (("stop",), 0, "nothing runs"),
        (("logs", "gateway"), 1, "there is no log gateway"),
        (("start", "--fast"), 1, "start does not know '--fast'"),
        (("start", "--port"), 1, "--port needs a number"),
        (("camera", "front"), 1, "a webcam is named by its number"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: tuple[str, ...], code: int, told: str) -> None:
    done = zsh(str(SCRIPT), *words, data=tmp_path)
    assert done.returncode == code
    assert told in done.stdout + done.stderr


def test_another_process_with_the_number_in_the_lock_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "lock").write_text(str(os.getpid()))
    assert "nothing runs" in zsh(str(SCRIPT), "stop", data=tmp_path).stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_reads_the_unit(unit: Path, tmp_path: Path) -> None:
    checker = shutil.which("systemd-analyze")
    require(None if checker or sys.platform == "darwin" else "systemd-analyze is not installed")
    if checker is None:
        pytest.skip("macOS has no systemd")
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace(PYTHON, sys.executable))
    done = subprocess.run([checker, "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_module_of_ours_as_nobody_special(unit: Path) -> None:
    text = unit.read_text()
    started = re.search(rf"^ExecStart={re.escape(PYTHON)} -m ([\w.]+)", text, re.MULTILINE)
    assert started
    assert find_spec(started[1])
    for line in (
        "User=regulars",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "UMask=0077",
    ):
        assert f"\n{line}\n" in text, line


def test_the_onebox_unit_is_told_what_its_launcher_hands_on() -> None:
    text = (ROOT / "compose" / "systemd" / "onebox.env.example").read_text()
    named = {name.lower() for name in re.findall(r"REGULARS_(\w+)=", text)}
    assert named
    assert named <= set(BY_THE_USER.split()) <= set(Settings.model_fields)


def test_the_worker_unit_is_told_all_it_needs_and_nothing_unknown() -> None:
    folder = ROOT / "compose" / "systemd"
    text = (folder / "regulars-worker.service").read_text() + (folder / "worker.env.example").read_text()
    named = set(re.findall(r"REGULARS_(\w+)=", text))
    assert {name.lower() for name in named} <= set(Settings.model_fields)
    assert {name.upper() for name in WORKER_NEEDS} <= named
