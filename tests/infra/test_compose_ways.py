"""The ways of the compose file: who reaches whom, what is published, and whose word about a caller's address counts."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread

import httpx

from compose.onebox.place import free_port
from tests.conftest import require
from tests.infra.compose_files import COMPOSE, example_environment, read_compose
from tests.infra.test_compose import CONTENT, FILE, SERVICES, told
from tests.nginx_server import find_nginx, wait_until_ready
from tests.waiting import PATIENCE_S


def test_nginx_is_told_what_its_template_asks_for() -> None:
    template = (COMPOSE / "nginx" / "regulars.conf.template").read_text()
    assert set(told("frontend")) == set(re.findall(r"\$\{(REGULARS_\w+)\}", template)) | {"REGULARS_PROXIES"}


def test_this_host_alone_says_for_whom_it_asks_and_only_where_nobody_else_reaches_nginx() -> None:
    [edge] = CONTENT["networks"]["edge"]["ipam"]["config"]
    example = example_environment(COMPOSE / ".env.example")
    assert example["REGULARS_PROXIES"] == str(next(ip_network(edge["subnet"]).hosts()))
    assert example["REGULARS_BIND"] == "127.0.0.1"
    unnamed = read_compose(FILE, {key: value for key, value in example.items() if key != "REGULARS_PROXIES"})
    frontend = unnamed["services"]["frontend"]["environment"]
    assert frontend["REGULARS_PROXIES"] is None, "nobody, unless .env names one"
    [portal] = CONTENT["networks"]["portal"]["ipam"]["config"]
    assert not ip_network(portal["subnet"]).overlaps(ip_network(edge["subnet"]))


def test_whom_a_service_calls_shares_a_network_with_it() -> None:
    for name, service in SERVICES.items():
        values = " ".join(map(str, service.get("environment", {}).values()))
        for other in re.findall(r"(?:^| |//)([a-z]+):\d+", values):
            assert set(service["networks"]) & set(SERVICES[other]["networks"]), f"{name} cannot reach {other}"


def test_only_what_people_reach_is_published_and_only_on_this_host() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {"frontend", "minio", "grafana"}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    reaching_out = {name for name, network in CONTENT["networks"].items() if not network.get("internal")}
    assert reaching_out == {"edge", "outside"}
    assert {name for name, one in SERVICES.items() if "portal" in one["networks"]} == {"frontend", "gateway"}


class _Gateway(BaseHTTPRequestHandler):
    """Answers with what it was told of the caller's address."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["X-Forwarded-For"].encode())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def portal_behind(proxies: str, folder: Path) -> Generator[str]:
    """Run what the frontend's image starts, with its files in `folder`; yield its address."""
    program = find_nginx()
    there = program and all(map(shutil.which, ("envsubst", "getent")))
    require(None if there else "nginx, envsubst or getent is not installed")
    for name in ("nginx.conf", "regulars.conf.template", "start.sh"):
        text = re.sub(r"/(tmp|etc/regulars)/", f"{folder}/", (COMPOSE / "nginx" / name).read_text())
        (folder / name).write_text(text)
    gateway, port = HTTPServer(("127.0.0.1", 0), _Gateway), free_port()
    Thread(target=gateway.serve_forever, daemon=True).start()
    environment = {
        "PATH": f"{os.environ['PATH']}:{Path(program or '').parent}",
        "REGULARS_GATEWAY": f"127.0.0.1:{gateway.server_port}",
        "REGULARS_PORTAL": str(folder),
        "REGULARS_PICTURES_FROM": "'self'",
        "REGULARS_LISTEN": f"0.0.0.0:{port}",
        "REGULARS_PROXIES": proxies,
    }
    started = ["/bin/sh", str(folder / "start.sh")]
    process = subprocess.Popen(started, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", process, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # what watches the gateway's name too
        process.wait(PATIENCE_S)
        gateway.shutdown()
        gateway.server_close()


def test_only_a_proxy_that_is_named_says_for_whom_it_asks(tmp_path: Path) -> None:
    def asked_from(address: str, said: str) -> str:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
            return client.get(f"{url}/healthz", headers={"X-Forwarded-For": said}).text.rpartition(", ")[2]

    with portal_behind("127.0.0.1", tmp_path) as url:
        assert asked_from("127.0.0.1", "198.51.100.1, 203.0.113.9") == "203.0.113.9", (
            "whom the proxy saw, not what he said"
        )
        assert asked_from("127.0.0.2", "198.51.100.1") == "127.0.0.2", "who comes past the proxy"
