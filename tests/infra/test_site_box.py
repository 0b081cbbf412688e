"""A shop's box: its compose file, how much of a day without the internet it keeps, and how it updates itself."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from realtime_workers.day_offline import FACES_PX, largest_track, spooled_bytes
from realtime_workers.spool import Spool
from regulars.settings import WORKER_NEEDS, Settings
from tests.conftest import CHECKOUT
from tests.infra.compose_files import COMPOSE, example_environment, read_compose, variables

BOX = COMPOSE / "site-box"
WORKER = read_compose(BOX / "compose.yaml", example_environment(BOX / ".env.example"))["services"]["worker"]
TRACKS_A_DAY = 4000
FAKE_DOCKER = """#!/bin/sh
# Stands in for docker: notes what it is asked, and answers as the files beside it say.
echo "$*" >>"$BOX_STATE/asked"
case "$*" in
"compose config --images worker") echo regulars-worker:stable ;;
"image inspect "*) cat "$BOX_STATE/held" ;;
"compose pull "*) [ ! -e "$BOX_STATE/offline" ] && cp "$BOX_STATE/published" "$BOX_STATE/held" ;;
"compose up "*) [ "$(cat "$BOX_STATE/held")" != broken ] ;;
"tag "*) echo "$2" >"$BOX_STATE/held" ;;
esac
"""


def test_it_talks_outwards_only_and_can_change_nothing_but_its_spool() -> None:
    assert "ports" not in WORKER
    assert WORKER["networks"] == ["outside"]
    assert WORKER["read_only"] is True
    assert WORKER["cap_drop"] == ["ALL"]
    assert WORKER["volumes"] == ["spool:/var/lib/regulars"]
    assert WORKER["environment"]["REGULARS_FIGURES_LISTEN"].startswith("127.0.0.1:")
    read_compose(BOX / "webcam.yaml", {})


def test_it_is_told_what_a_worker_needs_and_nothing_unknown() -> None:
    given = {key.removeprefix("REGULARS_").lower() for key in WORKER["environment"]}
    given |= {secret.removeprefix("regulars_") for secret in WORKER["secrets"]}
    assert set(WORKER_NEEDS) <= given <= set(Settings.model_fields)
    named = set(re.findall(r"^#?([A-Z_]+)=", (BOX / ".env.example").read_text(), re.MULTILINE))
    assert variables(BOX / "compose.yaml") | variables(BOX / "webcam.yaml") | {"COMPOSE_FILE"} == named


def test_its_spool_holds_a_day_of_the_largest_tracks_that_there_are(tmp_path: Path) -> None:
    each = spooled_bytes(largest_track(FACES_PX[-1]))
    assert each * TRACKS_A_DAY < int(WORKER["environment"]["REGULARS_SPOOL_MAX_BYTES"])
    spool = Spool(tmp_path, 5 * each + each // 2)
    kept = [spool.add(largest_track(FACES_PX[-1])) for _ in range(7)]
    assert kept == [True] * 5 + [False] * 2
    assert spool.fill().bytes <= 5 * each + each // 2
    on_disk = sum(file.stat().st_size for file in (tmp_path / "ready").iterdir())
    assert on_disk == spool.fill().bytes
    spool.close()


def test_the_page_about_it_says_what_the_command_prints() -> None:
    page = (CHECKOUT / "docs" / "site-box.md").read_text()
    for face_px in FACES_PX:
        day_gb = spooled_bytes(largest_track(face_px)) * TRACKS_A_DAY / 1e9
        assert f"| {face_px} px | {day_gb:.1f} GB |" in page


class Box:
    """update.sh beside a stand-in for docker, which holds the image `held` and could pull `published`."""

    def __init__(self, folder: Path, held: str, published: str) -> None:
        self.state = folder
        shutil.copy(BOX / "update.sh", folder / "update.sh")
        (folder / "docker").write_text(FAKE_DOCKER)
        (folder / "docker").chmod(0o755)
        (folder / "held").write_text(held)
        (folder / "published").write_text(published)

    def update(self) -> int:
        environment = os.environ | {"PATH": f"{self.state}:{os.environ['PATH']}", "BOX_STATE": str(self.state)}
        done = subprocess.run(["/bin/sh", str(self.state / "update.sh")], check=False, env=environment)
        return done.returncode

    def held(self) -> str:
        return (self.state / "held").read_text().strip()

    def started(self) -> int:
        return (self.state / "asked").read_text().count("compose up")


@pytest.mark.parametrize(
    ("held", "published", "offline", "holds", "starts", "status"),
    [
        pytest.param("old", "new", False, "new", 1, 0, id="a new one is started"),
        pytest.param("old", "old", False, "old", 0, 0, id="nothing new, nothing is touched"),
        pytest.param("old", "new", True, "old", 0, 0, id="no internet, it goes on"),
        pytest.param("old", "broken", False, "old", 2, 1, id="a sick one is taken back"),
    ],
)
def test_it_updates_itself_and_goes_back_from_what_is_not_well(
    tmp_path: Path, held: str, published: str, offline: bool, holds: str, starts: int, status: int
) -> None:
    box = Box(tmp_path, held, published)
    if offline:
        (tmp_path / "offline").touch()
    assert box.update() == status
    assert box.held() == holds
    assert box.started() == starts


def test_the_timer_is_what_systemd_reads(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd is not here")
    for unit in ("regulars-update.service", "regulars-update.timer"):
        shutil.copy(BOX / unit, tmp_path / unit)
    (tmp_path / "docker.service").write_text("[Service]\nExecStart=/bin/true\n")
    (tmp_path / "opt").mkdir()
    units = [str(tmp_path / "regulars-update.service"), str(tmp_path / "regulars-update.timer")]
    done = subprocess.run([verifier, "verify", *units], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if "regulars-update" in line] == []
