"""`k8s/up`, run with a kubectl that renders for real and writes down the rest: Secrets, and what comes after what."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from regulars.adapters.objects_s3 import S3Address
from tests.infra.kubernetes_files import ROOT, asked_secrets, rendered, workloads

STANDING_STILL = {"gateway", "recognize", "flows"}


def run_up(overlay: str, tmp_path: Path, there: str = "") -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run k8s/up with a fake kubectl that renders for real and otherwise writes down what it is told."""
    real, log = shutil.which("kubectl"), tmp_path / "kubectl.log"
    fake = tmp_path / "kubectl"
    fake.write_text(f"""#!/bin/sh
printf '%s\\n' "$*" >>{log}
case "$*" in
kustomize*) exec {real} "$@" ;;
*"get secret"*jsonpath*) printf c3RvcmVk ;;
*"get secret"*) case "{there}" in *"$5"*) exit 0 ;; *) exit 1 ;; esac ;;
*exec*) echo rk_minted ;;
esac
""")
    fake.chmod(0o755)
    command = [str(ROOT / "k8s" / "up"), overlay]
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    return done, log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize("overlay", ["small", "knative"])
def test_one_command_makes_every_secret_that_a_pod_asks_for(overlay: str, tmp_path: Path) -> None:
    rendered(overlay)
    done, said = run_up(overlay, tmp_path)
    assert done.returncode == 0, done.stderr
    made: dict[str, str] = {}
    for line in said:
        if match := re.search(r"create secret generic (\S+) (.+)", line):
            made |= {f"{match[1]}/{key}": value for key, value in re.findall(r"--from-literal=(\w+)=(\S+)", match[2])}
    assert asked_secrets(overlay) <= set(made)
    Fernet(made["regulars/regulars_sealing_keys"])
    root, application = made["regulars-stores/objects_root_url"], made["regulars/regulars_objects_url"]
    assert S3Address.parse(root).credentials.retrieve().access_key == "regulars-root"
    assert S3Address.parse(application).credentials.retrieve().access_key == "regulars-app"
    url = make_url(made["regulars/regulars_database_url"])
    assert (url.host, url.username, url.database) == ("postgres", "regulars_app", "regulars")
    assert made["regulars-worker/regulars_worker_key"] == "rk_minted"
    steps = ["-l regulars/stage=first", "wait --for=condition=complete", "rollout status", "exec deployment/regulars"]
    order = [next(number for number, line in enumerate(said) if step in line) for step in steps]
    assert order == sorted(order)
    whole = [number for number, line in enumerate(said) if "apply -f" in line and " -l " not in line][-1]
    assert order[1] < whole < order[2]


def test_production_hands_the_shape_of_a_run_to_the_work_pool(tmp_path: Path) -> None:
    done, said = run_up("production", tmp_path, there="regulars regulars-prefect regulars-worker")
    assert done.returncode == 0, done.stderr
    asked, told = (next(n for n, line in enumerate(said) if word in line) for word in ("get cronjob", "flows.deploy"))
    assert said[told].endswith("python -m flows.deploy cluster --type kubernetes --job -")
    assert max(n for n, line in enumerate(said) if "rollout status" in line and "regulars-flows" in line) < min(
        asked, told
    )


@pytest.mark.parametrize("overlay", ["small", "knative", "production"])
def test_nothing_of_the_version_before_runs_while_the_schema_is_migrated(overlay: str, tmp_path: Path) -> None:
    done, said = run_up(overlay, tmp_path, there="regulars regulars-prefect regulars-worker")
    assert done.returncode == 0, done.stderr
    started = next(n for n, line in enumerate(said) if "-l regulars/stage=first" in line)
    stopped = " ".join(line for line in said[:started] if " delete " in line and "--cascade=foreground" in line)
    users = {one.name for one in workloads(overlay) if one.labels["app.kubernetes.io/name"] in STANDING_STILL}
    assert users == {f"regulars-{name}" for name in STANDING_STILL}
    assert users <= set(stopped.split())
    assert ("services.serving.knative.dev" in stopped) is (overlay == "knative")
    assert any("delete pod --selector=regulars/runs=flow" in line for line in said[:started])
    assert "kubectl label namespace NAMESPACE regulars/ingress=true" in done.stdout


def test_production_makes_no_secret_of_the_stores_by_itself(tmp_path: Path) -> None:
    done, said = run_up("production", tmp_path)
    assert (done.returncode, "regulars-prefect" in done.stderr) == (1, True)
    assert not [line for line in said if "create secret" in line]
