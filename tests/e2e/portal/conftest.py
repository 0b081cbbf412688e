"""A real Chromium in front of the gateway of the integration tests, which serves the portal as `./run` builds it."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from regulars.settings import CHECKOUT, Settings
from regulars.store.users import Role
from tests.conftest import require
from tests.e2e.browsing import AXE, QUIET, faults_found, find_chromium, is_too_wide
from tests.integration.gateway.conftest import PASSWORD, Chain, World, chain, world
from tests.integration.gateway.conftest import gateway_settings as settings_without_portal
from tests.waiting import PATIENCE_S

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["chain", "faults_found", "is_too_wide", "settings_without_portal", "world"]
PORTAL = CHECKOUT / ".regulars" / "portal"
A_WEBCAM = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
"""Chromium's own test pattern in the place of a webcam, which no machine of the tests has."""

Opens = Callable[..., AbstractContextManager["Page"]]


@pytest.fixture(scope="session")
def gateway_settings(settings_without_portal: Settings) -> Settings:
    """The gateway's settings, with the built portal."""
    is_there = (PORTAL / "index.html").is_file() and AXE.is_file()
    require(None if is_there else "the portal or axe-core is not there: ./run prepare portal")
    return settings_without_portal.model_copy(update={"portal_dir": PORTAL})


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser for one file of tests: while Playwright lives its event loop would be in other tests' way."""
    path = find_chromium()
    require(None if find_spec("playwright") else "the package playwright is not installed")
    require(None if path else "no Chromium or Chrome is installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_S * 1000)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *A_WEBCAM], timeout=PATIENCE_S * 1000)
        yield browser
        browser.close()


@pytest.fixture
def opens(browser: "Browser", world: World, chain: Chain) -> Opens:
    """Open a page of the portal as somebody of the chain; fails on any error that the browser's console tells."""

    @contextmanager
    def opened(
        path: str = "/", role: Role | None = "owner", *, language: str = "en-US", width: int = 1280, dark: bool = False
    ) -> Generator["Page"]:
        colours = "dark" if dark else "light"
        context = browser.new_context(
            locale=language,
            viewport={"width": width, "height": 900},
            color_scheme=colours,
            reduced_motion="reduce",  # nothing to wait for where a drawer slides in
            base_url=world.url,
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        page, faults = context.new_page(), list[str]()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if _is_fault(line.type, line.text) else None)
        if role:
            answer = context.request.post("/v1/auth/login", data={"email": chain.emails[role], "password": PASSWORD})
            assert answer.ok, answer.text()
        page.goto(path)
        yield page
        context.close()
        assert faults == []

    return opened


def _is_fault(kind: str, text: str) -> bool:
    """Say whether a line of the console is a fault; a refused request is often just what a test wants."""
    refused = "Failed to load resource" in text or "Failed to fetch dynamically imported module" in text
    return kind in ("error", "warning") and not refused
