"""A real nginx in front of a gateway, with the configuration of production; stopped by its own handle."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from compose.onebox.place import free_port
from tests.conftest import CHECKOUT, require
from tests.waiting import PATIENCE_S, wait_for

TEMPLATE = CHECKOUT / "compose" / "nginx" / "regulars.conf.template"
_PLACES = "client_body proxy fastcgi uwsgi scgi"


def find_nginx() -> str | None:
    """Return the path of an nginx that is installed; Debian keeps it where only root looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


@contextmanager
def nginx_before(gateway_url: str, folder: Path, portal: Path, pictures_from: str = "'self'") -> Generator[str]:
    """Run nginx with its files in `folder`; yield its address."""
    program = find_nginx()
    require(None if program else "nginx is not installed")
    assert program is not None
    port = free_port()
    filled = TEMPLATE.read_text()
    for name, value in {
        "REGULARS_GATEWAY": urlsplit(gateway_url).netloc,
        "REGULARS_PORTAL": str(portal),
        "REGULARS_PICTURES_FROM": pictures_from,
        "REGULARS_LISTEN": f"127.0.0.1:{port}",
    }.items():
        filled = filled.replace(f"${{{name}}}", value)
    (folder / "regulars.conf").write_text(filled)
    main = folder / "nginx.conf"
    main.write_text(_main_part(folder))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(main)], stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, process, folder)
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _main_part(folder: Path) -> str:
    """Return what stands around the server in nginx's own image, with every file in this folder."""
    places = "\n".join(f"    {name}_temp_path {folder}/{name};" for name in _PLACES.split())
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 256; }}
http {{
    types {{ text/html html; text/css css; text/javascript js; image/svg+xml svg; }}
    default_type application/octet-stream;
{places}
    include {folder}/regulars.conf;
}}
"""


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Return when it answers; fails with its log at once when it has ended."""

    def answers() -> bool:
        log = folder / "error.log"
        assert process.poll() is None, log.read_text() if log.exists() else "nginx has ended"
        httpx.get(f"{url}/healthz")
        return True

    wait_for(answers, f"nginx answered at {url}", despite=(httpx.HTTPError,))
