"""`./run soak`: Today and the live view stay open before a running demo, and their memory is told every minute."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Page, sync_playwright

from regulars.errors import RegularsError
from regulars.settings import Settings
from tests.e2e.browsing import QUIET, find_chromium
from tests.e2e.tour.accounts import accounts
from tests.e2e.tour.screenshots import address, logged_in

PAGES = ("/today", "/live")
MOST_GROWTH = 1.15
"""How much more the last third may take than the second; the first warms up caches and pictures."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page takes after its garbage was collected: bytes of the JavaScript heap, nodes of all documents.

    `asked`: how many requests it has made so far, without which a page that has stopped would look well.
    """

    heap: int
    nodes: int
    listeners: int
    asked: int


class Watched:
    """An open page, and what it took each minute."""

    def __init__(self, page: Page) -> None:
        self.page, self.taken, self._asked = page, list[Taken](), 0
        self._line: CDPSession = page.context.new_cdp_session(page)
        page.on("request", self._count)

    def _count(self, _: object) -> None:
        self._asked += 1

    def _ask(self, method: str) -> dict[str, float]:
        answer: dict[str, float] = self._line.send(method)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return answer

    def take(self) -> Taken:
        """Collect garbage, count and remember."""
        self._ask("HeapProfiler.collectGarbage")
        heap, counted = self._ask("Runtime.getHeapUsage"), self._ask("Memory.getDOMCounters")
        taken = Taken(int(heap["usedSize"]), int(counted["nodes"]), int(counted["jsEventListeners"]), self._asked)
        self.taken.append(taken)
        return taken


def main(words: Sequence[str] | None = None) -> int:
    """Watch; return 1 when a page's heap or nodes have grown, 2 when there is no demo."""
    arguments = _parser().parse_args(words)
    settings = Settings(data_dir=arguments.data)
    try:
        with accounts(settings, None) as logins, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
            watched = dict[str, Watched]()
            for path in PAGES:
                page = logged_in(browser, address(settings, arguments.port), logins["owner"])
                page.goto(path)
                page.get_by_role("heading", level=1).wait_for()
                watched[path] = Watched(page)
            _watch(watched, arguments.minutes)
            browser.close()
    except RegularsError as failure:
        print(f"{failure.code}: {failure}", file=sys.stderr)
        return 2
    grown = [_has_grown(path, one.taken) for path, one in watched.items()]
    return int(any(grown))


def _watch(watched: dict[str, Watched], minutes: int) -> None:
    for minute in range(minutes + 1):
        for path, one in watched.items():
            taken = one.take()
            told = f"heap {taken.heap / 1e6:6.2f} MB, {taken.nodes:6,} nodes, {taken.listeners:5,} listeners"
            print(f"minute {minute:3} {path:7} {told}, {taken.asked:6,} requests", flush=True)
        if minute < minutes:
            next(iter(watched.values())).page.wait_for_timeout(60_000)


def _has_grown(path: str, taken: list[Taken]) -> bool:
    third = max(1, len(taken) // 3)
    before, after = taken[third : 2 * third] or taken[:1], taken[-third:]
    grown = False
    for name in ("heap", "nodes"):
        was, is_ = (median(getattr(one, name) for one in some) for some in (before, after))
        grown |= is_ > was * MOST_GROWTH
        print(f"{path} {name}: median of the second third {was:,.0f}, of the last {is_:,.0f} ({is_ / was - 1:+.1%})")
    return grown


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__, allow_abbrev=False)
    parser.add_argument("minutes", nargs="?", type=int, default=30, help="how long to watch (30)")
    parser.add_argument("--data", type=Path, default=Settings().data_dir, metavar="DIR", help="the demo's data folder")
    parser.add_argument("--port", type=int, metavar="P", help="the demo's port, if it was given one")
    return parser


if __name__ == "__main__":
    sys.exit(main())
