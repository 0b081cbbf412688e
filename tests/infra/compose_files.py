"""Reads a compose file as compose does: variables filled from an environment, anchors and merges resolved."""

import re
from pathlib import Path
from typing import Any

import yaml
from compose_spec import PyCompose

from tests.conftest import CHECKOUT

COMPOSE = CHECKOUT / "compose"
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def filled(text: str, environment: dict[str, str]) -> str:
    """Return the text with its variables filled. Raises KeyError for one that must be set and is not."""

    def value(found: re.Match[str]) -> str:
        set_to = environment.get(found["name"], "")
        if found["kind"] == "-":
            return set_to or found["rest"]
        if not set_to:
            raise KeyError(found["name"])
        return set_to

    return _VARIABLE.sub(value, text)


def read_compose(path: Path, environment: dict[str, str]) -> dict[str, Any]:
    """Return the file's content. Raises ValueError when it is not what the Compose Specification says."""
    text = filled(path.read_text(), environment)
    content: dict[str, Any] = yaml.safe_load(text)
    plain = {key: value for key, value in content.items() if not key.startswith("x-")}
    PyCompose.from_yaml(yaml.safe_dump(plain))
    return content


def example_environment(path: Path) -> dict[str, str]:
    """Return what an `.env` file sets when nothing in it is changed."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def variables(path: Path) -> set[str]:
    """Return the names of all variables in a compose file."""
    return {found["name"] for found in _VARIABLE.finditer(path.read_text())}
