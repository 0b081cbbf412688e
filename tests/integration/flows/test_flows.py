"""Each flow does its work in Prefect's environment, and all of them are registered and run by the clock."""

import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from sqlalchemy import Engine, text

from compose.onebox.place import Place, free_port
from compose.onebox.processes import Launch, Supervisor
from compose.onebox.servers.milvus_lite import MilvusLiteServer
from regulars.domain.reports.saved import files_of
from regulars.ids import new_id
from regulars.settings import CHECKOUT, Settings
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.steps.index_templates import collection_of
from regulars.steps.lost_tracks import YOUNGEST
from regulars.store.people import add_customer, put_first_visit
from regulars.store.saved_reports import SavedReport, add_saved_report
from regulars.store.session import transaction
from regulars.store.templates import StoredTemplate, add_template
from regulars.tenancy import PLATFORM
from regulars.wiring import pack_identity
from tests.figures_told import FIGURES, families, value_of
from tests.integration.flows.conftest import ENDS_WITHIN_S, RunFlow
from tests.shop import Shop
from tests.turned import turned_index
from tests.visits_seen import people, sightings_of

DEPLOYED = {
    "roll up": "cron",
    "send reports": "cron",
    "re-emit lost tracks": "interval",
    "repair the vector index": "cron",
    "consolidate people": "cron",
    "prepare months": "cron",
    "purge raw faces": "cron",
    "erase people": "cron",
    "backup": "cron",
    "restore check": "cron",
}


def wait_for(happened: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + ENDS_WITHIN_S
    while not happened():
        if time.monotonic() > deadline_s:
            pytest.fail(f"it never came about that {what}")
        time.sleep(0.2)


def returned(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1]


def test_tracks_whose_events_were_lost_are_told_again_and_only_once(shop: Shop, run_flow: RunFlow) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    for person in range(3):
        shop.walk_in(person, began)
    old_enough_at = datetime.now(UTC) + YOUNGEST + timedelta(seconds=1)
    wait_for(lambda: datetime.now(UTC) > old_enough_at, "the manifests were old enough")
    assert sightings_of(shop) == []
    unheard = run_flow("reemit_lost_tracks", REGULARS_RECOGNIZE_URL=f"http://127.0.0.1:{free_port()}")
    assert unheard.returncode != 0
    assert "DependencyAway: The recognize function does not answer; the next run goes on." in unheard.stderr
    assert returned(run_flow("reemit_lost_tracks")) == "3"
    assert len(sightings_of(shop)) == people(shop) == 3
    assert returned(run_flow("reemit_lost_tracks")) == "0"


def test_what_the_vector_index_lacks_is_written_and_what_it_has_too_much_goes(
    shop: Shop, run_flow: RunFlow, milvus_server: MilvusLiteServer
) -> None:
    pack, dimension = pack_identity(Settings())
    vectors, collection = turned_index(milvus_server.url), collection_of(pack)
    vectors.ensure(collection, dimension)
    template = _template(shop, pack, dimension)
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_template(connection, template)
    assert template.template_id not in set(vectors.template_ids(collection))
    assert returned(run_flow("repair_index")) == "1"
    assert set(vectors.template_ids(collection)) == {template.template_id}


def test_a_person_enrolled_twice_becomes_one_customer(shop: Shop, run_flow: RunFlow) -> None:
    pack, dimension = pack_identity(Settings())
    now = datetime.now(UTC)
    with transaction(shop.engine, shop.tenancy()) as connection:
        for template in (_template(shop, pack, dimension) for _ in range(2)):
            add_customer(connection, template.scope_id, template.subject_id, now)
            put_first_visit(connection, template.tenant_id, template.scope_id, template.subject_id, now)
            add_template(connection, template)
    assert returned(run_flow("consolidate_people")) == "1"
    assert returned(run_flow("consolidate_people")) == "0"


def test_pictures_that_have_grown_old_are_deleted_at_the_time_that_is_given(shop: Shop, run_flow: RunFlow) -> None:
    shop.walk_in(1, datetime.now(UTC))
    later = datetime.now(UTC) + timedelta(days=32)
    run = run_flow("purge_raw_faces", f"__import__('datetime').datetime.fromisoformat('{later.isoformat()}')")
    assert int(returned(run)) >= 4
    assert list(shop.objects.list("tracks/")) == []


def test_a_backup_is_made_and_tried(shop: Shop, run_flow: RunFlow) -> None:
    shop.walk_in(1, datetime.now(UTC))
    assert (Path(returned(run_flow("backup"))) / "backup.json").is_file()
    assert returned(run_flow("restore_check")) == "True"


def test_an_erasure_is_finished_by_the_clock(shop: Shop, run_flow: RunFlow) -> None:
    pack, dimension = pack_identity(Settings())
    now, template = datetime.now(UTC), _template(shop, pack, dimension)
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_customer(connection, template.scope_id, template.subject_id, now)
        put_first_visit(connection, template.tenant_id, template.scope_id, template.subject_id, now)
        add_template(connection, template)
        erase_person(connection, template.subject_id, by=By(shop.tenancy(), "user:owner", now))
    assert returned(run_flow("erase_people")) == "1"


def test_the_months_ahead_have_a_place_before_anybody_comes(engine: Engine, run_flow: RunFlow) -> None:
    ahead = datetime.now(UTC) + timedelta(days=31)
    assert not _has_month(engine, ahead)
    returned(run_flow("prepare_months"))
    assert _has_month(engine, datetime.now(UTC))
    assert _has_month(engine, ahead)


def test_closed_days_are_rolled_up_once(shop: Shop, engine: Engine, run_flow: RunFlow) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with transaction(engine, shop.tenancy()) as connection:
        moved = text("update sites set created_at = :at where tenant_id = :tenant_id")
        connection.execute(moved, {"at": yesterday, "tenant_id": shop.tenant.tenant_id})
    returned(run_flow("roll_up"))
    with transaction(engine, shop.tenancy()) as connection:
        assert (
            connection.scalar(text("select count(*) from rollup_days where day = :day"), {"day": yesterday.date()}) == 1
        )
    assert returned(run_flow("roll_up")) == "0"


def test_a_saved_report_is_made_when_its_month_is_over(shop: Shop, engine: Engine, run_flow: RunFlow) -> None:
    now, tenant_id = datetime.now(UTC), shop.tenant.tenant_id
    saved = SavedReport(
        tenant_id=tenant_id,
        saved_report_id=new_id(),
        name="month",
        site_ids=None,
        bucket="day",
        hour_from=None,
        hour_to=None,
        gender=None,
        schedule="monthly",
        scheduled_at=now,
        formats=["pdf", "xlsx"],
        language="vi",
        keep_months=1,
        created_at=now,
    )
    with transaction(engine, shop.tenancy()) as connection:
        add_saved_report(connection, saved)
    later = (now.replace(day=1) + timedelta(days=33)).isoformat()
    assert returned(run_flow("send_reports", f"__import__('datetime').datetime.fromisoformat('{later}')")) == "1"
    assert len(list(shop.objects.list(files_of(tenant_id)))) == 2


def test_all_flows_are_registered_with_their_schedules_and_can_be_run(
    place: Place, supervisor: Supervisor, flows_python: str, flows_environment: dict[str, str], prefect_api: str
) -> None:
    log = place.log("flows")
    command = (flows_python, "-m", "flows.serve")
    listens = f"127.0.0.1:{free_port()}"
    told = {"REGULARS_FIGURES_LISTEN": listens, "REGULARS_METRICS_TOKEN": "of-prometheus"}
    supervisor.start(Launch("flows", command, cwd=CHECKOUT, log=log, env=flows_environment | told))
    try:
        wait_for(lambda: len(_deployments(prefect_api)) == len(DEPLOYED), "every flow was registered")
        deployed = {one["entrypoint"].split(":")[-1]: one for one in _deployments(prefect_api)}
        assert {_flow_name(prefect_api, one): _clock(one) for one in deployed.values()} == DEPLOYED
        assert not any(one["paused"] for one in deployed.values())
        run = _post(prefect_api, f"/deployments/{deployed['prepare_months']['id']}/create_flow_run", {})
        wait_for(lambda: _state(prefect_api, run["id"]) in ("COMPLETED", "FAILED", "CRASHED"), "a run came to its end")
        assert _state(prefect_api, run["id"]) == "COMPLETED", log.read_text()
        assert supervisor.deaths("flows") == 0
        _tells_of(f"http://{listens}", "prepare months")
    finally:
        supervisor.stop("flows")


def _tells_of(url: str, flow: str) -> None:
    authorized = {"Authorization": "Bearer of-prometheus"}
    text = httpx.get(f"{url}/metrics", headers=authorized, timeout=60, trust_env=False).text
    assert families(text) == FIGURES["flows"]
    assert time.time() - value_of(text, "regulars_flow_succeeded_timestamp_seconds", flow=flow) < 3600
    assert value_of(text, "regulars_flow_failed_runs", flow=flow) == 0


def _template(shop: Shop, pack: str, dimension: int) -> StoredTemplate:
    return StoredTemplate(
        template_id=new_id(),
        scope_id=shop.tenant.scope_id,
        tenant_id=shop.tenant.tenant_id,
        kind="customer",
        subject_id=new_id(),
        pack=pack,
        vector=np.eye(1, dimension, dtype=np.float32)[0],
        quality=0.9,
        track_id=None,
        created_at=datetime.now(UTC),
    )


def _has_month(engine: Engine, moment: datetime) -> bool:
    with transaction(engine, PLATFORM) as connection:
        return connection.scalar(text("select to_regclass(:name)"), {"name": f"visits_{moment:%Y_%m}"}) is not None


def _post(api: str, path: str, body: dict[str, Any]) -> Any:
    """Ask Prefect, and again for a minute while it answers 503: its SQLite is busy just after flows registered."""
    deadline_s = time.monotonic() + 60
    answer = httpx.post(f"{api}{path}", json=body, timeout=30, trust_env=False)
    while answer.status_code == 503 and time.monotonic() < deadline_s:
        time.sleep(1)
        answer = httpx.post(f"{api}{path}", json=body, timeout=30, trust_env=False)
    answer.raise_for_status()
    return answer.json()


def _get(api: str, path: str) -> Any:
    answer = httpx.get(f"{api}{path}", timeout=30, trust_env=False)
    answer.raise_for_status()
    return answer.json()


def _deployments(api: str) -> list[dict[str, Any]]:
    return _post(api, "/deployments/filter", {})


def _flow_name(api: str, deployment: dict[str, Any]) -> str:
    return _get(api, f"/flows/{deployment['flow_id']}")["name"]


def _clock(deployment: dict[str, Any]) -> str:
    (clock,) = deployment["schedules"]
    return next(kind for kind in ("interval", "cron") if clock["schedule"].get(kind))


def _state(api: str, run_id: str) -> str:
    return _get(api, f"/flow_runs/{run_id}")["state_type"]
