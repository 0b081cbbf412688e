"""What one chain's data breaks stays with that chain: the night goes on with the others."""

import pytest

from compose.onebox.servers.seaweed import SeaweedServer
from regulars.chores.roll_up import roll_up
from regulars.errors import ChainsNotDone
from regulars.store.session import as_role
from tests.integration.reports.conftest import NOW, MakeChain

ROLLED = "select count(*) from rollup_days where tenant_id = :tenant_id"
ZONE = "update sites set time_zone = :zone where tenant_id = :tenant_id"


def test_a_chain_that_cannot_be_rolled_up_holds_up_no_other(
    make_chain: MakeChain, object_store_server: SeaweedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = (make_chain(f"{name} night", 0.1, 1, 5) for name in ("a broken", "a whole"))
    monkeypatch.setenv("REGULARS_DATABASE_URL", as_role(make_chain.owner_url, "regulars_app", "of-the-tests"))
    monkeypatch.setenv("REGULARS_OBJECTS_URL", object_store_server.url)
    broken.sql(ZONE, zone="Atlantis/Centre")
    said: list[str] = []
    try:
        with pytest.raises(ChainsNotDone, match="not done: 1, named above"):
            roll_up.run(NOW, "test", said.append)
    finally:
        broken.sql(ZONE, zone="Asia/Ho_Chi_Minh")
    assert broken.sql(ROLLED) == [(0,)]
    assert whole.sql(ROLLED) != [(0,)]
    assert f"chain {broken.tenant_id}: not done: ZoneInfoNotFoundError" in said
    roll_up.run(NOW, "test", said.append)
    assert broken.sql(ROLLED) != [(0,)]
