"""`./run screenshots`: a picture of every page and dialog of a running demo's portal, and what axe finds on it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from compose.onebox.place import Place
from regulars.errors import RegularsError
from regulars.settings import Settings
from regulars.store.users import Role
from tests.e2e.browsing import QUIET, faults_found, find_chromium, is_too_wide
from tests.e2e.tour.accounts import accounts
from tests.e2e.tour.stops import ALL_LOOKS, LOOKS, STOPS, Look, at_stops, first_ids


def main(words: Sequence[str] | None = None) -> int:
    """Go round; return 1 when a page has a serious fault or must be scrolled sideways, 2 when there is no demo."""
    arguments = _parser().parse_args(words)
    settings = Settings(data_dir=arguments.data)
    folder: Path = arguments.dir
    folder.mkdir(parents=True, exist_ok=True)
    url = address(settings, arguments.port)
    looks = ALL_LOOKS if arguments.all else LOOKS
    wrong = 0
    try:
        with accounts(settings, arguments.chain) as logins, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
            for role in (None, *logins):
                page = logged_in(browser, url, logins[role] if role else None)
                wrong += sum(_shoot(page, role, look, folder, arguments.only) for look in looks)
                page.context.close()
            browser.close()
    except RegularsError as failure:
        print(f"{failure.code}: {failure}", file=sys.stderr)
        return 2
    print(f"pictures in {folder}; {wrong} with faults")
    return 1 if wrong else 0


def address(settings: Settings, port: int | None) -> str:
    """Return where the demo of these settings answers: at this port, or at that which it chose."""
    return f"http://127.0.0.1:{port or Place(settings.data_dir).pinned_port('gateway') or 8080}"


def logged_in(browser: Browser, url: str, login: tuple[str, str] | None) -> Page:
    """Open the portal in a context of its own, logged in as this e-mail with this password."""
    page = browser.new_context(base_url=url).new_page()
    page.set_default_timeout(15_000)
    if login:
        answer = page.request.post("/v1/auth/login", data={"email": login[0], "password": login[1]})
        if not answer.ok:
            raise SystemExit(f"the demo refuses the login: {answer.status} {answer.text()}")
    page.goto("/sign-in")
    return page


def _shoot(page: Page, role: Role | None, look: Look, folder: Path, only: str) -> int:
    """Take this role's pictures of one look; return how many pages have faults."""
    stops = tuple(stop for stop in STOPS if stop.role == role and only in stop.name)
    ids = first_ids(page) if role else {}
    wrong = 0
    for stop, closed in at_stops(page, stops, ids, look):
        page.screenshot(path=folder / f"{stop.name}-{look}.png", full_page=not stop.presses and look.width < 2000)
        faults = [f"{one['rule']} at {one['where'][0]}" for one in faults_found(page)] + ([closed] if closed else [])
        if is_too_wide(page):
            faults.append("wider than the window")
        wrong += bool(faults)
        print(f"{stop.name} {look}: {'; '.join(faults) or 'ok'}", flush=True)
    return wrong


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__, allow_abbrev=False)
    usual = Settings()
    parser.add_argument(
        "dir", nargs="?", type=Path, default=usual.data_dir.parent / "screenshots", help="where the pictures go"
    )
    parser.add_argument("--data", type=Path, default=usual.data_dir, metavar="DIR", help="the demo's data folder")
    parser.add_argument("--port", type=int, metavar="P", help="the demo's port, if it was given one")
    parser.add_argument("--chain", metavar="NAME", help="the chain to look at (the oldest)")
    parser.add_argument("--only", default="", metavar="WORD", help="pages with this in their name")
    parser.add_argument("--all", action="store_true", help="three widths x two languages x dark and light")
    return parser


if __name__ == "__main__":
    sys.exit(main())
