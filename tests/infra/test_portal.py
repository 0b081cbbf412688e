"""The portal as it is built: its types are the gateway's, its first load is small, and it names no other place."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from regulars.settings import CHECKOUT
from tests.conftest import require

FRONTEND = CHECKOUT / "frontend"
PORTAL = CHECKOUT / ".regulars" / "portal"
MOST_FIRST_LOAD_BYTES = 300_000
"""Of script, packed by gzip, before the first page is shown; charts come later."""


def test_the_portals_types_are_those_of_the_gateways_document(tmp_path: Path) -> None:
    generator = FRONTEND / "node_modules" / ".bin" / "openapi-typescript"
    require(None if generator.is_file() else "the portal's packages are not installed: ./run prepare portal")
    document = subprocess.run(
        [sys.executable, "-m", "functions.gateway.openapi"], cwd=CHECKOUT, check=True, capture_output=True
    ).stdout
    (tmp_path / "openapi.json").write_bytes(document)
    how = ("--alphabetize", "--root-types", "--root-types-no-schema-prefix")
    fresh = tmp_path / "schema.ts"
    command = [str(generator), str(tmp_path / "openapi.json"), "--output", str(fresh), *how]
    subprocess.run(command, check=True, capture_output=True)
    committed = (FRONTEND / "src" / "api" / "schema.ts").read_text("utf-8")
    assert fresh.read_text("utf-8") == committed, "./run client writes the portal's types anew"


def test_the_first_load_of_script_is_small() -> None:
    manifest_file = PORTAL / ".vite" / "manifest.json"
    require(None if manifest_file.is_file() else "the portal is not built: ./run prepare portal")
    manifest: dict[str, dict[str, Any]] = json.loads(manifest_file.read_text())
    for first in (("src/pages/signin/SignInPage.tsx",), ("src/app/Shell.tsx", "src/pages/today/TodayPage.tsx")):
        loaded = _with_imports(manifest, {"index.html", *first})
        size = sum(len(gzip.compress((PORTAL / file).read_bytes())) for file in loaded)
        print(f"first load of {first[-1]}: {size:,} bytes")  # noqa: T201 - shown by -rP
        assert size < MOST_FIRST_LOAD_BYTES


def _with_imports(manifest: dict[str, dict[str, Any]], names: set[str]) -> set[str]:
    """Return the script files of these parts and of all that they import at once."""
    wanted, open_ = set[str](), list(names)
    while open_:
        name = open_.pop()
        part = manifest[name]
        if part["file"] not in wanted:
            wanted.add(part["file"])
            open_ += part.get("imports", [])
    return wanted
