"""The compose file: what the Compose Specification allows, held against our settings, images and secrets."""

import errno
import importlib.util
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from regulars.adapters.users_minio import bucket_policy
from regulars.settings import (
    BACKUP_NEEDS,
    FLOWS_NEEDS,
    GATEWAY_NEEDS,
    MIGRATE_NEEDS,
    RECOGNIZE_NEEDS,
    WORKER_NEEDS,
    Settings,
    load_settings,
)
from regulars.steps.backup_files import BackupFolders
from tests.conftest import CHECKOUT
from tests.dockerfiles.reading import read_dockerfile
from tests.infra.compose_files import COMPOSE, example_environment, read_compose, variables
from tests.infra.test_locks import pins

FILE = COMPOSE / "compose.yaml"
CONTENT = read_compose(FILE, example_environment(COMPOSE / ".env.example"))
SERVICES: dict[str, dict[str, Any]] = CONTENT["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("regulars-")}
ONE_SHOT = {"migrate", "minio-setup"}
NEEDS: dict[str, tuple[str, ...]] = {
    "migrate": MIGRATE_NEEDS,
    "gateway": (
        *(*GATEWAY_NEEDS, "objects_public_url", "public_url", "operator_email"),
        *("trusted_proxies", "metrics_token", "smtp_url", "mail_from"),
        *("oidc_issuer", "oidc_client_id", "oidc_client_secret"),
    ),
    "recognize": (*RECOGNIZE_NEEDS, "metrics_token", "models_dir"),
    "worker": (
        *(*WORKER_NEEDS, "metrics_token", "models_dir", "spool_dir"),
        *("spool_max_bytes", "worker_capacity", "figures_listen"),
    ),
    "flows": (
        *(*FLOWS_NEEDS, *BACKUP_NEEDS, "backup_days", "postgres_programs_dir", "models_dir"),
        *("metrics_token", "figures_listen", "objects_public_url", "public_url", "smtp_url", "mail_from"),
    ),
    "prefect": (),
    "frontend": (),
}
NEEDS.update({f"{name}-gpu": (*NEEDS[name], "inference_engine") for name in ("recognize", "worker")})
"""What production asks of each service: what it refuses to start without, and what it would be wrong without."""


def image_of(service: dict[str, Any]) -> str:
    return re.sub(r"^regulars-(\w+?)(-gpu)?:.*", r"\1", service["image"])


def told(name: str) -> dict[str, str]:
    """The settings that a service's environment and its image's give, by name."""
    environment: dict[str, str] = {}
    for instruction in (
        read_dockerfile(COMPOSE / "images" / f"{image_of(OURS[name])}.Dockerfile").stages[-1].instructions
    ):
        if instruction.word == "ENV":
            environment |= instruction.pairs({})
    environment |= OURS[name].get("environment", {})
    return {key: str(value) for key, value in environment.items() if key.startswith("REGULARS_")}


def make_secrets(folder: Path) -> None:
    script = COMPOSE / "make_secrets.py"
    spec = importlib.util.spec_from_file_location("make_secrets", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(folder)


@pytest.mark.parametrize("name", [name for name in OURS if name not in {"frontend", "prefect"}])
def test_a_service_is_told_each_setting_that_it_needs_and_none_that_there_is_not(name: str) -> None:
    secrets = {secret.removeprefix("regulars_") for secret in OURS[name].get("secrets", [])}
    given = {key.removeprefix("REGULARS_").lower() for key in told(name)} | secrets
    assert not given - set(Settings.model_fields), "unknown to regulars/settings.py"
    assert given - {"mode"} == set(NEEDS[name])


@pytest.mark.parametrize("name", ["migrate", "gateway", "recognize", "worker", "flows"])
def test_production_starts_with_the_secrets_as_they_are_made(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_secrets(tmp_path / "all")
    given = tmp_path / "given"
    given.mkdir()
    for secret in OURS[name]["secrets"]:
        (given / secret).write_text((tmp_path / "all" / secret).read_text())
    for key, value in told(name).items():
        monkeypatch.setenv(key, value)
    settings = load_settings(NEEDS[name], _secrets_dir=given)
    assert settings.mode == "production"
    if name == "worker":  # its key is made in the portal and written there by hand
        assert settings.worker_key == ""


def test_secrets_are_files_that_are_made_and_that_only_this_user_can_look_at(tmp_path: Path) -> None:
    make_secrets(tmp_path / "secrets")
    held = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    for name, secret in CONTENT["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
        assert name in held
        assert (tmp_path / "secrets" / name).stat().st_mode & 0o777 == 0o444
    make_secrets(tmp_path / "secrets")
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == held
    ignored = (CHECKOUT / ".gitignore").read_text().splitlines()
    assert {"compose/secrets/", "compose/.env"} <= set(ignored)


def test_a_full_disk_leaves_no_secret_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Path.write_text

    def half(file: Path, text: str) -> int:
        write(file, text[: len(text) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        make_secrets(tmp_path)
    monkeypatch.undo()
    make_secrets(tmp_path)
    assert len((tmp_path / "postgres_password").read_text()) == 32
    assert not list(tmp_path.glob(".*"))


def test_what_a_service_names_is_there() -> None:
    for name, service in SERVICES.items():
        assert set(service["networks"]) <= set(CONTENT["networks"]), name
        sources = [secret if isinstance(secret, str) else secret["source"] for secret in service.get("secrets", [])]
        assert set(sources) <= set(CONTENT["secrets"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (COMPOSE / source).exists() if source.startswith("./") else source in CONTENT["volumes"], volume
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] == f"service_{'completed_successfully' if other in ONE_SHOT else 'healthy'}", name
            assert set(service["networks"]) & set(SERVICES[other]["networks"]) or other in ONE_SHOT, (name, other)


def test_every_service_is_bounded_and_ours_can_change_nothing() -> None:
    for name, service in SERVICES.items():
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}, name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name
        if name not in ONE_SHOT:
            assert service["restart"] == "unless-stopped", name
            assert name in OURS or "test" in service["healthcheck"], name
    for name, service in OURS.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        # Two services of one image both say how it is built: compose would look for it in a registry otherwise.
        build = {"context": "..", "dockerfile": f"compose/images/{image_of(service)}.Dockerfile"}
        assert service["build"] == (build | {"args": {"LOCK": name}} if name.endswith("-gpu") else build)
        assert (COMPOSE / "images" / f"{image_of(service)}.Dockerfile").is_file()


@pytest.mark.parametrize("name", ["recognize", "worker"])
def test_on_a_card_the_same_runs_with_the_packages_for_it_and_is_found_under_the_same_name(name: str) -> None:
    service = SERVICES[f"{name}-gpu"]
    [device] = service["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["capabilities"]) == ("nvidia", ["gpu"])
    assert service["environment"]["REGULARS_INFERENCE_ENGINE"] == "cuda"
    assert service["secrets"] == SERVICES[name]["secrets"]
    assert set(service["networks"]) == set(SERVICES[name]["networks"])
    callers = {"recognize": {"events", "faces", "monitoring"}, "worker": {"monitoring"}}[name]
    assert {network for network, how in service["networks"].items() if how.get("aliases") == [name]} == callers
    argument = read_dockerfile(COMPOSE / "images" / f"{name}.Dockerfile").stages
    assert {"LOCK": name} in [stage.arguments() for stage in argument]
    plain, on_a_card = pins(name), pins(f"{name}-gpu")
    assert "onnxruntime-gpu" in on_a_card
    others = {package for package in on_a_card if not package.startswith(("nvidia-", "onnxruntime-gpu"))}
    assert {package: on_a_card[package] for package in others} == {package: plain[package] for package in others}
    assert set(plain) - others <= {"onnxruntime", "openvino", "openvino-telemetry"}


def test_backups_and_the_keys_that_open_them_lie_in_volumes_of_their_own() -> None:
    """And the programs that write them are not older than the server: an older pg_dump refuses a newer server."""
    mounted = {volume.split(":")[1]: volume.split(":")[0] for volume in SERVICES["flows"]["volumes"]}
    given = told("flows")
    places = [mounted[given[name]] for name in ("REGULARS_BACKUP_DIR", "REGULARS_BACKUP_KEYS_DIR")]
    assert len(set(places)) == 2
    BackupFolders(Path(given["REGULARS_BACKUP_DIR"]), Path(given["REGULARS_BACKUP_KEYS_DIR"]))
    [programs] = pins("dumps").values()
    assert int(min(programs).split(".")[0]) >= int(SERVICES["postgres"]["image"].partition(":")[2].split(".")[0])
    with_owner = {name for name, one in SERVICES.items() if "regulars_database_owner_url" in one.get("secrets", [])}
    assert with_owner == {"migrate", "flows"}


def test_recognize_has_the_memory_that_its_galleries_take() -> None:
    held: int = Settings.model_fields["held_galleries_mb"].default
    most = SERVICES["recognize"]["deploy"]["resources"]["limits"]["memory"]
    assert (
        int(most.removesuffix("g")) * 1024 >= held + held // 2 + 200
    )  # one gallery twice, and what it takes without any


def test_the_example_environment_names_every_variable_that_may_be_set() -> None:
    example = (COMPOSE / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    of_images = {
        "POSTGRES_IMAGE",
        "MINIO_IMAGE",
        "MC_IMAGE",
        "ETCD_IMAGE",
        "MILVUS_IMAGE",
        "PROMETHEUS_IMAGE",
        "GRAFANA_IMAGE",
    }
    assert named == variables(FILE)
    assert of_images <= named


def test_the_bucket_tells_recognize_of_manifests_and_keeps_faces_thirty_days() -> None:
    script = (COMPOSE / "minio" / "set-up.sh").read_text()
    assert "arn:minio:sqs::RECOGNIZE:webhook" in script
    minio = SERVICES["minio"]["environment"]
    assert minio["MINIO_NOTIFY_WEBHOOK_ENABLE_RECOGNIZE"] == "on"
    assert f"{minio['MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_RECOGNIZE']}" in {
        volume.split(":")[1] for volume in SERVICES["minio"]["volumes"]
    }
    assert json.loads((COMPOSE / "minio" / "policy.json").read_text()) == bucket_policy("faces")
    [rule] = json.loads((COMPOSE / "minio" / "lifecycle.json").read_text())["Rules"]
    assert rule["Expiration"]["Days"] == Settings.model_fields["retention_days"].default == 30
    assert rule["Filter"]["Prefix"] == "tracks/"
    assert rule["Status"] == "Enabled"
