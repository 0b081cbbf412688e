"""All flows are registered with their clocks, and run by a server and by work pools of processes or Kubernetes."""

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from compose.onebox.place import Place, free_port
from compose.onebox.processes import Launch, Supervisor
from compose.onebox.servers.readiness import http_answers
from regulars.settings import CHECKOUT
from tests.figures_told import FIGURES, families, value_of
from tests.infra.kubernetes_files import named
from tests.integration.flows.conftest import ENDS_WITHIN_S
from tests.waiting import wait_for

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
        listens = f"127.0.0.1:{free_port()}"
        told = {"REGULARS_FIGURES_LISTEN": listens, "REGULARS_METRICS_TOKEN": "of-prometheus"}
        watching, seen = (flows_python, "-m", "flows.watch"), place.log("flows-watch")
        supervisor.start(Launch("flows-watch", watching, cwd=CHECKOUT, log=seen, env=flows_environment | told))
        wait_for(lambda: http_answers(f"http://{listens}/healthz", 200) is None, "the figures' server listened")
        _tells_of(f"http://{listens}", "purge_records")
        assert supervisor.deaths("flows-watch") == 0
    finally:
        supervisor.stop("flows-worker")
        supervisor.stop("flows-watch")


def test_a_work_pool_of_kubernetes_makes_jobs_of_the_shape_that_it_is_given(
    flows_python: str, flows_environment: dict[str, str], prefect_api: str, tmp_path: Path
) -> None:
    """No cluster runs here: what a worker of such a pool would make jobs from is looked at."""
    like = named("production", "CronJob", "regulars-flow-run")
    (tmp_path / "job.json").write_text(json.dumps(like))
    _deploy(flows_python, flows_environment, "cluster", "--type=kubernetes", f"--job={tmp_path / 'job.json'}")
    deployed = _by_flow(prefect_api)
    assert {one["work_pool_name"] for one in deployed.values()} == {"cluster"}
    pool = _get(prefect_api, "/work_pools/cluster")
    assert (pool["type"], pool["concurrency_limit"]) == ("kubernetes", 2)
    template = pool["base_job_template"]
    assert template["variables"]["properties"]["namespace"]["default"] == "regulars"
    spec = template["job_configuration"]["job_manifest"]["spec"]
    [container] = spec["template"]["spec"]["containers"]
    assert container.pop("args") == "{{ command }}"
    wanted = like["spec"]["jobTemplate"]["spec"]
    wanted["template"]["spec"] |= {"completions": 1, "parallelism": 1}
    assert spec == wanted


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
    text = httpx.get(f"{url}/metrics", headers=authorized, trust_env=False).text
    assert families(text) == FIGURES["flows"]
    assert time.time() - value_of(text, "regulars_flow_succeeded_timestamp_seconds", flow=flow) < 3600
    assert value_of(text, "regulars_flow_failed_runs", flow=flow) == 0


def _post(api: str, path: str, body: dict[str, Any]) -> Any:
    return _ask("POST", f"{api}{path}", body)


def _get(api: str, path: str) -> Any:
    return _ask("GET", f"{api}{path}")


def _ask(method: str, url: str, body: dict[str, Any] | None = None) -> Any:
    """Ask Prefect, and again while it answers 503: its SQLite is busy just after flows registered."""

    def answered() -> httpx.Response | None:
        answer = httpx.request(method, url, json=body, trust_env=False)
        return None if answer.status_code == 503 else answer

    return wait_for(answered, f"{url} answered").raise_for_status().json()


def _deployments(api: str) -> list[dict[str, Any]]:
    return _post(api, "/deployments/filter", {})


def _by_flow(api: str) -> dict[str, dict[str, Any]]:
    return {_get(api, f"/flows/{one['flow_id']}")["name"]: one for one in _deployments(api)}


def _cron(deployment: dict[str, Any]) -> str:
    [clock] = deployment["schedules"]
    return clock["schedule"]["cron"]


def _state(api: str, run_id: str) -> str:
    return _get(api, f"/flow_runs/{run_id}")["state_type"]
