"""The Lambda image's own start command, outside a container, up to what the gateway answers.

The secret comes from a mock of Secrets Manager; the runtime client is AWS's own; Lambda's runtime API is a fake.
"""

import json
import os
import queue
import re
import subprocess
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self, cast

import boto3
import pytest
from cryptography.fernet import Fernet

from tests.infra.cloud_files import ROOT, properties, secret
from tests.integration.gateway.lambda_events import http_api_v2
from tests.servers.moto import MotoServer
from tests.waiting import PATIENCE_S, wait_for


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the client is killed while it waits for its next event."""


class FakeRuntimeApi:
    """Hands the given events to the runtime client, one after the other, and keeps its answers."""

    def __init__(self) -> None:
        self.events: queue.Queue[Any] = queue.Queue()
        self.answers: queue.Queue[tuple[str, Any]] = queue.Queue()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = json.dumps(api.events.get()).encode()
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
                self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-central-1:1:function:f")
                self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                api.answers.put((self.path.rpartition("/")[2], json.loads(body)))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden one
                return

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"

    def answer(self, process: subprocess.Popen[bytes], log: Path) -> tuple[str, Any]:
        """Return the next answer: `response` or `error`, and what it says. Fails at once when the process has ended."""

        def answered() -> tuple[str, Any] | None:
            assert process.poll() is None, log.read_text()[-2000:]
            with suppress(queue.Empty):
                return self.answers.get_nowait()
            return None

        return wait_for(answered, f"it answered, of which {log} tells")

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def made_secret(aws: MotoServer) -> str:
    """Keep what data.yaml gives the gateway, with values of this test, in the mock; return its ARN."""
    client = cast("Any", boto3).client(
        "secretsmanager",
        endpoint_url=aws.endpoint,
        region_name="eu-central-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    held = secret("GatewaySettings") | {
        "REGULARS_DATABASE_URL": "postgresql://a:b@127.0.0.1:9/regulars",
        "REGULARS_SEALING_KEYS": Fernet.generate_key().decode(),
        "REGULARS_EDGE_TOKEN": "of-the-edge",
        "REGULARS_SMTP_URL": "",
    }
    return client.create_secret(Name=f"gateway-{os.getpid()}", SecretString=json.dumps(held))["ARN"]


@pytest.fixture
def lambda_environment(aws_mock_server: MotoServer) -> dict[str, str]:
    """What Lambda gives the function, from iac/functions.yaml."""
    given: dict[str, str] = dict(properties("functions", "Gateway")["Environment"]["Variables"])
    return {
        **{name: re.sub(r"\$\{.*?\}", "x", str(value)) for name, value in given.items()},
        "SETTINGS_SECRET": made_secret(aws_mock_server),
        "REGULARS_OBJECTS_URL": "s3://s3.eu-central-1.amazonaws.com/faces?region=eu-central-1",
        "REGULARS_RETENTION_DAYS": "30",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": aws_mock_server.endpoint,
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "PATH": os.environ["PATH"],
        "HOME": "/tmp",  # noqa: S108 - Lambda's
        "PYTHONPATH": str(ROOT),
    }


def test_the_gateway_answers_aws_own_runtime_client(lambda_environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "start.log"
    [command] = properties("functions", "Gateway")["ImageConfig"]["Command"]
    with FakeRuntimeApi() as api, log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "iac/lambda/start.py"), command],
            env=lambda_environment | {"AWS_LAMBDA_RUNTIME_API": api.address},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=written,
        )
        try:
            edge: Any = {"x_regulars_edge": "of-the-edge", "x_regulars_viewer": "203.0.113.7"}
            api.events.put(http_api_v2("GET", "/healthz", **edge))
            kind, alive = api.answer(process, log)
            assert kind == "response", alive
            assert (alive["statusCode"], json.loads(alive["body"])) == (200, {"status": "ok"})
            api.events.put(http_api_v2("GET", "/healthz"))
            _, around = api.answer(process, log)
            assert around["statusCode"] == 403
            api.events.put(http_api_v2("GET", "/v1/visits", query="limit=5", **edge))
            _, refused = api.answer(process, log)
            assert (refused["statusCode"], json.loads(refused["body"])["code"]) == (401, "not_authenticated")
        finally:
            process.kill()
            process.wait(PATIENCE_S)
