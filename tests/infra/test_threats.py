"""The threat model: every arrow of the flow of data has its threats, and every test that is to answer one is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/threats.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
UNANSWERED = "not answered"


def rows() -> list[list[str]]:
    """Return letter, threat, answer and tests of every threat."""
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:1] == "|"]
    return [one for one in found if re.fullmatch("[STRIDE]", one[0])]


def defined(file: str) -> set[str]:
    """Return the names of a file's functions; none where there is no such file."""
    if not (ROOT / file).is_file():
        return set()
    return {one.name for one in ast.parse((ROOT / file).read_text("utf-8")).body if isinstance(one, ast.FunctionDef)}


def test_every_test_that_is_named_is_there() -> None:
    there = {file: defined(file) for file, _ in NAMED.findall(PAGE)}
    assert [f"{file}::{name}" for file, name in NAMED.findall(PAGE) if name not in there[file]] == []


def test_every_threat_is_answered_by_a_test_or_said_not_to_be() -> None:
    assert [one[1] for one in rows() if not NAMED.search(one[3]) and one[3] != UNANSWERED] == []
    assert len(rows()) > 40
    assert {one[0] for one in rows()} == set("STRIDE")


def test_every_arrow_has_threats() -> None:
    arrows = set(re.findall(r'-- +"(\d+)" -->', PAGE))
    headings = [line for line in PAGE.splitlines() if re.match(r"## \d", line)]
    assert arrows == {number for line in headings for number in re.findall(r"\d+", line)}
