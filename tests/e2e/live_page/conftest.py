"""A real Chromium in front of the gateway of the integration tests."""

import io
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.conftest import require
from tests.integration.gateway.conftest import chain, gateway_settings, world

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chain", "gateway_settings", "world"]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> str | None:
    """Return the path of a browser that is installed; none is downloaded."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or (str(ON_MACOS) if ON_MACOS.exists() else None)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser for one file of tests: while Playwright lives its event loop would be in other tests' way."""
    path = find_chromium()
    require(None if find_spec("playwright") else "the package playwright is not installed")
    require(None if path else "no Chromium or Chrome is installed")
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    """A picture that a browser can show."""
    written = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 150, 120)).save(written, "JPEG")
    return written.getvalue()
