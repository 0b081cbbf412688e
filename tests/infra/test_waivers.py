"""What checkov is told to pass over (`./run scan`) says why: in its configuration and beside single resources."""

import re

import yaml

from tests.infra.kubernetes_files import OVERLAYS, ROOT, rendered

A_REASON = 20
"""Characters that a sentence has at least."""


def test_each_waiver_for_all_stands_below_its_reason() -> None:
    text = (ROOT / ".checkov.yaml").read_text()
    skipped = yaml.safe_load(text)["skip-check"]
    explained = re.findall(r"^  # (.{20,})\n  - (CKV_\w+)$", text, re.MULTILINE)
    assert skipped
    assert [check for _, check in explained] == skipped


def test_each_waiver_of_one_resource_says_why() -> None:
    found = [
        value
        for overlay in OVERLAYS
        for one in rendered(overlay)
        for name, value in one["metadata"].get("annotations", {}).items()
        if name.startswith("checkov.io/skip")
    ]
    assert found
    for value in found:
        check, _, reason = value.partition("=")
        assert re.fullmatch(r"CKV_K8S_\d+", check), value
        assert len(reason) > A_REASON, value
