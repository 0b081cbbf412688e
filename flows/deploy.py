"""Entry point: `python -m flows.deploy POOL --type process | kubernetes [--job FILE]`.

Registers every flow with its clock in a work pool, made where absent, at the Prefect server of PREFECT_API_URL. Workers
do the rest: `prefect worker start --pool POOL --type process` on a machine with this package and the settings in its
environment, or of type kubernetes in a cluster, which starts a Job per run. `--job` is then the Job's shape: a CronJob
as `kubectl get -o json` prints it (k8s/components/work-pool), from a file or, as `-`, from stdin.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
from prefect.exceptions import ObjectNotFound

from flows.deployments import deployments
from regulars.errors import ConfigurationRefused, RegularsError
from regulars.settings import load_settings

_AT_ONCE = 2
"""Flows of one pool that run at a time: they share PostgreSQL with whoever waits for an answer."""


def main(words: Sequence[str] | None = None) -> int:
    """Register everything; doing it again changes what has changed. Return the exit code."""
    arguments = _parser().parse_args(words)
    try:
        if (arguments.type == "kubernetes") != bool(arguments.job):
            raise ConfigurationRefused("A kubernetes pool needs --job, a process pool has none.")
        with get_client(sync_client=True) as client:
            _put_pool(client, arguments)
        for one in deployments(load_settings(())):
            one.apply(work_pool_name=arguments.pool)
            sys.stdout.write(f"{one.flow_name}/{one.name} in {arguments.pool}\n")
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    return 0


def _put_pool(client: SyncPrefectClient, arguments: argparse.Namespace) -> None:
    template = _template(client, arguments.type, _told(arguments.job) if arguments.job else None)
    try:
        there = client.read_work_pool(arguments.pool)
    except ObjectNotFound:
        made = WorkPoolCreate(
            name=arguments.pool, type=arguments.type, base_job_template=template, concurrency_limit=_AT_ONCE
        )
        client.create_work_pool(made)
        return
    if there.type != arguments.type:
        raise ConfigurationRefused(f"The work pool {arguments.pool} is of type {there.type}: name another one.")
    client.update_work_pool(arguments.pool, WorkPoolUpdate(base_job_template=template, concurrency_limit=_AT_ONCE))


def _told(file: str) -> dict[str, Any]:
    return json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))


def _template(client: SyncPrefectClient, kind: str, like: dict[str, Any] | None) -> dict[str, Any]:
    """Return what Prefect itself says of jobs of this kind; in a cluster the Job that the CronJob would make."""
    known = client.request("GET", "/collections/views/{view}", path_params={"view": "aggregate-worker-metadata"}).json()
    [described] = [workers[kind] for workers in known.values() if kind in workers]
    template: dict[str, Any] = deepcopy(described["default_base_job_configuration"])
    if like:
        manifest = template["job_configuration"]["job_manifest"]
        spec: dict[str, Any] = like["spec"]["jobTemplate"]["spec"]
        # Prefect looks for these beside the containers, where the cluster passes over them.
        spec["template"]["spec"] |= {"completions": 1, "parallelism": 1}
        [container] = spec["template"]["spec"]["containers"]
        container["args"] = "{{ command }}"
        manifest["spec"] = spec
        template["variables"]["properties"]["namespace"]["default"] = like["metadata"]["namespace"]
    return template


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flows.deploy", description=__doc__, allow_abbrev=False)
    parser.add_argument("pool", help="the work pool's name")
    parser.add_argument("--type", choices=("process", "kubernetes"), default="process")
    parser.add_argument("--job", metavar="FILE", help="the CronJob whose Job a kubernetes pool makes per run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
