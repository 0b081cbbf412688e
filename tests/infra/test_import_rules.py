"""The layers of DESIGN: kept by the code as it is, and really refused when broken."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("regulars", "functions", "realtime_workers", "flows", "compose")

BREACHES = [
    ("regulars/domain/visits.py", "from regulars.store import session", "Imports go down only"),
    ("regulars/steps/reconcile.py", "import regulars.adapters.objects_s3", "Imports go down only"),
    ("regulars/store/visits.py", "from regulars.settings import Settings", "Imports go down only"),
    ("realtime_workers/main.py", "import functions.gateway.app", "Imports go down only"),
    ("functions/gateway/app.py", "import functions.recognize.app", "The gateway and the recognize function"),
    ("regulars/steps/reconcile.py", "import minio", "Milvus and S3 clients only in adapters"),
    ("functions/gateway/app.py", "import cv2", "Models and picture libraries only in vision and the workers"),
    ("functions/recognize/app.py", "import av", "Video only in the workers and the sample scene"),
    ("functions/gateway/app.py", "import psycopg", "SQL only in the store and wiring"),
    ("realtime_workers/main.py", "import fastapi", "HTTP framework only in functions"),
    ("compose/onebox/demo.py", "import prefect", "Prefect only in flows"),
    ("regulars/domain/visits.py", "import time", "The domain is pure"),
]


def lint(folder: Path) -> str:
    command = [str(Path(sysconfig.get_path("scripts")) / "lint-imports"), "--no-cache"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={"PYTHONPATH": str(folder)}
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the linter says of a copy in which every breach was made."""
    copy = tmp_path_factory.mktemp("breaches")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "files"))
    for module, line, _ in BREACHES:
        with (copy / module).open("a") as written:
            written.write(f"\n{line}\n")
    return lint(copy)


def test_the_code_keeps_every_rule() -> None:
    said = lint(ROOT)
    assert " 0 broken" in said, said


@pytest.mark.parametrize(
    ("module", "line", "rule"), BREACHES, ids=[f"{module}: {line}" for module, line, _ in BREACHES]
)
def test_a_breach_is_found(broken: str, module: str, line: str, rule: str) -> None:
    assert any(said.startswith(rule) and " BROKEN" in said for said in broken.splitlines()), broken
    importer, imported = module.removesuffix(".py").replace("/", "."), line.split()[1]
    assert any(importer in said and imported.split(".")[0] in said for said in broken.splitlines())
