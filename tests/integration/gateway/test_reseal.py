"""A sealing key is rotated: everything is sealed anew, twice is harmless, what no key opens is told and kept."""

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from functions.gateway import commands
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.steps.reseal import BATCH
from regulars.store.api_keys import find_api_key
from regulars.store.sealed import SEALED
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.webhook_events import happen, make, signed_with
from tests.webhook_receiver import WebhookReceiver

URL = "rtsp://admin:t0p-s3cret@10.0.0.9/x"


def reseal_with(keys: str, world: World, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("REGULARS_DATABASE_URL", world.settings.database_url)
    monkeypatch.setenv("REGULARS_SEALING_KEYS", keys)
    return commands.main(["reseal"])


def sealed_cameras(world: World, chain: Chain) -> list[bytes]:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        return list(connection.scalars(text("select rtsp_url_sealed from cameras order by camera_id")))


def test_no_sealed_column_is_forgotten(world: World) -> None:
    with transaction(world.parts.engine, PLATFORM) as connection:
        there = connection.execute(
            text(
                "select table_name, column_name from information_schema.columns"
                " where table_schema = 'public' and column_name like '%\\_sealed'"
            )
        )
        assert {tuple(row) for row in there} == {(column.table.name, column.name) for column in SEALED}


def test_a_key_is_rotated_beside_a_running_gateway(
    world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = world.logged_in(chain.emails["owner"])
    for _ in range(BATCH + 5):
        world.add_camera(chain, type="rtsp", webcam_index=None, rtsp_url_sealed=world.parts.sealing.seal(URL))
    old, new = world.settings.sealing_keys, Fernet.generate_key().decode()
    with WebhookReceiver() as receiver:
        secret = make(owner, receiver)["secret"]
        reseal_with(f"{new},{old}", world, monkeypatch)
        told = capsys.readouterr().out
        assert "cameras.rtsp_url_sealed" in told
        assert "webhooks.secret_sealed" in told
        assert "t0p-s3cret" not in told
        only_new = FernetSealing(new)
        after = sealed_cameras(world, chain)
        assert {only_new.unseal(one).get_secret_value() for one in after} == {URL}
        assert len(after) == BATCH + 5
        reseal_with(f"{new},{old}", world, monkeypatch)
        assert "done, 0 sealed anew" in capsys.readouterr().out
        assert sealed_cameras(world, chain) == after
        happen(world, chain)
        # The other way round: this gateway knows the old key only.
        reseal_with(f"{old},{new}", world, monkeypatch)
        world.parts.courier.run()
        assert signed_with(secret, receiver.received[0])
    capsys.readouterr()
    foreign = Fernet.generate_key().decode()
    assert reseal_with(foreign, world, monkeypatch) == 1
    assert "done, 0 sealed anew" in capsys.readouterr().out
    assert {world.parts.sealing.unseal(one).get_secret_value() for one in sealed_cameras(world, chain)} == {URL}


def test_a_key_of_the_platforms_workers_is_printed_once(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", world.settings.database_url)
    assert commands.main(["worker-key", "of the cluster"]) == 0
    printed = capsys.readouterr().out.strip()
    with transaction(world.parts.engine, PLATFORM) as connection:
        key = find_api_key(connection, printed, world.clock())
    assert key
    assert (key.tenant_id, key.scopes, key.name) == (None, frozenset({"worker"}), "of the cluster")
