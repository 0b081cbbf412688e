"""The operator's commands on the real parts, with the fake pack in the place of a real one."""

import pytest

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.seaweed import SeaweedServer
from functions.recognize import commands
from regulars.steps.recognize import Recognizer
from tests.shop import Shop, at


@pytest.fixture(autouse=True)
def settings_of_the_parts(
    monkeypatch: pytest.MonkeyPatch,
    recognizer: Recognizer,
    object_store_server: SeaweedServer,
    milvus_server: MilvusLiteServer,
) -> None:
    url = recognizer.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    monkeypatch.setenv("REGULARS_OBJECTS_URL", object_store_server.url)
    monkeypatch.setenv("REGULARS_VECTORS_URL", milvus_server.url)

    def made(_: object) -> Recognizer:
        return recognizer

    monkeypatch.setattr(commands, "recognizer", made)


def test_what_was_set_aside_is_listed_and_replayed(
    shop: Shop, recognizer: Recognizer, capsys: pytest.CaptureFixture[str]
) -> None:
    key = shop.write(shop.manifest(at(0)), b"junk")
    recognizer.handle(key)
    assert commands.main(["set-aside", "list"]) == 0
    listed = capsys.readouterr().out
    assert key in listed
    assert "not_a_picture" in listed
    assert commands.main(["set-aside", "replay", "--key", key]) == 1
    assert "set_aside" in capsys.readouterr().out


def test_a_list_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["set-aside", "list", "--reason", "no_such_reason"]) == 0
    assert capsys.readouterr().out == "nothing\n"


def test_reconcile_tells_camera_by_camera(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    day = at(0).date().isoformat()
    assert commands.main(["reconcile", "--since", day, "--until", day, "--tenant", shop.tenant.name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(shop.camera_ids)
    assert all(shop.tenant.name in line for line in lines)


def test_what_cannot_be_done_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", "postgresql://nobody:none@127.0.0.1:9/none")
    assert commands.main(["set-aside", "list"]) == 2
    assert capsys.readouterr().err.startswith("dependency_away: PostgreSQL does not answer")
