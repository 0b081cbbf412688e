"""Live view and live events in a real browser, through nginx: a canvas that moves, a list that grows."""

import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.domain.watching import FaceBox
from regulars.ids import new_id
from tests.integration.gateway.conftest import PASSWORD, Chain, World
from tests.integration.gateway.seeding import add_person, add_visit
from tests.integration.watching.said_worker import filming
from tests.integration.watching.test_live_view import held_camera
from tests.nginx_server import nginx_before
from tests.waiting import PATIENCE_S, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = Path(__file__).parent / "page"
BOX = FaceBox(track_id=new_id(), x=0.5, y=0.25, width=0.25, height=0.5)
LAGS = "() => JSON.parse(document.querySelector('canvas').dataset.lags)"
PIXEL = "() => [...document.querySelector('canvas').getContext('2d').getImageData(10, 10, 1, 1).data]"
ON_THE_BOX = "() => [...document.querySelector('canvas').getContext('2d').getImageData(80, 40, 1, 1).data]"


def test_a_canvas_moves_and_news_arrive_while_the_page_is_open(
    browser: "Browser", world: World, chain: Chain, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worker, camera = held_camera(world, chain)
    customer_id = add_person(world, chain, world.clock())
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_S * 1000)
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    with nginx_before(world.url, tmp_path, PAGE) as url, filming(worker, camera, BOX):
        page.goto(f"{url}/?camera={camera.camera_id}")
        page.locator("#email").fill(chain.emails["owner"])
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("#line", has_text="listening").wait_for()
        wait_for(lambda: len(page.evaluate(LAGS)) >= 5, "pictures came")
        before = page.evaluate(PIXEL)
        wait_for(lambda: page.evaluate(PIXEL) != before, "the picture changed")
        red, green, blue, _ = page.evaluate(ON_THE_BOX)
        assert min(red, green) > blue + 60
        world.clock.pass_by(0.01)
        visit_id = add_visit(
            world, chain, world.clock(), customer_id=customer_id, status="new", camera_id=camera.camera_id
        )
        page.locator("#happened", has_text=str(visit_id)).wait_for()
        page.locator("#recognized", has_text=customer_id.hex[-6:].upper()).wait_for()
        page.locator("#inside", has_text="1").wait_for()
        wait_for(lambda: len(page.evaluate(LAGS)) >= 40, "more pictures came")
        lags: list[float] = page.evaluate(LAGS)
        context.close()
    assert faults == []
    late = sorted(lags[5:])
    with capsys.disabled():
        told = f"{statistics.median(late):.0f} ms behind (median), {late[int(len(late) * 0.95)]:.0f} ms (95 %)"
        sys.stdout.write(f"\nlive view from a worker through nginx onto a canvas: {told}\n")
