"""`iac/up`, run with an aws, a docker and an npm that write down what they are told: what is deployed, and when."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.infra.cloud_files import ROOT, template

NEEDED = {
    "DOMAIN": "regulars.example.com",
    "CERTIFICATE_ARN": "arn:aws:acm:us-east-1:1:certificate/x",
    "OPERATOR_EMAIL": "operator@example.com",
    "VECTORS_URL": "https://milvus.example.com",
    "VERSION": "new",
}
CODE = {"GatewayLambdaImage", "RecognizeLambdaImage", "WorkerImage", "FlowsImage"}


def run_up(folder: Path, there: str = "", exit_code: str = "0", **wanted: str) -> tuple[int, list[str]]:
    """Run iac/up where `there` (stack, images) is already; return its exit code and what was told, line by line."""
    log = folder / "told.log"
    log.unlink(missing_ok=True)
    fakes = {
        "aws": f"""
case "$*" in
*"describe-stacks"*"--query"*) echo told ;;
*"describe-stacks"*) case "{there}" in *stack*) ;; *) exit 254 ;; esac ;;
*"describe-images"*) case "{there}" in *images*) ;; *) exit 254 ;; esac ;;
*"describe-tasks"*) echo {exit_code} ;;
*) echo something ;;
esac""",
        "docker": "cat >/dev/null",
        "npm": "",
    }
    for name, does in fakes.items():
        fake = folder / name
        fake.write_text(f"#!/bin/sh\nprintf '%s\\n' \"{name} $*\" >>{log}\n{does}\n")
        fake.chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "AWS_REGION": "eu-central-1", **NEEDED, **wanted}
    done = subprocess.run(
        [str(ROOT / "iac" / "up")], stdin=subprocess.DEVNULL, capture_output=True, check=False, env=environment
    )
    return done.returncode, log.read_text().splitlines()


def places(said: list[str], words: str) -> list[int]:
    return [number for number, line in enumerate(said) if words in line]


def parameters(line: str) -> dict[str, str]:
    """Return what a deployment hands over; each must be a parameter of the stack."""
    given = dict(re.findall(r"(\w+)=(\S*)", line.partition("--parameter-overrides ")[2]))
    assert set(given) <= set(template("regulars")["Parameters"])
    return given


@pytest.mark.parametrize("there", ["", "stack images"])
def test_the_schema_is_migrated_while_nothing_serves_and_before_the_new_code_does(there: str, tmp_path: Path) -> None:
    code, said = run_up(tmp_path, there)
    assert code == 0
    [before, after] = places(said, "cloudformation deploy")
    [migrated] = places(said, "ecs wait tasks-stopped")
    assert before < migrated < after
    first, last = parameters(said[before]), parameters(said[after])
    assert (first["Serving"], last["Serving"]) == ("false", "true")
    assert first["GatewayImage"].endswith("/regulars-gateway:new"), "its own image is what migrates"
    assert set(last) >= CODE
    assert bool(CODE & set(first)) is not bool(there), "an upgrade's code comes after its schema"


def test_nothing_serves_after_migrations_that_failed(tmp_path: Path) -> None:
    code, said = run_up(tmp_path, "stack", exit_code="1")
    assert code == 1
    assert len(places(said, "cloudformation deploy")) == 1


def test_a_tag_that_is_there_is_not_pushed_again(tmp_path: Path) -> None:
    assert len(places(run_up(tmp_path)[1], "docker push")) == 5
    code, said = run_up(tmp_path, "stack images")
    assert (code, places(said, "docker push")) == (0, [])


def test_what_nobody_names_keeps_its_former_value(tmp_path: Path) -> None:
    _, said = run_up(tmp_path, "stack images")
    needed = {"Domain", "CertificateArn", "OperatorEmail", "VectorsUrl", "GatewayImage", "Serving"}
    for number in places(said, "cloudformation deploy"):
        assert set(parameters(said[number])) - CODE == needed
    _, said = run_up(tmp_path, "stack images", WORKERS="2", SMTP_URL="", RETENTION_DAYS="7", OIDC_CLIENT_ID="of-ours")
    given = parameters(said[places(said, "cloudformation deploy")[-1]])
    named = {"Workers": "2", "SmtpUrl": "", "RetentionDays": "7", "OidcClientId": "of-ours"}
    assert {name: given[name] for name in set(given) - CODE - needed} == named
