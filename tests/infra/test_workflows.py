"""The public repository's CI calls what is here, and may do no more than it must."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import KINDS

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = re.compile(r"^[\w-]+/[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})$")


def read(path: Path) -> dict[str, Any]:
    """Return the workflow; YAML takes the word `on` for a truth value."""
    found: dict[Any, Any] = yaml.safe_load(path.read_text())
    return {("on" if name is True else name): value for name, value in found.items()}


def steps() -> list[dict[str, Any]]:
    return [step for path in WORKFLOWS for job in read(path)["jobs"].values() for step in job.get("steps", [])]


def lines() -> str:
    return "\n".join(step["run"] for step in steps() if "run" in step)


def test_there_are_three() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "images", "release"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_reads_only_and_every_job_ends(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        if "uses" in job:
            assert (ROOT / job["uses"]).is_file(), name
        else:
            assert 5 <= job["timeout-minutes"] <= 90, name
        assert set(job.get("permissions", {})) <= {"contents", "packages", "id-token"}, name
        needed = job.get("needs", [])
        assert {needed} if isinstance(needed, str) else set(needed) <= set(workflow["jobs"]), name


def test_every_step_runs_a_command_or_an_action_of_a_named_version() -> None:
    for step in steps():
        assert ("run" in step) != ("uses" in step), step
        assert "uses" not in step or ACTION.match(step["uses"]), step["uses"]


def test_the_commands_and_kinds_of_tests_are_there() -> None:
    launcher = (ROOT / "run").read_text()
    called = re.findall(r"(\./run|\.ci/run)((?: [a-z0-9]+)*)", lines())
    assert called
    tested: set[str] = set()
    for program, words in called:
        verb, *kinds = words.split() if program == "./run" else ("test", *words.split())
        assert re.search(rf"^{verb}\)", launcher, re.MULTILINE), verb
        assert set(kinds) <= set(KINDS), kinds
        tested |= set(kinds)
    assert tested == set(KINDS) - {"bench"}, "together the jobs run every kind"


def test_nothing_that_a_stranger_may_name_is_put_into_a_command() -> None:
    assert "${{" not in lines(), "hand it over in the step's environment"


def test_no_registry_is_named_and_nothing_is_pushed_without_one() -> None:
    for step in steps():
        given = step.get("with", {})
        if given.get("push"):
            assert step["if"] == "inputs.version && vars.IMAGE_REGISTRY"
            assert given["tags"].startswith("${{ vars.IMAGE_REGISTRY }}/")
            assert (given["sbom"], given["provenance"]) == (True, "mode=max")
            assert given["platforms"] == "linux/amd64,linux/arm64"


def test_a_release_moves_the_channels_that_site_boxes_follow() -> None:
    """`next` when the image is pushed; `stable`, which a box follows by itself, last and with somebody's consent."""
    pushed = [step["with"]["tags"] for step in steps() if step.get("with", {}).get("push")]
    assert [tags.splitlines()[1].endswith(":next") for tags in pushed] == [True]
    jobs = read(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    moving = jobs["stable"]
    assert (moving["environment"], moving["if"]) == ("stable", "vars.IMAGE_REGISTRY")
    assert {"images", "tests"} <= set(jobs["release"]["needs"]) | set(jobs["images"]["needs"])
    assert moving["needs"] == ["version", "release"]
    assert moving["steps"][-1]["run"].split()[5:] == ['"$WORKER:stable"', '"$WORKER:$VERSION"']
    box = (ROOT / "compose" / "site-box" / "compose.yaml").read_text()
    assert "regulars-worker:${REGULARS_CHANNEL:-stable}" in box


def test_every_image_is_built_and_scanned() -> None:
    job = read(ROOT / ".github" / "workflows" / "images.yml")["jobs"]["image"]
    built = set(job["strategy"]["matrix"]["runtime"])
    there = {path.name.removesuffix(".Dockerfile") for path in (ROOT / "compose" / "images").glob("*.Dockerfile")}
    assert built == there


def test_the_oldest_python_is_the_one_that_the_package_promises() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    promised = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert promised
    for name in ("tests", "macos"):
        assert jobs[name]["strategy"]["matrix"]["python"][0] == promised[1]
