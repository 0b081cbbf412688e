"""The operator's commands on the real parts, with the fake pack in the place of a real one."""

import pytest

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from compose.onebox.servers.seaweed import SeaweedServer
from regulars import wiring
from regulars.commands.main import main
from regulars.steps.consolidate import Consolidation
from regulars.steps.recognize import Recognizer
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.tenancy import NETWORK_SCOPE_ID
from tests.fake_pack import vector_of
from tests.people_seen import teach
from tests.recognizing import OpenShop
from tests.sealing import SEALING_KEYS
from tests.shop import Shop, at
from tests.turned import ROTATION_SECRET
from tests.visits_seen import visits_of


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
    monkeypatch.setenv("REGULARS_SEALING_KEYS", SEALING_KEYS)
    monkeypatch.setenv("REGULARS_ROTATION_SECRET", ROTATION_SECRET)

    def made(_: object) -> Recognizer:
        return recognizer

    monkeypatch.setattr(wiring, "recognizer", made)


def test_what_was_set_aside_is_listed_and_replayed(
    shop: Shop, recognizer: Recognizer, capsys: pytest.CaptureFixture[str]
) -> None:
    key = shop.write(shop.manifest(at(0)), b"junk")
    recognizer.handle(key)
    assert main(["set_aside", "list"]) == 0
    listed = capsys.readouterr().out
    assert key in listed
    assert "not_a_picture" in listed
    assert main(["set_aside", "replay", "--key", key]) == 1
    assert "set_aside" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["list", "replay"])
def test_of_nothing_it_is_said(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main(["set_aside", command, "--reason", "no_such_reason"]) == 0
    assert capsys.readouterr().out == "nothing\n"


@pytest.mark.parametrize(("option", "told"), [("--first", "a day reads"), ("--now", "a time reads")])
def test_what_is_no_day_or_time_is_told(capsys: pytest.CaptureFixture[str], option: str, told: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["roll_up", option, "yesterday"])
    assert f"{told} 2026-01-31" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (
            ("--first", "2026-03-05", "--last", "2026-03-01"),
            "The first day, 2026-03-05, is after the last, 2026-03-01.",
        ),
        (("--first", "2026-03-05", "--now", "2026-03-01T02:00"), "is after the last, 2026-03-01."),
        (("--last", "2026-03-01"), "give the first one too"),
    ],
)
def test_days_that_are_no_range_are_told_and_not_counted_as_none(
    capsys: pytest.CaptureFixture[str], days: tuple[str, ...], told: str
) -> None:
    assert main(["roll_up", *days]) == 2
    said = capsys.readouterr()
    assert (told in said.err, said.out) == (True, "")


def test_consolidating_and_undoing_on_demand(
    opens: OpenShop, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = opens(sharing="network"), opens(sharing="network")
    for shop, minutes, likeness in ((here, 0, 58), (there, 1, 50)):
        recognizer.handle(shop.walk_in(131, at(minutes), likeness_percent=likeness))
    for shop, likeness in ((here, 100), (there, 95)):
        teach(shop, recognizer, visits_of(shop)[0].customer_id, vector_of(131, likeness))
    before = visits_of(there)[0].customer_id
    of_the_fake_pack = Consolidation(
        engine=recognizer.engine,
        vectors=recognizer.vectors,
        pack=recognizer.pack.digest,
        thresholds=recognizer.pack.thresholds,
        wanted_fpir=recognizer.wanted_fpir,
    )

    def made(_: object) -> Consolidation:
        return of_the_fake_pack

    monkeypatch.setattr(wiring, "consolidation", made)
    assert main(["consolidate_identities"]) == 0
    assert f"gallery {NETWORK_SCOPE_ID}" in capsys.readouterr().out
    assert visits_of(here)[0].customer_id == visits_of(there)[0].customer_id
    with transaction(here.engine, here.tenancy()) as connection:
        [said] = [one for one in entries(connection, here.tenant.tenant_id) if one.action == "customers.merged"]
    assert main(["undo", said.detail["correction_id"]]) == 0
    assert capsys.readouterr().out.startswith("undone: merged")
    assert visits_of(there)[0].customer_id == before
    assert main(["undo", said.detail["correction_id"]]) == 2
    assert "undone before" in capsys.readouterr().err


def test_what_cannot_be_done_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", "postgresql://nobody:none@127.0.0.1:9/none")
    assert main(["set_aside", "list"]) == 2
    assert capsys.readouterr().err.startswith("dependency_away: PostgreSQL does not answer")
