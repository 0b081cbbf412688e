"""What k8s/ renders to, read the way that a cluster would: manifests, their pods, and who may reach whom."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import require

ROOT = Path(__file__).resolve().parents[2]
OVERLAYS = ("small", "production", "knative")
Manifest = Any
"""Whatever YAML says."""
NOTHING: Manifest = {}


@cache
def rendered(overlay: str) -> list[Manifest]:
    """Return the manifests of an overlay as kubectl makes them."""
    program = shutil.which("kubectl")
    require(None if program else "kubectl is not installed")
    done = subprocess.run(
        [str(program), "kustomize", str(ROOT / "k8s" / "overlays" / overlay)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def named(overlay: str, kind: str, name: str) -> Manifest:
    """Return one manifest; ConfigMaps are found by the name before their hash."""
    [found] = [
        one
        for one in rendered(overlay)
        if one["kind"] == kind
        and (one["metadata"]["name"] == name or (kind == "ConfigMap" and one["metadata"]["name"][:-11] == name))
    ]
    return found


@dataclass(frozen=True)
class Workload:
    """Something that makes pods: its name, the pods' labels and their specification."""

    kind: str
    name: str
    labels: dict[str, str]
    pod: Manifest

    @property
    def containers(self) -> list[Manifest]:
        """All containers, those that run first too."""
        return [*self.pod.get("initContainers", NOTHING), *self.pod["containers"]]

    def container(self, name: str) -> Manifest:
        """Return one container."""
        return next(one for one in self.containers if one["name"] == name)


def workloads(overlay: str) -> Iterator[Workload]:
    """Yield whatever makes pods, Knative Services too."""
    for one in rendered(overlay):
        spec: Manifest = one.get("spec") or NOTHING
        template: Manifest = spec.get("jobTemplate", NOTHING).get("spec", spec).get("template") or NOTHING
        if "spec" in template:
            labels = {**template.get("metadata", NOTHING).get("labels", NOTHING)}
            yield Workload(one["kind"], one["metadata"]["name"], labels, template["spec"])


def environment(overlay: str, pod: Manifest, container: Manifest) -> dict[str, str]:
    """Return the container's variables; what comes from a Secret has the value `secret:NAME/KEY`."""
    given: dict[str, str] = {}
    for source in container.get("envFrom") or NOTHING:
        given |= _settings(overlay, source["configMapRef"]["name"])
    for one in container.get("env") or NOTHING:
        if "value" in one:
            given[one["name"]] = one["value"]
        elif "configMapKeyRef" in one["valueFrom"]:
            reference = one["valueFrom"]["configMapKeyRef"]
            given[one["name"]] = _settings(overlay, reference["name"])[reference["key"]]
        else:
            reference = one["valueFrom"]["secretKeyRef"]
            given[one["name"]] = f"secret:{reference['name']}/{reference['key']}"
    return given


def secret_files(pod: Manifest, container: Manifest) -> dict[str, str]:
    """Return the files that a container finds under /run/secrets, each with `SECRET/KEY`."""
    mounted = {one["name"] for one in container.get("volumeMounts", NOTHING) if one["mountPath"] == "/run/secrets"}
    files: dict[str, str] = {}
    for volume in pod.get("volumes", NOTHING):
        if volume["name"] in mounted:
            files |= {item["path"]: f"{name}/{item['key']}" for name, item in _items(volume)}
    return files


def asked_secrets(overlay: str) -> set[str]:
    """Return every `SECRET/KEY` without which some pod would not start."""
    asked: set[str] = set()
    for workload in workloads(overlay):
        for volume in workload.pod.get("volumes", NOTHING):
            asked |= {f"{name}/{item['key']}" for name, item in _items(volume, optional=False)}
        for container in workload.containers:
            values = environment(overlay, workload.pod, container).values()
            asked |= {value.removeprefix("secret:") for value in values if value.startswith("secret:")}
    return asked


def _items(volume: Manifest, *, optional: bool = True) -> Iterator[tuple[str, Manifest]]:
    if "secret" in volume:
        yield from ((volume["secret"]["secretName"], item) for item in volume["secret"]["items"])
    for source in volume.get("projected", NOTHING).get("sources", NOTHING):
        if "secret" in source and (optional or not source["secret"].get("optional")):
            yield from ((source["secret"]["name"], item) for item in source["secret"]["items"])


def _settings(overlay: str, name: str) -> dict[str, str]:
    [found] = [one for one in rendered(overlay) if one["kind"] == "ConfigMap" and one["metadata"]["name"] == name]
    return found["data"]


def selects(selector: Manifest, labels: dict[str, str]) -> bool:
    """Say whether a label selector takes these labels."""
    exact = all(labels.get(name) == value for name, value in (selector.get("matchLabels") or NOTHING).items())
    return exact and all(
        labels.get(one["key"]) in one["values"]
        for one in selector.get("matchExpressions") or NOTHING
        if one["operator"] == "In"
    )


def may_reach(overlay: str, source: dict[str, str], target: dict[str, str], port: int) -> bool:
    """Say whether the network policies let a pod with `source` labels open a connection to one with `target` labels."""
    policies = [one["spec"] for one in rendered(overlay) if one["kind"] == "NetworkPolicy"]
    return all(
        _let(policies, way, of, other, port)
        for way, of, other in (("Egress", source, target), ("Ingress", target, source))
    )


def may_leave_to(overlay: str, source: dict[str, str], address: str, port: int) -> bool:
    """Say whether the network policies let a pod with `source` labels open a connection to an address outside."""
    rules: list[Manifest] = [
        rule
        for one in rendered(overlay)
        if one["kind"] == "NetworkPolicy"
        and "Egress" in one["spec"]["policyTypes"]
        and selects(one["spec"]["podSelector"], source)
        for rule in one["spec"].get("egress") or NOTHING
    ]
    return any(
        _within(peer["ipBlock"], address)
        for rule in rules
        if not rule.get("ports") or port in [one["port"] for one in rule["ports"]]
        for peer in rule.get("to") or NOTHING
        if "ipBlock" in peer
    )


def _within(block: Manifest, address: str) -> bool:
    there = ip_address(address)
    return there in ip_network(block["cidr"]) and not any(there in ip_network(one) for one in block.get("except", []))


def _let(policies: list[Manifest], way: str, of: dict[str, str], other: dict[str, str], port: int) -> bool:
    peers = "to" if way == "Egress" else "from"
    mine = [one for one in policies if way in one["policyTypes"] and selects(one["podSelector"], of)]
    return not mine or any(
        any(selects(peer["podSelector"], other) for peer in rule[peers] if "podSelector" in peer)
        and (not rule.get("ports") or port in [one["port"] for one in rule["ports"]])
        for policy in mine
        for rule in policy.get(way.lower()) or NOTHING
        if peers in rule
    )
