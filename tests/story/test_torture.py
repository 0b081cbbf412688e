"""The seeded short part of `./run torture`: every part is killed, and then some, while people walk past cameras."""

import json
import subprocess
import sys
from pathlib import Path

from regulars.settings import CHECKOUT

MINUTES, SEED = "1.2", "9"
PARTS = {"worker", "worker-2", "recognize", "recognize-2", "gateway", "postgres", "objects", "vectors", "rtsp"}
MUST_BE_0 = ("tracks_lost", "visits_twice", "customers_twice", "orphan_shots", "template_mismatch", "rollup_mismatch")


def test_a_short_storm_loses_nothing_and_counts_nobody_twice(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    command = [sys.executable, "-m", "tests.torture", "faults", "--no-flows"]
    command += ["--minutes", MINUTES, "--seed", SEED, "--json", str(told)]
    done = subprocess.run(command, check=False, cwd=CHECKOUT, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    found = json.loads(told.read_text(encoding="utf-8"))
    assert {fault["part"] for fault in found["listed"] if fault["kind"] == "kill -9"} >= PARTS
    assert {name: found[name] for name in MUST_BE_0} == dict.fromkeys(MUST_BE_0, 0)
    assert found["faults"] >= len(PARTS)
    assert found["tracks"] > 50
