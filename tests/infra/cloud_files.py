"""What iac/ says, read the way that CloudFormation would: resources, and their settings as the code gets them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "iac").glob("*.yaml"))
Resource = dict[str, Any]


class _Reader(yaml.SafeLoader):
    """Reads `!Ref X` as "<X>" and every other short form as its text."""


def _short_form(reader: _Reader, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return f"<{node.value}>" if node.tag in ("!Ref", "!GetAtt") else node.value
    if isinstance(node, yaml.SequenceNode):
        return reader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return reader.construct_mapping(node, deep=True)


_Reader.add_multi_constructor("!", _short_form)  # pyright: ignore[reportUnknownMemberType]


@cache
def template(name: str) -> dict[str, Any]:
    """Return one template."""
    return yaml.load((ROOT / "iac" / f"{name}.yaml").read_text(), _Reader)  # noqa: S506 - a SafeLoader


def properties(name: str, resource: str) -> Resource:
    """Return the properties of one resource."""
    return template(name)["Resources"][resource]["Properties"]


def secret(name: str) -> dict[str, str]:
    """Return the JSON that a secret of data.yaml holds; what it refers to has the value `generated`."""
    text = re.sub(r"\{\{.*?\}\}", "generated", properties("data", name)["SecretString"])
    return json.loads(re.sub(r"\$\{.*?\}", "host", text))
