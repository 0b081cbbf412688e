"""`./run demo --for-good`: an installation that a shop lives by keeps what its owner has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from compose.onebox.place import free_port
from tests.story.stage import data_folder
from tests.story.test_demo import demo, log_in

PORTAL, PICTURES = "https://regulars.example", "https://pictures.example"


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


def test_what_its_owner_has_changed_outlives_a_restart(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PUBLIC_URL", PORTAL)
    monkeypatch.setenv("REGULARS_OBJECTS_PUBLIC_URL", PICTURES)
    port = str(free_port())
    with demo(data, "--for-good", "--port", port) as first:
        told = first.told()
        assert (told["portal"], "password" in told) == (PORTAL, False)
        password = Path(told["password_file"]).read_text()[:16]
        here = {"portal": f"http://127.0.0.1:{port}", "email": told["email"], "password": password}
        with log_in(here) as browser:
            assert PICTURES in browser.get("/").headers["Content-Security-Policy"]
            (shop,) = browser.get("/v1/sites").json()["items"]
            assert browser.get("/v1/cameras").json()["items"] == []
            changed = {"name": "Hồ Gươm", "time_zone": "Asia/Bangkok", "visit_gap_minutes": 45}
            answer = browser.patch(f"/v1/sites/{shop['site_id']}", json=changed)
            assert answer.status_code == 200, answer.text
            own = {"present": password, "new": "một mật khẩu khác hẳn"}
            answer = browser.put("/v1/auth/password", json=own)
            assert answer.status_code == 200, answer.text
        assert first.interrupt() == 0
    with demo(data, "--for-good", "--port", port) as second:
        second.told()
        with log_in(here | {"password": own["new"]}) as browser:
            (shop,) = browser.get("/v1/sites").json()["items"]
            assert {name: shop[name] for name in changed} == changed
