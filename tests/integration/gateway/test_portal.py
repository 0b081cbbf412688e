"""The built portal as the gateway serves it: its files, its pages, and nothing else of the machine."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from functions.gateway.app import create_app
from regulars.settings import Settings
from tests.integration.gateway.conftest import serving


@pytest.fixture(scope="module")
def portal(gateway_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("portal") / "built"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<html>the portal</html>")
    (folder / "assets" / "app-1a2b.js").write_text("export {}")
    (folder.parent / "secret.txt").write_text("not for the world")
    with serving(create_app(gateway_settings.model_copy(update={"portal_dir": folder}))) as url:
        yield url, folder


def test_files_are_kept_and_pages_are_asked_for_again(portal: tuple[str, Path]) -> None:
    url, _ = portal
    script = httpx.get(f"{url}/assets/app-1a2b.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    for path in ("/", "/today", "/visits/0191"):
        page = httpx.get(url + path)
        assert (page.status_code, page.text) == (200, "<html>the portal</html>")
        assert page.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/v1/nothing", "/v1", "/metrics/more"])
def test_what_is_no_page_is_a_problem(portal: tuple[str, Path], path: str) -> None:
    answer = httpx.get(portal[0] + path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_nothing_outside_of_its_folder_is_served(portal: tuple[str, Path]) -> None:
    url, folder = portal
    secret = str(folder.parent / "secret.txt")
    around = ("/..%2Fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/../secret.txt")
    for path in (f"/{secret}", secret.replace("/", "%2F"), *around):
        connection = HTTPConnection(url.removeprefix("http://"))
        connection.request("GET", path)  # as it is: other clients would tidy it up
        assert b"not for the world" not in connection.getresponse().read(), path
        connection.close()
