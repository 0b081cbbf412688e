"""k8s/ renders to manifests that Kubernetes, Knative, KEDA and the Prometheus operator take, hardened alike."""

import json
import re
from copy import deepcopy
from functools import cache
from typing import Any, cast

import jsonschema
import kubernetes_validate.utils
import pytest

from regulars.settings import Settings
from tests.infra.kubernetes_files import (
    OVERLAYS,
    ROOT,
    Manifest,
    Workload,
    may_leave_to,
    may_reach,
    named,
    rendered,
    selects,
    workloads,
)

SCHEMAS = {
    "serving.knative.dev/v1": "knative-serving",
    "eventing.knative.dev/v1": "knative-eventing",
    "keda.sh/v1alpha1": "keda",
    "monitoring.coreos.com/v1": "prometheus-operator",
}
KUBERNETES = "1.33"
IDLE_MB = 200
OURS = ("gateway", "recognize", "worker", "flows", "frontend", "migrate", "bucket", "prefect", "events-bridge")


def test_every_manifest_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """All overlays at once, and what several have in common only once; the library would read all schemas for each."""
    checker: Any = kubernetes_validate.utils
    monkeypatch.setattr(checker, "schema_contents", cache(checker.schema_contents))
    different = {json.dumps(manifest, sort_keys=True): manifest for one in OVERLAYS for manifest in rendered(one)}
    seen: set[str] = set()
    for manifest in different.values():
        name = SCHEMAS.get(manifest["apiVersion"], "kubernetes")
        seen.add(name)
        if name == "kubernetes":
            checker.validate(manifest, KUBERNETES, strict=True)
        else:
            schema = json.loads((ROOT / "tests/infra/schemas" / f"{name}.json").read_text())
            cast("Any", jsonschema).Draft202012Validator(schema).validate(manifest)
    assert seen == {"kubernetes", *SCHEMAS.values()}


def test_a_pool_starts_jobs_in_its_own_namespace_and_nobody_else_may() -> None:
    [role] = [one for one in rendered("production") if one["kind"] in ("Role", "ClusterRole")]
    assert (role["kind"], role["metadata"]["namespace"]) == ("Role", "regulars")
    writes = {(what, verb) for rule in role["rules"] for what in rule["resources"] for verb in rule["verbs"]}
    assert {what for what, verb in writes if verb not in ("get", "list", "watch")} == {"jobs"}
    token = "/var/run/secrets/kubernetes.io/serviceaccount"
    holding = [
        (workload.name, container["name"])
        for workload in workloads("production")
        for container in workload.containers
        if token in [one["mountPath"] for one in container["volumeMounts"]]
    ]
    assert holding == [("regulars-flows", "worker")]
    assert named("production", "CronJob", "regulars-flow-run")["spec"]["suspend"] is True
    run = next(one for one in workloads("production") if one.name == "regulars-flow-run")
    labels = {**run.labels, "app.kubernetes.io/name": "by_the_clock"}  # Prefect names the pods of its Jobs so
    others = {name_of(one): one.labels for one in workloads("production")}
    ways = {("prefect", 4200): True, ("recognize", 8090): True, ("gateway", 8080): False, ("worker", 9100): False}
    assert {way: may_reach("production", labels, others[way[0]], way[1]) for way in ways} == ways


def test_a_schema_of_ours_refuses_what_knative_would() -> None:
    schema = json.loads((ROOT / "tests/infra/schemas/knative-serving.json").read_text())
    wrong = deepcopy(named("knative", "Service", "regulars-recognize"))
    wrong["spec"]["template"]["spec"]["securityContext"] = {"fsGroup": 10001}
    with pytest.raises(jsonschema.ValidationError, match="securityContext"):
        cast("Any", jsonschema).Draft202012Validator(schema).validate(wrong)


def test_every_image_is_of_one_version_and_ours_of_this_one() -> None:
    [version] = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    for overlay in OVERLAYS:
        for workload in workloads(overlay):
            for container in workload.containers:
                name, _, tag = container["image"].partition(":")
                assert tag == version if "regulars-" in name else tag, f"{overlay}: {workload.name}"


def name_of(workload: Workload) -> str:
    return workload.labels["app.kubernetes.io/name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_is_closed(overlay: str) -> None:
    for workload in workloads(overlay):
        where = f"{overlay}: {workload.name}"
        assert workload.pod["automountServiceAccountToken"] is False, where
        pod = workload.pod.get("securityContext", {})
        for container in workload.containers:
            closed = pod | container["securityContext"]
            assert closed["runAsNonRoot"] is True, where
            assert closed["runAsUser"] > 0, where
            assert closed["seccompProfile"] == {"type": "RuntimeDefault"}, where
            assert closed["allowPrivilegeEscalation"] is False, where
            assert closed["capabilities"] == {"drop": ["ALL"]}, where
            assert closed["readOnlyRootFilesystem"] is (workload.name != "milvus"), where
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), where
            assert "memory" in container["resources"]["limits"], where


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_reference_leads_somewhere(overlay: str) -> None:
    there = {(one["kind"], one["metadata"]["name"]) for one in rendered(overlay)}
    pods = list(workloads(overlay))
    for one in rendered(overlay):
        spec: Manifest = one.get("spec") or {}
        where = f"{overlay}: {one['kind']} {one['metadata']['name']}"
        if "scaleTargetRef" in spec:
            assert (spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]) in there, where
        if one["kind"] == "Service" and one["apiVersion"] == "v1":
            chosen = [pod for pod in pods if selects({"matchLabels": spec["selector"]}, pod.labels)]
            assert len(chosen) == 1, where
            ports = {port["name"] for container in chosen[0].containers for port in container.get("ports", [])}
            assert {port["targetPort"] for port in spec.get("ports", [])} <= ports, where
        if one["kind"] in ("Deployment", "StatefulSet", "PodDisruptionBudget"):
            labels = [pod.labels for pod in pods if pod.kind in ("Deployment", "StatefulSet")]
            assert sum(selects(spec["selector"], of) for of in labels) == 1, where
        if one["kind"] == "Ingress":
            for rule in spec["rules"]:
                for path in rule["http"]["paths"]:
                    assert ("Service", path["backend"]["service"]["name"]) in there, where
    for pod in pods:
        volumes = {one["name"] for one in pod.pod.get("volumes", [])}
        volumes |= {one["metadata"]["name"] for one in _claims(overlay, pod)}
        for container in pod.containers:
            assert {one["name"] for one in container["volumeMounts"]} <= volumes, pod.name


def _claims(overlay: str, pod: Workload) -> list[Manifest]:
    return named(overlay, "StatefulSet", pod.name)["spec"]["volumeClaimTemplates"] if pod.kind == "StatefulSet" else []


def test_what_a_chain_runs_survives_a_node_and_grows_by_itself() -> None:
    kept = {one["metadata"]["name"] for one in rendered("production") if one["kind"] == "PodDisruptionBudget"}
    assert kept == {f"regulars-{name}" for name in ("gateway", "recognize", "worker", "frontend")}
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]
        for one in rendered("production")
        if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")
    }
    assert scaled == {f"regulars-{name}" for name in ("gateway", "recognize", "worker")}
    for workload in workloads("production"):
        if workload.name in kept:
            [spread] = workload.pod["topologySpreadConstraints"]
            assert selects(spread["labelSelector"], workload.labels)


def test_workers_grow_by_a_figure_that_the_gateway_tells() -> None:
    [trigger] = named("production", "ScaledObject", "regulars-worker")["spec"]["triggers"]
    told = (ROOT / "functions/gateway/metrics.py").read_text()
    asked = re.findall(r"regulars_\w+", trigger["metadata"]["query"])
    assert asked
    assert all(f'"{name}"' in told for name in asked)
    worker = next(one for one in workloads("production") if name_of(one) == "worker")
    capacity = next(one for one in worker.containers[0]["env"] if one["name"] == "REGULARS_WORKER_CAPACITY")
    assert trigger["metadata"]["threshold"] == capacity["value"]


WAYS = {
    ("frontend", "gateway", 8080): True,
    ("worker", "gateway", 8080): True,
    ("gateway", "recognize", 8090): True,
    ("flows", "recognize", 8090): True,
    ("flows", "prefect", 4200): True,
    ("minio", "recognize", 8090): True,
    ("gateway", "postgres", 5432): True,
    ("migrate", "postgres", 5432): True,
    ("recognize", "milvus", 19530): True,
    ("bucket", "minio", 9000): True,
    ("backup", "minio", 9000): True,
    ("backup", "postgres", 5432): True,
    ("restore", "milvus", 19530): True,
    ("backup", "milvus", 19530): False,
    ("flows", "minio", 9000): True,
    ("worker", "postgres", 5432): False,
    ("worker", "minio", 9000): False,
    ("worker", "recognize", 8090): False,
    ("frontend", "postgres", 5432): False,
    ("frontend", "recognize", 8090): False,
    ("gateway", "milvus", 19530): False,
    ("gateway", "prefect", 4200): False,
    ("minio", "postgres", 5432): False,
    ("prefect", "postgres", 5432): False,
    ("postgres", "gateway", 8080): False,
    ("gateway", "postgres", 22): False,
}


def test_everybody_reaches_whom_they_need_and_nobody_else() -> None:
    labels = {name_of(one): one.labels for one in workloads("small")}
    found = {(a, b, port): may_reach("small", labels[a], labels[b], port) for a, b, port in WAYS}
    assert found == WAYS
    for overlay in OVERLAYS:
        nothing = named(overlay, "NetworkPolicy", "nothing")["spec"]
        assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


OUTSIDE = {
    ("worker", "10.0.0.10", 443): True,
    ("worker", "10.0.0.10", 9000): False,
    ("worker", "10.0.0.11", 443): False,
    ("worker", "192.168.1.20", 554): False,
    ("worker", "203.0.113.9", 554): True,
    ("gateway", "10.0.0.10", 443): True,
    ("gateway", "203.0.113.9", 465): True,
    ("flows", "203.0.113.9", 587): True,
    ("recognize", "203.0.113.9", 443): False,
    ("recognize", "10.0.0.10", 19530): True,
    ("frontend", "10.0.0.10", 443): False,
}
"""In `production`: of private addresses a worker reaches the object store's alone, whose placeholder is 10.0.0.10."""


def test_a_chains_workers_reach_cameras_in_the_world_and_the_store_and_no_machine_beside_it() -> None:
    labels = {name_of(one): one.labels for one in workloads("production")}
    found = {(a, address, port): may_leave_to("production", labels[a], address, port) for a, address, port in OUTSIDE}
    assert found == OUTSIDE


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_recognize_has_the_memory_that_its_galleries_take(overlay: str) -> None:
    [recognize] = [one for one in workloads(overlay) if name_of(one) == "recognize"]
    resources = recognize.containers[0]["resources"]
    asked, most = (int(resources[which]["memory"].removesuffix("Gi")) * 1024 for which in ("requests", "limits"))
    held: int = Settings.model_fields["held_galleries_mb"].default
    assert asked >= held + IDLE_MB
    # No gallery is larger than half of what all may take (decision 17); while it is packed there are two of it.
    assert most >= held + IDLE_MB + held // 2
