"""What is in the repository: readable files with telling names, and nothing of the machine that it was written on."""

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES, MAX_FUNCTION_LINES, MAX_KB = 250, 40, 600
VAGUE = re.compile(r"(^|[/_])(utils?|helpers?|common|managers?|base|services?|misc)(_|\.|/|$)")
# Written so that this file does not contain what it looks for.
REGISTRIES = re.compile(r"py[p]i\.org|python[h]osted|npm[j]s\.org|yarn[p]kg|/[s]imple/")


@cache
def tracked() -> list[Path]:
    listed = subprocess.run(
        [shutil.which("git") or "git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@cache
def texts() -> list[tuple[str, str]]:
    return [(str(path.relative_to(ROOT)), path.read_text(errors="replace")) for path in tracked()]


def test_no_binaries_and_nothing_large() -> None:
    strange = [str(path) for path in tracked() if b"\0" in path.read_bytes() or path.stat().st_size > MAX_KB * 1024]
    assert not strange


def test_no_path_of_this_machine() -> None:
    places = [
        f"{place}/"
        for place in {str(ROOT), str(ROOT.parent), str(Path.home())}
        if place.count("/") > 0 and len(place) > 4
    ]
    assert not [name for name, text in texts() if any(place in text for place in places)]


def test_no_registry_is_named() -> None:
    assert not [name for name, text in texts() if REGISTRIES.search(text)]


def test_names_tell_what_is_inside() -> None:
    assert not [str(path.relative_to(ROOT)) for path in tracked() if VAGUE.search(str(path.relative_to(ROOT)))]


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"TO[D]O|FIX[M]E|X[X]X|NotImplemented[E]rror")
    assert not [name for name, text in texts() if name.endswith((".py", ".ts", ".tsx")) and left.search(text)]


def test_files_and_functions_are_readable_at_a_sitting() -> None:
    long: list[str] = []
    for name, text in texts():
        if not name.endswith(".py"):
            continue
        if (lines := text.count("\n")) > MAX_LINES:
            long.append(f"{name}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES and "migrations/versions" not in name:
                    long.append(f"{name}: {node.name} has {length} lines")
    assert not long
