"""What the operator does by hand for people's rights, as a process would: told in numbers, with an exit code."""

import pytest
from sqlalchemy import Engine

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars.commands.main import main
from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from tests.sealing import SEALING_KEYS
from tests.shop import Shop, at
from tests.turned import ROTATION_SECRET
from tests.visits_seen import people, visits_of


@pytest.fixture(autouse=True)
def settings(
    engine: Engine,
    object_store_server: SeaweedServer,
    milvus_server: MilvusLiteServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(False)
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    monkeypatch.setenv("REGULARS_OBJECTS_URL", object_store_server.url)
    monkeypatch.setenv("REGULARS_VECTORS_URL", milvus_server.url)
    monkeypatch.setenv("REGULARS_SEALING_KEYS", SEALING_KEYS)
    monkeypatch.setenv("REGULARS_ROTATION_SECRET", ROTATION_SECRET)


def test_a_person_is_erased_at_every_chain_and_the_receipt_told(
    shop: Shop, recognizer: Recognizer, capsys: pytest.CaptureFixture[str]
) -> None:
    recognizer.handle(shop.walk_in(31, at(0)))
    customer_id = visits_of(shop)[0].customer_id
    words = ["erase", str(customer_id), "--scope", str(shop.tenant.scope_id)]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert '"customers": 1' in told
    assert str(customer_id) not in told
    assert people(shop) == 0
    assert main(words) == 2
    assert "not_found" in capsys.readouterr().err
    assert main(["erase_people"]) == 0
    assert "0 people erased again" in capsys.readouterr().out


def test_old_pictures_are_purged_and_the_rest_counted(
    shop: Shop, recognizer: Recognizer, capsys: pytest.CaptureFixture[str]
) -> None:
    recognizer.handle(shop.walk_in(32, at(0)))
    assert main(["purge_raw_faces"]) == 0
    said = f"chain {shop.tenant.tenant_id}: 4 objects deleted, shots of 1 sightings forgotten, 0 younger objects kept"
    assert said in capsys.readouterr().out


def test_a_chain_is_let_go_at_once(shop: Shop, recognizer: Recognizer, capsys: pytest.CaptureFixture[str]) -> None:
    recognizer.handle(shop.walk_in(33, at(0)))
    assert main(["offboard", str(new_id())]) == 2
    assert main(["offboard", shop.tenant.name]) == 0
    assert f"chain {shop.tenant.tenant_id} is gone" in capsys.readouterr().out
    assert visits_of(shop) == []
