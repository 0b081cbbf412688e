"""Each flow does its work in Prefect's environment, and all of them are registered and run by the clock."""

import json
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
    "reconcile_tracks": "*/5 * * * *",
    "erase_people": "5 * * * *",
    "roll_up": "30 * * * *",
    "send_reports": "50 * * * *",
    "prepare_months": "10 0 * * *",
    "purge_raw_faces": "10 2 * * *",
    "forget_inactive": "30 2 * * *",
    "purge_records": "50 2 * * *",
    "reindex_vectors": "20 3 * * *",
    "consolidate_identities": "40 3 * * *",
    "reembed": "20 4 * * *",
    "calibrate": "0 5 * * 0",
    "backup": "20 1 * * *",
    "restore_check": "30 5 * * 0",
}


def wait_for(happened: Callable[[], object], what: str) -> None:
    deadline_s = time.monotonic() + ENDS_WITHIN_S
    while not happened():
        if time.monotonic() > deadline_s:
            pytest.fail(f"it never came about that {what}")
        time.sleep(0.2)


def returned(run: subprocess.CompletedProcess[str]) -> list[dict[str, int]]:
    """Return the numbers of each flow of the run."""
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def moment(at: datetime) -> str:
    """Return a moment as it stands in a call."""
    return f"datetime.fromisoformat('{at.isoformat()}')"


def test_tracks_whose_events_were_lost_are_told_again_and_only_once(shop: Shop, run_flow: RunFlow) -> None:
    began = datetime.now(UTC) - timedelta(minutes=5)
    for person in range(3):
        shop.walk_in(person, began)
    old_enough_at = datetime.now(UTC) + YOUNGEST + timedelta(seconds=1)
    wait_for(lambda: datetime.now(UTC) > old_enough_at, "the manifests were old enough")
    assert sightings_of(shop) == []
    nobody = f"http://127.0.0.1:{free_port()}"
    unheard = run_flow("reconcile_tracks()", REGULARS_RECOGNIZE_URL=nobody)
    assert unheard.returncode != 0
    assert "DependencyAway: The recognize function does not answer; the next run goes on." in unheard.stderr
    first, second = returned(run_flow("reconcile_tracks()", "reconcile_tracks()"))
    assert (first["told"], first["set_aside"], second["told"]) == (3, 0, 0)
    assert len(sightings_of(shop)) == people(shop) == 3


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
    assert returned(run_flow("reindex_vectors()")) == [{"written": 1}]
    assert set(vectors.template_ids(collection)) == {template.template_id}


def test_a_person_enrolled_twice_becomes_one_customer(
    shop: Shop, run_flow: RunFlow, milvus_server: MilvusLiteServer
) -> None:
    pack, dimension = pack_identity(Settings())
    turned_index(milvus_server.url).ensure(collection_of(pack), dimension)
    now = datetime.now(UTC)
    with transaction(shop.engine, shop.tenancy()) as connection:
        for template in (_template(shop, pack, dimension) for _ in range(2)):
            add_customer(connection, template.scope_id, template.subject_id, now)
            put_first_visit(connection, template.tenant_id, template.scope_id, template.subject_id, now)
            add_template(connection, template)
    first, second = returned(run_flow("consolidate_identities()", "consolidate_identities()"))
    assert (first["merged"], second["merged"]) == (1, 0)


def test_what_has_grown_old_goes_at_the_time_that_is_given(shop: Shop, run_flow: RunFlow) -> None:
    shop.walk_in(1, datetime.now(UTC))
    later = moment(datetime.now(UTC) + timedelta(days=32))
    purged, forgotten, records = returned(
        run_flow(f"purge_raw_faces({later})", f"forget_inactive({later})", f"purge_records({later})")
    )
    assert purged["objects"] >= 4
    assert (purged["kept"], purged["older"]) == (0, 0)
    assert list(shop.objects.list("tracks/")) == []
    assert forgotten == {"customers": 0, "looks": 0}
    assert records["news"] >= 0


def test_a_backup_is_made_and_tried(shop: Shop, run_flow: RunFlow) -> None:
    shop.walk_in(1, datetime.now(UTC))
    run = run_flow("backup()", "restore_check()")
    assert run.returncode == 0, run.stderr
    folder, is_good = (json.loads(line) for line in run.stdout.splitlines()[-2:])
    assert (Path(folder) / "backup.json").is_file()
    assert is_good is True


def test_an_erasure_is_finished_by_the_clock(shop: Shop, run_flow: RunFlow) -> None:
    pack, dimension = pack_identity(Settings())
    now, template = datetime.now(UTC), _template(shop, pack, dimension)
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_customer(connection, template.scope_id, template.subject_id, now)
        put_first_visit(connection, template.tenant_id, template.scope_id, template.subject_id, now)
        add_template(connection, template)
        erase_person(connection, template.subject_id, by=By(shop.tenancy(), "user:owner", now))
    [done] = returned(run_flow("erase_people()"))
    assert done == {"erased": 1, "people_back": 0, "objects_back": 0, "chains_gone": 0}


def test_the_months_ahead_have_a_place_before_anybody_comes(engine: Engine, run_flow: RunFlow) -> None:
    ahead = datetime.now(UTC) + timedelta(days=31)
    assert not _has_month(engine, ahead)
    returned(run_flow("prepare_months()"))
    assert _has_month(engine, datetime.now(UTC))
    assert _has_month(engine, ahead)


def test_closed_days_are_rolled_up_once(shop: Shop, engine: Engine, run_flow: RunFlow) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with transaction(engine, shop.tenancy()) as connection:
        moved = text("update sites set created_at = :at where tenant_id = :tenant_id")
        connection.execute(moved, {"at": yesterday, "tenant_id": shop.tenant.tenant_id})
    first, second = returned(run_flow("roll_up()", "roll_up()"))
    assert first["site_days"] >= 1
    assert second["site_days"] == 0
    with transaction(engine, shop.tenancy()) as connection:
        assert (
            connection.scalar(text("select count(*) from rollup_days where day = :day"), {"day": yesterday.date()}) == 1
        )


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
    [sent] = returned(run_flow(f"send_reports({moment(now.replace(day=1) + timedelta(days=33))})"))
    assert sent["made"] == 1
    assert len(list(shop.objects.list(files_of(tenant_id)))) == 2


def test_all_flows_are_registered_with_their_clocks_and_can_be_run(
    place: Place, supervisor: Supervisor, flows_python: str, flows_environment: dict[str, str], prefect_api: str
) -> None:
    log = place.log("flows")
    command = (flows_python, "-m", "flows.serve")
    listens = f"127.0.0.1:{free_port()}"
    told = {"REGULARS_FIGURES_LISTEN": listens, "REGULARS_METRICS_TOKEN": "of-prometheus"}
    supervisor.start(Launch("flows", command, cwd=CHECKOUT, log=log, env=flows_environment | told))
    try:
        wait_for(lambda: len(_deployments(prefect_api)) == len(DEPLOYED), "every flow was registered")
        deployed = _by_flow(prefect_api)
        assert {name: _cron(one) for name, one in deployed.items()} == DEPLOYED
        assert not any(one["paused"] for one in deployed.values())
        assert {one["global_concurrency_limit"]["limit"] for one in deployed.values()} == {1}
        _run_to_its_end(prefect_api, deployed["prepare_months"], log)
        assert supervisor.deaths("flows") == 0
        _tells_of(f"http://{listens}", "prepare_months")
    finally:
        supervisor.stop("flows")


def test_a_work_pool_of_processes_does_the_night_shift(
    place: Place, supervisor: Supervisor, flows_python: str, flows_environment: dict[str, str], prefect_api: str
) -> None:
    _deploy(flows_python, flows_environment, "night")
    deployed = _by_flow(prefect_api)
    assert {name: (_cron(one), one["work_pool_name"]) for name, one in deployed.items()} == {
        name: (cron, "night") for name, cron in DEPLOYED.items()
    }
    log = place.log("flows-worker")
    command = (flows_python, "-m", "prefect", "worker", "start", "--pool", "night", "--type", "process")
    supervisor.start(Launch("flows-worker", command, cwd=CHECKOUT, log=log, env=flows_environment))
    try:
        _run_to_its_end(prefect_api, deployed["purge_records"], log)
    finally:
        supervisor.stop("flows-worker")


def test_a_work_pool_of_kubernetes_gets_the_image_and_the_settings(
    flows_python: str, flows_environment: dict[str, str], prefect_api: str
) -> None:
    """No cluster runs here: what a worker of such a pool would make jobs from is looked at."""
    _deploy(flows_python, flows_environment, "cluster", "--type=kubernetes", "--image=r/flows:1", "--secret=regulars")
    deployed = _by_flow(prefect_api)
    assert {one["work_pool_name"] for one in deployed.values()} == {"cluster"}
    assert {one["job_variables"]["image"] for one in deployed.values()} == {"r/flows:1"}
    pool = _get(prefect_api, "/work_pools/cluster")
    job = pool["base_job_template"]["job_configuration"]["job_manifest"]
    assert (pool["type"], pool["concurrency_limit"]) == ("kubernetes", 2)
    [container] = job["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"secretRef": {"name": "regulars"}}]


def _deploy(python: str, environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(
        [python, "-m", "flows.deploy", *words],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=ENDS_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(DEPLOYED)


def _run_to_its_end(api: str, deployment: dict[str, Any], log: Path) -> None:
    run = _post(api, f"/deployments/{deployment['id']}/create_flow_run", {})
    wait_for(lambda: _state(api, run["id"]) in ("COMPLETED", "FAILED", "CRASHED"), "a run came to its end")
    assert _state(api, run["id"]) == "COMPLETED", log.read_text()


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


def _by_flow(api: str) -> dict[str, dict[str, Any]]:
    return {_get(api, f"/flows/{one['flow_id']}")["name"]: one for one in _deployments(api)}


def _cron(deployment: dict[str, Any]) -> str:
    [clock] = deployment["schedules"]
    return clock["schedule"]["cron"]


def _state(api: str, run_id: str) -> str:
    return _get(api, f"/flow_runs/{run_id}")["state_type"]
