"""Every image, built from its Dockerfile's own lines and started by its own command: does its health check say yes?

Linux and root, with mmdebstrap; what this shows and what not, tests/dockerfiles/building.py says. All five take
minutes, so two are built unless REGULARS_IMAGES names others: REGULARS_IMAGES=gateway,frontend,worker,recognize,flows.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import kubernetes_validate
import pytest

from regulars.settings import FLOWS_NEEDS, GATEWAY_NEEDS, RECOGNIZE_NEEDS, WORKER_NEEDS
from tests.conftest import CHECKOUT, require
from tests.dockerfiles.building import Builder, Image
from tests.dockerfiles.context import fresh_context
from tests.dockerfiles.reading import read_dockerfile
from tests.dockerfiles.running import Container, Network, running
from tests.infra.kubernetes_files import Manifest, named
from tests.waiting import wait_for

CHOSEN = os.environ.get("REGULARS_IMAGES", "gateway,frontend").split(",")
NEEDS = {"gateway": GATEWAY_NEEDS, "recognize": RECOGNIZE_NEEDS, "worker": WORKER_NEEDS, "flows": FLOWS_NEEDS}
PLACES = {
    "database_url": "postgresql://regulars_app:pw@127.0.0.1:1/regulars",
    "objects_url": "s3://key:secret@127.0.0.1:1/faces?secure=false",
    "vectors_url": "http://127.0.0.1:1",
    "rotation_secret": "of-the-tests-and-of-nobody-else-0123456789",
    "recognize_url": "http://127.0.0.1:8090",
    "gateway_url": "http://127.0.0.1:8080",
    "secret_key": "s" * 48,
    "sealing_keys": "4OXhZ2SPbgtPz0kwF4mCLtbmq1WOJTnNBu0p1cBDnSE=",
    "events_token": "of-events",
    "worker_key": "of-worker",
}
"""Nothing listens at port 1: an image is healthy while its process does its work, whoever else is away."""

READ_FIGURES = """
from urllib.request import Request, urlopen
asked = Request("http://127.0.0.1:9100/metrics", headers={"Authorization": "Bearer t"})
print(urlopen(asked, timeout=50).read().decode())
"""

JOB_OF_A_RUN = """
import asyncio, json, pathlib, subprocess, sys, uuid
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect_kubernetes.worker import KubernetesWorkerJobConfiguration
pathlib.Path("/tmp/job.json").write_text(sys.argv[1])
registered = [sys.executable, "-m", "flows.deploy", "cluster", "--type", "kubernetes", "--job", "/tmp/job.json"]
subprocess.run(registered, check=True)
with get_client(sync_client=True) as client:
    template = client.read_work_pool("cluster").base_job_template
made = asyncio.run(KubernetesWorkerJobConfiguration.from_template_and_values(template, {}))
made.prepare_for_flow_run(FlowRun(id=uuid.uuid4(), name="of-the-test", flow_id=uuid.uuid4()))
print(json.dumps(made.job_manifest))
"""
"""What the pool's worker would send to a cluster for one run, made by the worker's own code."""

NEEDED_BY_FLOWS = """
import alembic, cv2, duckdb, fpdf, pandas, psycopg, pymilvus
from regulars import wiring
from regulars.commands.main import main
from regulars.settings import load_settings
wiring.model_pack(load_settings(())).embedder
print("all there")
"""
"""Packages that only some flow asks for, at night, and the models that another pack's looks are made anew with."""


@pytest.fixture(scope="module")
def builder() -> Builder:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("images are built here on Linux by root only")
    missing = [name for name in ("mmdebstrap", "unshare", "nsenter", "ip") if shutil.which(name) is None]
    require(f"to build images: {', '.join(missing)}" if missing else None)
    folder = CHECKOUT / ".regulars" / "images"
    return Builder(folder, fresh_context(CHECKOUT, folder))


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network()
    yield made
    made.close()


def built(builder: Builder, name: str) -> Image:
    if name not in CHOSEN:
        pytest.skip(f"REGULARS_IMAGES does not name {name}")
    return builder.build(read_dockerfile(CHECKOUT / "compose" / "images" / f"{name}.Dockerfile"))


def environment(name: str) -> dict[str, str]:
    """What production mode asks of this runtime, and nothing else."""
    return {f"REGULARS_{need.upper()}": PLACES[need] for need in NEEDS[name]}


def refuses_to_be_written_to(container: Container) -> None:
    tried = (
        'for place in / /app /etc /opt/venv /usr/bin; do touch "$place/x" 2>&1 && echo "wrote to $place"; done; id -u'
    )
    told = container.run("sh", "-c", tried)
    assert "wrote to" not in told.stdout
    assert told.stdout.splitlines()[-1] == "10001"
    assert container.run("touch", "/x", user="0:0").returncode != 0


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["recognize", "worker", "gateway"])
def test_an_image_is_healthy_by_its_own_check_and_stops_when_told(
    builder: Builder, network: Network, tmp_path: Path, name: str
) -> None:
    image = built(builder, name)
    with running(image, tmp_path / name, network, environment(name)) as container:
        container.wait_until_healthy()
        refuses_to_be_written_to(container)
        assert container.stop() == 0


@pytest.mark.timeout(900)
def test_the_portal_is_served_and_the_gateway_reached_through_nginx(
    builder: Builder, network: Network, tmp_path: Path
) -> None:
    frontend, gateway = built(builder, "frontend"), built(builder, "gateway")
    told = {"REGULARS_GATEWAY": "gateway.test:8080", "REGULARS_PICTURES_FROM": "https://files.example.com"}
    with (
        running(gateway, tmp_path / "gateway", network, environment("gateway")) as behind,
        running(frontend, tmp_path / "frontend", network, told) as before,
    ):
        before.hosts.write_text("192.0.2.1 gateway.test\n")
        behind.wait_until_healthy()
        before.wait_until_healthy()
        refuses_to_be_written_to(before)
        page = before.run("busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8000/visits")
        assert '<div id="root">' in page.stdout
        ask = ("busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8000/healthz")
        assert before.run(*ask).stdout == ""
        before.hosts.write_text("127.0.0.1 gateway.test\n")  # it came back under another address
        wait_for(lambda: before.run(*ask).stdout == '{"status":"ok"}', "the gateway was found again")
        assert before.stop() == 0


@pytest.mark.timeout(900)
def test_flows_register_at_the_prefect_server_of_the_same_image(
    builder: Builder, network: Network, tmp_path: Path
) -> None:
    image = built(builder, "flows")
    server = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", "4200"]
    told = environment("flows") | {"PREFECT_API_URL": "http://127.0.0.1:4200/api", "REGULARS_METRICS_TOKEN": "t"}
    health = "from urllib.request import urlopen; urlopen('http://127.0.0.1:4200/api/health')"
    prefect_server = replace(image, command=server, health=["python", "-c", health])
    with running(prefect_server, tmp_path / "server", network, {}) as prefect:
        prefect.wait_until_healthy()
        with running(image, tmp_path / "flows", network, told) as flows:
            flows.wait_until_healthy()
            assert "PostgreSQL" in flows.run("sh", "-c", '"$REGULARS_POSTGRES_PROGRAMS_DIR/pg_dump" --version').stdout
            assert flows.run("python", "-c", NEEDED_BY_FLOWS).stdout == "all there\n"
            figures = flows.run("python", "-c", READ_FIGURES)
            assert 'regulars_flow_failed_runs{flow="roll_up"} 0.0' in figures.stdout, figures.stderr
            like = named("production", "CronJob", "regulars-flow-run")
            made = flows.run("python", "-c", JOB_OF_A_RUN, json.dumps(like))
            assert made.returncode == 0, made.stderr
            is_a_job_like(json.loads(made.stdout.splitlines()[-1]), like)
            refuses_to_be_written_to(flows)
            assert flows.stop() == 0


def is_a_job_like(job: Manifest, like: Manifest) -> None:
    """What Prefect's worker would send to a cluster is the Job of the manifest, with its own command and labels."""
    wanted = like["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    pod = job["spec"]["template"]["spec"]
    for name in ("completions", "parallelism"):
        pod.pop(name)  # a cluster passes over them
    cast("Any", kubernetes_validate).validate(job, "1.33", strict=True)
    [container], [as_told] = pod.pop("containers"), wanted.pop("containers")
    assert pod == wanted
    assert container.pop("args") == ["prefect", "flow-run", "execute"]
    env, told = ({one["name"]: one["value"] for one in which.pop("env")} for which in (container, as_told))
    assert told.items() <= {**env, "PREFECT_API_URL": told["PREFECT_API_URL"]}.items()
    assert container == as_told
    assert job["metadata"]["namespace"] == "regulars"
    assert job["spec"]["template"]["metadata"]["labels"]["regulars/runs"] == "flow"
