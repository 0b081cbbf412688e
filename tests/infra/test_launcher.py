"""./run and .ci/run: what a newcomer's shell does with them."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELLS = [shell for shell in ("sh", "dash", "bash", "zsh", "ksh") if shutil.which(shell)]
NEEDED = ("sh", "dirname", "uname", "cat", "rm")


def run(*arguments: str, path: str | None = None, shell: str = "sh") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path or os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    command = [shutil.which(shell) or shell, str(ROOT / "run"), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, check=False, stdin=subprocess.DEVNULL
    )


def program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A PATH with a shell's own tools, without Python and Node."""
    for name in NEEDED:
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    return tmp_path


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_reads_it(shell: str) -> None:
    answer = run("help", shell=shell)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "./run demo" in answer.stdout


def test_shellcheck_finds_nothing() -> None:
    checker = Path(sysconfig.get_path("scripts")) / "shellcheck"
    if not checker.exists():
        pytest.skip("no wheel of shellcheck for this machine")
    done = subprocess.run([checker, ROOT / "run", ROOT / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_are_executable() -> None:
    assert os.access(ROOT / "run", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_help_lists_exactly_the_commands_that_there_are() -> None:
    script = (ROOT / "run").read_text()
    cases = script[script.index("case $command in") :]
    there_are = {
        name
        for label in re.findall(r"^([a-z][a-z |]*)\)", cases, re.MULTILINE)
        for name in label.replace(" ", "").split("|")
    }
    listed = set(re.findall(r"^\./run ([a-z]+)", run("help").stdout, re.MULTILINE))
    assert listed == there_are - {"help"}


def test_an_unknown_command_is_refused_with_the_list() -> None:
    answer = run("dance")
    assert answer.returncode == 1
    assert "there is no command 'dance'" in answer.stderr
    assert "./run demo" in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("demo", "--help"), 0, "--no-camera"),
        (("demo", "--no-kamera"), 2, "unrecognized arguments: --no-kamera"),
        (("demo", "--port", "x"), 2, "a port is a number"),
        (("demo", "--camera", "file:nowhere.mp4"), 2, "There is no file"),
        (("count", "--help"), 0, "--gap MINUTES"),
        (("count",), 2, "required: CLIP"),
        (("count", "nowhere.mp4"), 2, "There is no file"),
        (("count", "caf\udce9.mp4"), 2, "is no UTF-8 text: rename it first"),
    ],
)
def test_a_fresh_clone_answers_help_and_wrong_options_before_it_installs(
    tmp_path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    for name in ("compose", "regulars"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "run", tmp_path / "run")
    command = [str(tmp_path / "run"), *words]
    # -S: as where no package is installed.
    program(tmp_path, "bare-python", f'exec "{sys.executable}" -S "$@"')
    (tmp_path / "caf\udce9.mp4").touch()
    environment = os.environ | {"REGULARS_PYTHON": str(tmp_path / "bare-python")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)
    assert (done.returncode, told in done.stdout + done.stderr) == (code, True), done.stderr
    assert not (tmp_path / ".regulars").exists()


def test_it_runs_its_own_checkout_from_within_another(tmp_path: Path) -> None:
    other = tmp_path / "compose" / "onebox"
    other.mkdir(parents=True)
    for file in (other.parent / "__init__.py", other / "__init__.py"):
        file.touch()
    (other / "count_options.py").write_text("raise SystemExit('the other checkout')")
    command = [str(ROOT / "run"), "count", "--help"]
    environment = os.environ | {"REGULARS_PYTHON": sys.executable}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)
    assert "--gap MINUTES" in done.stdout, done.stderr


def test_without_python_it_says_what_to_install(bare: Path) -> None:
    answer = run("demo", path=str(bare))
    assert answer.returncode == 1
    assert "Python 3.11 or newer is needed" in answer.stderr


def test_an_old_python_counts_as_none(bare: Path) -> None:
    program(bare, "python3", "exit 1")
    answer = run("demo", path=str(bare))
    assert answer.returncode == 1
    assert "Python 3.11 or newer is needed" in answer.stderr


def test_python_without_venv_names_the_package(bare: Path) -> None:
    program(bare, "python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    answer = run("demo", path=str(bare))
    assert answer.returncode == 1
    assert "python3-venv" in answer.stderr


def test_without_node_it_says_what_to_install(bare: Path) -> None:
    program(bare, "python3", "exit 0")
    answer = run("demo", path=str(bare))
    assert answer.returncode == 1
    assert "Node 20 or newer is needed and was not found" in answer.stderr


def test_an_old_node_is_named(bare: Path) -> None:
    program(bare, "python3", "exit 0")
    program(bare, "node", '[ "$1" = --version ] && echo v18.19.0 && exit 0; exit 1')
    answer = run("demo", path=str(bare))
    assert answer.returncode == 1
    assert "Node 20 or newer is needed; this is v18.19.0" in answer.stderr


def test_clean_says_what_it_removed_and_takes_nothing_from_a_demo_that_runs(tmp_path: Path) -> None:
    script, made = shutil.copy(ROOT / "run", tmp_path / "run"), tmp_path / ".regulars"
    lock = made / "data" / "run" / "lock"
    lock.parent.mkdir(parents=True)

    def clean() -> subprocess.CompletedProcess[str]:
        return subprocess.run([script, "clean"], capture_output=True, text=True, check=False)

    with subprocess.Popen([sys.executable, "-c", "input()", "compose.onebox.demo"], stdin=subprocess.PIPE) as demo:
        lock.write_text(str(demo.pid))
        refused = clean()
        demo.communicate()
    assert refused.returncode == 1
    assert f"the demo is running (process {demo.pid}), so nothing was removed" in refused.stderr
    assert lock.exists()
    assert f"Removed {made}" in clean().stdout
    assert not made.exists()
