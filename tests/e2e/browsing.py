"""A Chromium that is installed, and what is asked of a page in it: for tests, and for who looks around in a demo.

Imports nothing of the tests' own set-up, which keeps a demo's settings away.
"""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars.settings import CHECKOUT

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SERIOUS = ("serious", "critical")
STANDS_STILL = """() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect.getComputedTiming().endTime === Infinity)"""


def find_chromium() -> str | None:
    """Return the path of a browser that is installed; none is downloaded."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return found or (str(ON_MACOS) if ON_MACOS.exists() else None)


def faults_found(page: "Page") -> list[dict[str, Any]]:
    """Return axe's serious and critical findings on what the page shows now."""
    page.wait_for_function(STANDS_STILL)  # what is fading in has colours of its own
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        {"rule": one["id"], "help": one["help"], "where": [node["target"] for node in one["nodes"]][:5]}
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]


def is_too_wide(page: "Page") -> bool:
    """Say whether the page must be scrolled sideways to be read."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
