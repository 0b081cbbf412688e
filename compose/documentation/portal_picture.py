"""Draws docs/portal.svg from a page of a running portal: boxes, words and strokes where a browser laid them out.

`./run demo --no-camera`, `./run simulate --months 2 --sites 3 --visits-per-day 120 --until TIME` with an afternoon of
the shops' present day, `./run regulars roll_up`, then `python -m compose.documentation.portal_picture PORTAL EMAIL
PASSWORD` with what these printed. It needs `./run prepare dev` and a Chromium. The people are simulated; a photograph
would be a grey box. What the page shows depends on the day, so no test draws it anew.
"""

import argparse
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from regulars.settings import CHECKOUT

PICTURE = CHECKOUT / "docs" / "portal.svg"
_SCRIPT = Path(__file__).with_name("drawing.js")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
_SETTLED_MS = 8000


def main() -> int:
    """Draw the page; return the exit code."""
    arguments = _parser().parse_args()
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        print("no Chromium or Chrome is installed", file=sys.stderr)
        return 2
    functions = re.sub(r"^export ", "", _SCRIPT.read_text("utf-8"), flags=re.MULTILINE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=_QUIET)
        context = chromium.new_context(
            locale=arguments.language,
            viewport={"width": arguments.width, "height": arguments.height},
            color_scheme="light",
            reduced_motion="reduce",
            base_url=arguments.portal,
        )
        answer = context.request.post("/v1/auth/login", data={"email": arguments.email, "password": arguments.password})
        if not answer.ok:
            print(f"the portal refuses the login: {answer.text()}", file=sys.stderr)
            return 2
        page = context.new_page()
        page.add_init_script(f"{functions}\nrecordCanvases();")
        picture = _drawn(page, arguments.page, functions)
        chromium.close()
    PICTURE.write_text(picture, encoding="utf-8")
    print(f"{PICTURE.relative_to(CHECKOUT)}: {len(picture.encode()) // 1000} kB")
    return 0


def _drawn(page: Page, path: str, functions: str) -> str:
    page.goto(path)
    page.wait_for_load_state("load")
    page.wait_for_timeout(_SETTLED_MS)  # the live stream never lets the network be idle
    return str(page.evaluate(f"async () => {{ {functions}\nreturn await draw(); }}"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compose.documentation.portal_picture", description=__doc__)
    parser.add_argument("portal", help="its address")
    parser.add_argument("email")
    parser.add_argument("password")
    parser.add_argument("--page", default="/", help="path of the page (/)")
    parser.add_argument("--language", default="en-US")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=820)
    return parser


if __name__ == "__main__":
    sys.exit(main())
