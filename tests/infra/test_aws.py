"""iac/ is what CloudFormation takes, and what it gives each runtime is what its code asks for."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from functions.recognize import cameras_told
from functions.recognize.handler import LAST_WORK_MS
from regulars import settings
from regulars.settings import Settings
from tests.conftest import require
from tests.infra.cloud_files import ROOT, TEMPLATES, properties, secret, template

NEEDS = {
    ("functions", "Gateway"): settings.GATEWAY_NEEDS,
    ("functions", "Recognize"): settings.RECOGNIZE_NEEDS,
    ("containers", "Worker"): settings.WORKER_NEEDS,
    ("containers", "Flows"): settings.FLOWS_NEEDS,
    ("containers", "Prepare"): (*settings.MIGRATE_NEEDS, *settings.GATEWAY_NEEDS),
}


def test_cfn_lint_finds_nothing() -> None:
    command = [str(Path(sys.executable).parent / "cfn-lint"), *map(str, TEMPLATES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_waiver_says_why() -> None:
    skipped = [
        one
        for path in TEMPLATES
        for resource in template(path.stem)["Resources"].values()
        for one in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert skipped
    assert all(len(one["comment"]) > 20 for one in skipped)


def given(name: str, resource: str) -> dict[str, str]:
    """Return every variable of a Lambda function or of a task's own container, secrets' too."""
    made = properties(name, resource)
    if "Environment" in made:
        variables: dict[str, str] = dict(made["Environment"]["Variables"])
        return variables | secret(variables.pop("SETTINGS_SECRET").strip("<>"))
    container = made["ContainerDefinitions"][-1]
    variables = {one["Name"]: one["Value"] for one in container.get("Environment", [])}
    for one in container["Secrets"]:
        if found := re.fullmatch(r"\$\{(\w+)\}:(\w+)::", one["ValueFrom"]):
            assert found[2] in secret(found[1]), one
        variables[one["Name"]] = "of-a-secret"
    return variables


@pytest.mark.parametrize(("name", "resource"), list(NEEDS))
def test_each_runtime_gets_all_that_it_needs_and_nothing_unknown(name: str, resource: str) -> None:
    variables = given(name, resource)
    ours = {one.removeprefix("REGULARS_").lower() for one in variables if one.startswith("REGULARS_")}
    assert ours <= set(Settings.model_fields)
    assert set(NEEDS[name, resource]) <= ours
    assert variables["REGULARS_MODE"] == "production"
    assert "REGULARS_PORTAL_DIR" not in variables


def test_nobody_gets_what_is_another_runtimes() -> None:
    held = {one: set(given(*one)) for one in NEEDS}
    assert not held["functions", "Recognize"] & {"REGULARS_SECRET_KEY", "REGULARS_EDGE_TOKEN"}
    assert not held["functions", "Gateway"] & {"REGULARS_VECTORS_URL", "REGULARS_DATABASE_OWNER_URL"}
    oidc = {"REGULARS_OIDC_ISSUER", "REGULARS_OIDC_CLIENT_ID", "REGULARS_OIDC_CLIENT_SECRET"}
    assert {one for one, names in held.items() if names & oidc} == {("functions", "Gateway")}
    assert oidc <= held["functions", "Gateway"]
    worker = held["containers", "Worker"]
    assert not worker & {"REGULARS_DATABASE_URL", "REGULARS_OBJECTS_URL", "REGULARS_EVENTS_TOKEN"}
    assert [one for one, names in held.items() if "REGULARS_DATABASE_OWNER_URL" in names] == [("containers", "Prepare")]
    for function in ("Gateway", "Recognize"):
        plain = properties("functions", function)["Environment"]["Variables"]
        assert not {"REGULARS_DATABASE_URL", "REGULARS_EVENTS_TOKEN", "REGULARS_VECTORS_URL"} & set(plain)
        assert "REGULARS_OIDC_CLIENT_SECRET" not in plain


def test_a_generated_password_is_a_sealing_key() -> None:
    generated = properties("data", "SealingKey")["GenerateSecretString"]
    assert (generated["PasswordLength"], generated["ExcludePunctuation"]) == (43, True)
    assert secret("GatewaySettings")["REGULARS_SEALING_KEYS"] == "generated="
    Fernet("a9" * 21 + "Z=")


def test_handlers_and_commands_are_there() -> None:
    for function in ("Gateway", "Recognize"):
        [command] = properties("functions", function)["ImageConfig"]["Command"]
        module, _, name = command.rpartition(".")
        assert name == "handler"
        assert importlib.util.find_spec(module)
    for resource in ("Worker", "Flows", "Prepare"):
        for container in properties("containers", resource)["ContainerDefinitions"]:
            for module in re.findall(
                r"-m,? ((?:functions|regulars|realtime_workers|flows)[\w.]+)", " ".join(container["Command"])
            ):
                assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module


def test_the_queue_has_the_time_that_recognize_takes_and_reports_each_message() -> None:
    function, mapping = properties("functions", "Recognize"), properties("functions", "RecognizeEvents")
    queue = properties("data", "Events")
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
    assert function["Timeout"] * 1000 > 2 * LAST_WORK_MS
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == "<DeadEvents.Arn>"
    assert mapping["ScalingConfig"]["MaximumConcurrency"] < function["ReservedConcurrentExecutions"]
    assert json.loads(properties("functions", "CatchUp")["Target"]["Input"]) == {"catch_up": True}


def test_while_a_version_is_made_ready_nobody_is_served_and_no_event_is_taken() -> None:
    concurrency, served = properties("functions", "Gateway")["ReservedConcurrentExecutions"], ["Serves", True, False]
    assert (concurrency[0], concurrency[2]) == ("Serves", 0)
    assert properties("functions", "RecognizeEvents")["Enabled"] == served
    for schedule in ("CatchUp", "CountCameras"):
        assert properties("functions", schedule)["State"] == ["Serves", "ENABLED", "DISABLED"]
    assert properties("containers", "FlowsService")["DesiredCount"] == ["Serves", 1, 0]
    for stack in ("Functions", "Containers"):
        assert properties("regulars", stack)["Parameters"]["Serving"] == "<Serving>"


def test_an_update_leaves_the_number_of_workers_to_their_scaling() -> None:
    assert "DesiredCount" not in properties("containers", "WorkersService")
    assert properties("containers", "WorkersScale")["MinCapacity"] == "<Workers>"
    for resource in ("WorkersService", "WorkersScale", "WorkersByCameras"):
        assert template("containers")["Resources"][resource]["Condition"] == "HasWorkers"


def test_what_traces_and_what_logs_may() -> None:
    for function in ("Gateway", "Recognize"):
        made = properties("functions", function)
        may = properties("functions", made["Role"].strip("<>").removesuffix(".Arn"))["ManagedPolicyArns"]
        assert made["TracingConfig"] == {"Mode": "Active"}
        assert any(one.endswith(":policy/AWSXRayDaemonWriteAccess") for one in may)
    account, role = properties("functions", "ApiAccount"), properties("functions", "ApiLogRole")
    assert account == {"CloudWatchRoleArn": "<ApiLogRole.Arn>"}
    assert role["ManagedPolicyArns"][0].endswith("/AmazonAPIGatewayPushToCloudWatchLogs")
    assert template("functions")["Resources"]["RecognizeStage"]["DependsOn"] == "ApiAccount"


def test_somebody_hears_of_dead_events() -> None:
    assert properties("data", "DeadEventsAlarm")["AlarmActions"] == ["<Alarms>"]
    mailed = properties("data", "AlarmsByMail")
    assert (mailed["TopicArn"], mailed["Protocol"], mailed["Endpoint"]) == ("<Alarms>", "email", "<OperatorEmail>")
    assert properties("regulars", "Data")["Parameters"]["OperatorEmail"] == "<OperatorEmail>"


def test_workers_grow_by_a_figure_that_recognize_tells() -> None:
    policy = properties("containers", "WorkersByCameras")["TargetTrackingScalingPolicyConfiguration"]
    queries = {one["Id"]: one for one in policy["CustomizedMetricSpecification"]["Metrics"]}
    metric = queries["wanted"]["MetricStat"]["Metric"]
    assert (metric["Namespace"], metric["MetricName"]) == (cameras_told.NAMESPACE, "CamerasWanted")
    assert {one["Name"]: one["Value"] for one in metric["Dimensions"]} == cameras_told.DIMENSION
    assert [name for name, one in queries.items() if one["ReturnData"]] == ["each"]
    assert set(re.findall(r"\w+", queries["each"]["Expression"])) == {"wanted", "running"}
    assert str(policy["TargetValue"]) == given("containers", "Worker")["REGULARS_WORKER_CAPACITY"]
    assert json.loads(properties("functions", "CountCameras")["Target"]["Input"]) == {"count_cameras": True}


def test_the_bucket_tells_of_manifests_and_forgets_faces() -> None:
    faces = properties("data", "Faces")
    [told] = faces["NotificationConfiguration"]["QueueConfigurations"]
    rules = {one["Name"]: one["Value"] for one in told["Filter"]["S3Key"]["Rules"]}
    assert rules == {"prefix": "tracks/", "suffix": "/track.json"}
    expiring = {one.get("Prefix"): one.get("ExpirationInDays") for one in faces["LifecycleConfiguration"]["Rules"]}
    assert expiring["tracks/"] == "<RetentionDays>"
    for name, resource in (("functions", "Gateway"), ("functions", "Recognize"), ("containers", "Flows")):
        assert given(name, resource)["REGULARS_RETENTION_DAYS"] == "<RetentionDays>"
    # Who sets the bucket's rule replaces all that the template gave it.
    assert "s3:PutLifecycleConfiguration" not in (ROOT / "iac/containers.yaml").read_text()
    assert "VersioningConfiguration" not in faces
    limits = template("regulars")["Parameters"]["RetentionDays"]
    assert (limits["Default"], limits["MaxValue"]) == (30, 30)


def test_no_role_may_do_everything() -> None:
    roles: list[Any] = [
        one
        for path in TEMPLATES
        for one in template(path.stem)["Resources"].values()
        if one["Type"] == "AWS::IAM::Role"
    ]
    statements: list[Any] = [
        statement
        for role in roles
        for policy in role["Properties"].get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert len(statements) > 10
    for statement in statements:
        asked = json.dumps([statement["Action"], statement["Resource"]])
        assert "*" not in asked.replace("/*", ""), asked


def test_the_portals_headers_are_nginxs() -> None:
    nginx = (ROOT / "compose/nginx/regulars.conf.template").read_text()
    config: Any = properties("portal", "Headers")["ResponseHeadersPolicyConfig"]
    [policy] = re.findall(r'Content-Security-Policy "(.+?)"', nginx)
    here = config["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert re.sub(r"blob: https://\S+?;", "blob: PICTURES;", here) == policy.replace(
        "${REGULARS_PICTURES_FROM}", "PICTURES"
    )
    for item in config["CustomHeadersConfig"]["Items"]:
        assert f'add_header {item["Header"]} "{item["Value"]}"' in nginx
    paths = [one["PathPattern"] for one in properties("portal", "Site")["DistributionConfig"]["CacheBehaviors"]]
    assert paths == ["/v1/*", "/healthz", "/openapi.json"]


def test_the_cdns_functions_do_what_they_say() -> None:
    node = shutil.which("node")
    require(None if node else "node is not installed")

    def run(name: str, request: dict[str, Any]) -> dict[str, Any]:
        event = {"request": request, "viewer": {"ip": "203.0.113.7"}}
        script = (
            f"{properties('portal', name)['FunctionCode']}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
        )
        done = subprocess.run([str(node), "-e", script], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    spoofed = {"uri": "/v1/x", "headers": {"x-regulars-viewer": {"value": "10.0.0.1"}}}
    assert run("Viewer", spoofed)["headers"]["x-regulars-viewer"] == {"value": "203.0.113.7"}
    uris = {uri: run("Pages", {"uri": uri, "headers": {}})["uri"] for uri in ("/visits", "/assets/a-1.js", "/")}
    assert uris == {"/visits": "/index.html", "/assets/a-1.js": "/assets/a-1.js", "/": "/index.html"}
