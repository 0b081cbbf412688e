"""What k8s/ gives each runtime is what its code asks for: settings, secrets, commands, ports, probes."""

import importlib.util
import re
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from starlette.routing import Match

from functions.gateway.app import create_app as gateway_app
from functions.recognize.app import create_app as recognize_app
from functions.recognize.caretaker import Caretaker
from regulars import settings
from regulars.commands.main import parser as operators_commands
from regulars.metrics_server import MetricsServer
from regulars.settings import Settings, load_settings
from regulars.steps.recognize import Recognizer
from tests.infra.kubernetes_files import (
    OVERLAYS,
    ROOT,
    Manifest,
    Workload,
    asked_secrets,
    environment,
    named,
    rendered,
    secret_files,
    workloads,
)

NEEDS = {
    "gateway": settings.GATEWAY_NEEDS,
    "recognize": settings.RECOGNIZE_NEEDS,
    "worker": settings.WORKER_NEEDS,
    "flows": settings.FLOWS_NEEDS,
    "flow-run": settings.FLOWS_NEEDS,
    "migrate": settings.MIGRATE_NEEDS,
    "bucket": ("objects_url",),
    "backup": settings.BACKUP_NEEDS,
    "restore": (*settings.BACKUP_NEEDS, *settings.INDEX_NEEDS),
}
NEVER = {
    "gateway": {"database_owner_url", "vectors_url", "worker_key"},
    "recognize": {"database_owner_url", "secret_key", "worker_key"},
    "worker": {"database_url", "database_owner_url", "objects_url", "vectors_url", "secret_key", "events_token"},
    "flows": {"database_owner_url", "secret_key", "worker_key"},
    "flow-run": {"database_owner_url", "secret_key", "worker_key"},
    "migrate": {"objects_url", "secret_key", "events_token"},
    "bucket": {"database_url", "secret_key", "sealing_keys"},
    "backup": {"secret_key", "vectors_url", "rotation_secret", "events_token", "worker_key"},
    "restore": {"secret_key", "events_token", "worker_key"},
}
VALUES = {
    "regulars_database_url": "postgresql://regulars_app:x@postgres:5432/regulars",
    "regulars_database_owner_url": "postgresql://postgres:x@postgres:5432/regulars",
    "regulars_objects_url": "s3://k:s@minio:9000/faces?secure=false",
    "regulars_vectors_url": "http://root:x@milvus:19530",
    "regulars_sealing_keys": Fernet.generate_key().decode(),
}


def runtimes(overlay: str) -> list[tuple[str, Workload, Manifest]]:
    """Every container that runs our Python: the runtime's name, its workload, itself."""
    return [
        (workload.labels["app.kubernetes.io/name"], workload, container)
        for workload in workloads(overlay)
        for container in workload.containers
        if workload.labels["app.kubernetes.io/name"] in NEEDS and "prefect" not in container.get("command", [])
    ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_settings_accept_what_each_runtime_is_given(
    overlay: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: set[str] = set()
    for name, workload, container in runtimes(overlay):
        given = environment(overlay, workload.pod, container)
        files = secret_files(workload.pod, container)
        told = {one.removeprefix("REGULARS_").lower() for one in given if one.startswith("REGULARS_")}
        held = {one.removeprefix("regulars_") for one in files}
        assert told | held <= set(Settings.model_fields), f"{overlay}: {name}"
        assert not held & NEVER[name], f"{overlay}: {name}"
        folder = tmp_path / f"{name}-secrets"
        folder.mkdir(exist_ok=True)
        for file in files:
            (folder / file).write_text(VALUES.get(file, "of-the-test"))
        with monkeypatch.context() as there:
            for field in Settings.model_fields:
                there.delenv(f"REGULARS_{field.upper()}", raising=False)
            for variable, value in given.items():
                there.setenv(variable, value)
            loaded = load_settings(NEEDS[name], _secrets_dir=folder)
        assert loaded.mode == "production"
        seen.add(name)
    assert seen == set(NEEDS) - ({"bucket"} if overlay == "production" else {"flow-run"})


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_who_mails_and_who_logs_in_elsewhere_may_be_told_how(overlay: str) -> None:
    """Their secrets may be absent: an installation without mail starts without them."""
    files = {name: secret_files(workload.pod, one) for name, workload, one in runtimes(overlay)}
    mailing = {name for name, held in files.items() if "regulars_smtp_url" in held}
    assert mailing == {"gateway", "flows"} | ({"flow-run"} & set(files))
    assert {name for name, held in files.items() if "regulars_oidc_client_secret" in held} == {"gateway"}
    assert not {"regulars/regulars_smtp_url", "regulars/regulars_oidc_client_secret"} & asked_secrets(overlay)
    for name, workload, container in runtimes(overlay):
        if name in mailing:
            told = environment(overlay, workload.pod, container)
            assert {"REGULARS_MAIL_FROM", "REGULARS_OIDC_ISSUER", "REGULARS_OIDC_CLIENT_ID"} <= set(told)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_commands_are_modules_and_listen_where_they_say(overlay: str) -> None:
    for name, _workload, container in runtimes(overlay):
        command: list[str] = container.get("command") or [
            "python",
            "-m",
            "flows.deploy",
        ]  # Prefect says what a run runs
        assert command[:2] == ["python", "-m"], name
        if not command[2].startswith("flows."):
            assert importlib.util.find_spec(command[2]), command
        place = ROOT / command[2].replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), command
        if command[2] == "regulars":
            assert operators_commands().parse_args(command[3:]).run, command
        if "--port" in command:
            [port] = container["ports"]
            assert command[command.index("--port") + 1] == str(port["containerPort"])
            assert command[command.index("--host") + 1] == "0.0.0.0"  # noqa: S104 - in a pod of its own


def answers(app: FastAPI, path: str) -> bool:
    """Say whether the app has a route for GET of this path."""
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in app.routes)


class NeverAsked:
    """In the place of parts that only an answer would ask."""

    def check(self) -> None:
        raise AssertionError


def test_probes_ask_what_the_apps_answer() -> None:
    made = Settings(
        mode="production",
        database_url="postgresql://a:b@c/d",
        objects_url="s3://k:s@h/b",
        sealing_keys=Fernet.generate_key().decode(),
        recognize_url="http://r",
    )
    nothing = cast("Any", NeverAsked())
    recognizer = Recognizer(
        engine=nothing, objects=nothing, vectors=nothing, pack=nothing, detector=nothing, wanted_fpir=0.005
    )
    answered = {
        "gateway": gateway_app(made),
        "recognize": recognize_app(recognizer, "t", Caretaker(recognizer, 0)),
    }
    assert not any(answers(app, "/nothing") for app in answered.values())
    asked = 0
    for overlay in OVERLAYS:
        for name, _workload, container in runtimes(overlay):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if name in answered and probe in container:
                    path = container[probe]["httpGet"]["path"]
                    assert answers(answered[name], path), f"{overlay}: {name} {probe}"
                    asked += 1
            if name in ("worker", "flows"):
                [port] = container["ports"]
                assert given_listen(overlay, _workload, container) == f"0.0.0.0:{port['containerPort']}"
                assert {container[one]["httpGet"]["path"] for one in ("startupProbe", "livenessProbe")} == {"/healthz"}
    assert asked >= 15
    [endpoint] = named("production", "ServiceMonitor", "regulars")["spec"]["endpoints"]
    assert all(answers(app, endpoint["path"]) for app in answered.values())
    with closing(MetricsServer("127.0.0.1:0", "t", lambda: True, lambda: b"figures")) as served:
        asks = f"http://127.0.0.1:{served.port}"
        assert httpx.get(f"{asks}/healthz").status_code == 200
        assert httpx.get(asks + endpoint["path"], headers={"Authorization": "Bearer t"}).content == b"figures"


def given_listen(overlay: str, workload: Workload, container: Manifest) -> str:
    return environment(overlay, workload.pod, container)["REGULARS_FIGURES_LISTEN"]


def test_every_image_of_ours_is_built_and_listens_where_the_manifest_says() -> None:
    seen: set[str] = set()
    for overlay in OVERLAYS:
        for workload in workloads(overlay):
            for container in workload.containers:
                image = container["image"].rpartition("/")[2].partition(":")[0]
                if not image.startswith("regulars-"):
                    continue
                seen.add(image)
                text = (ROOT / f"compose/images/{image.removeprefix('regulars-')}.Dockerfile").read_text()
                assert "USER 10001:10001" in text
                if container.get("command") is None and "ports" in container:
                    assert f"EXPOSE {container['ports'][0]['containerPort']}" in text
    assert seen == {f"regulars-{name}" for name in ("gateway", "recognize", "worker", "flows", "frontend")}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_urls_of_each_other_name_services_and_their_ports(overlay: str) -> None:
    ports = {
        one["metadata"]["name"]: {port["port"] for port in one["spec"].get("ports", [])}
        for one in rendered(overlay)
        if one["kind"] == "Service" and one["apiVersion"] == "v1"
    }
    named_by_knative = {"regulars-recognize": {80}} if overlay == "knative" else {}
    seen = 0
    for workload in workloads(overlay):
        for container in workload.containers:
            for value in environment(overlay, workload.pod, container).values():
                for host, port in re.findall(r"(?:http://|^)(regulars-[\w-]+|minio|milvus)[\w.]*(?::(\d+))?", value):
                    known = ports.get(host) or named_by_knative[host]
                    assert int(port or 80) in known, f"{workload.name}: {value}"
                    seen += 1
    assert seen >= 10


def test_nginx_gets_every_name_that_its_template_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", (ROOT / "compose/nginx/regulars.conf.template").read_text()))
    by_the_image = {"REGULARS_PORTAL"}
    for overlay in OVERLAYS:
        frontend = next(one for one in workloads(overlay) if one.name == "regulars-frontend")
        given = environment(overlay, frontend.pod, frontend.container("frontend"))
        assert set(given) == (asked - by_the_image) | {"REGULARS_PROXIES"}
        assert given["REGULARS_LISTEN"].endswith(f":{frontend.containers[0]['ports'][0]['containerPort']}")
