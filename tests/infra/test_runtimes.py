"""Each runtime starts with what its own lock ships: nothing more may be imported on the way."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.test_locks import pins

ROOT = Path(__file__).resolve().parents[2]

PROBE = """
import importlib, importlib.metadata, json, pkgutil, re, sys
shipped, package = set(json.loads(sys.argv[1])), sys.argv[2]
named = lambda name: re.sub(r"[-_.]+", "-", name).lower()
refused = {
    top for top, makers in importlib.metadata.packages_distributions().items()
    if not {named(maker) for maker in makers} & shipped
}
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if path is None and name in refused:
            raise ModuleNotFoundError(f"{name} is in no package of this runtime", name=name)
sys.meta_path.insert(0, Refuse())
importlib.import_module(package)
seen = 0
for module in pkgutil.walk_packages(sys.modules[package].__path__, package + "."):
    importlib.import_module(module.name)
    seen += 1
print(seen)
"""


RUNTIMES = {
    "gateway": "functions.gateway",
    "recognize": "functions.recognize",
    "worker": "realtime_workers",
    "flows": "regulars.commands",
}


@pytest.fixture(scope="module")
def probes() -> Iterator[dict[str, "subprocess.Popen[str]"]]:
    """A process per runtime that imports all of it; all at once, since each keeps one core."""
    started = {
        extra: subprocess.Popen(
            [sys.executable, "-c", PROBE, json.dumps(sorted(pins(extra))), package],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for extra, package in RUNTIMES.items()
    }
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


@pytest.mark.parametrize("extra", RUNTIMES)
def test_every_module_of_a_runtime_imports_with_its_own_lock(
    probes: dict[str, "subprocess.Popen[str]"], extra: str
) -> None:
    printed, said = probes[extra].communicate()
    assert probes[extra].returncode == 0, said
    assert int(printed) > 0
