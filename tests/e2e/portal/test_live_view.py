"""Live view in a real browser: pictures move, boxes and names are drawn, and it says when it stands still."""

from typing import TYPE_CHECKING

import pytest

from regulars.domain.cameras import LeasedCamera
from regulars.domain.watching import FaceBox
from regulars.ids import new_id
from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person, add_visit
from tests.integration.watching.said_worker import SaidWorker, filming

if TYPE_CHECKING:
    from playwright.sync_api import Page

BOX = FaceBox(track_id=new_id(), x=0.25, y=0.25, width=0.25, height=0.5)
ON_THE_BOX = """() => {
  const canvas = document.querySelector('canvas');
  const [x, y] = [Math.round(canvas.width / 4), Math.round(canvas.height / 2)];
  const point = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  point.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
  return [...point.getImageData(0, 0, 1, 1).data];
}"""
PAINTED = "() => document.querySelector('canvas')?.width > 300"
WHITE = f"() => ({ON_THE_BOX})().every((part) => part > 220)"
DARK = f"() => ({ON_THE_BOX})().slice(0, 3).every((part) => part < 160)"


def running_camera(world: World, chain: Chain) -> tuple[SaidWorker, LeasedCamera]:
    world.add_camera(chain)
    worker = SaidWorker(world, chain)
    [camera] = worker.hold()
    state = {"camera_id": str(camera.camera_id), "lease_id": str(camera.lease_id), "state": "running"}
    world.beat(chain.worker_key, "one", 10, [state])
    return worker, camera


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
def test_pictures_boxes_and_names(opens: Opens, world: World, chain: Chain, language: str) -> None:
    vi = language == "vi-VN"
    worker, camera = running_camera(world, chain)
    world.add_camera(chain, name="store", wanted_state="stopped")
    customer = add_person(world, chain, world.clock())
    with opens("/live", "manager", language=language, width=360) as page:
        with filming(worker, camera, BOX):
            page.locator("[data-line=connected]").wait_for()
            page.wait_for_function(PAINTED)
            page.wait_for_function(WHITE)
            page.get_by_role("switch", name="Khung nhận diện" if vi else "Recognition boxes").click()
            page.wait_for_function(DARK)
            world.clock.pass_by(0.01)
            add_visit(world, chain, world.clock(), customer_id=customer, status="new", camera_id=camera.camera_id)
            page.locator("[data-track]", has_text=customer.hex[-6:].upper()).wait_for()
            assert not is_too_wide(page)
            assert faults_found(page) == []
        page.get_by_text("Hình đã cũ" if vi else "The picture is").wait_for()
        page.locator("[data-camera]").click()
        page.get_by_role("img", name="store").wait_for()
        page.get_by_text("Đã tắt" if vi else "Switched off").first.wait_for()


def test_it_opens_again_and_stops_while_nobody_looks(opens: Opens, world: World, chain: Chain) -> None:
    worker, camera = running_camera(world, chain)
    with opens("/live") as page, filming(worker, camera, BOX):
        page.wait_for_function(PAINTED)
        hide(page, "hidden")
        page.get_by_text("The picture is").wait_for()
        hide(page, "visible")
        page.locator("[data-age='0']").wait_for()
        page.route("**/v1/live-view?*", lambda route: route.abort())
        world.clock.pass_by(660)  # the login runs out, and with it the stream
        page.locator("[data-line=stale]").wait_for()
        page.unroute("**/v1/live-view?*")
        page.locator("[data-line=connected]").wait_for()


def hide(page: "Page", state: str) -> None:
    """Let the page believe that it is hidden, or seen again: a headless browser never hides one."""
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, 'hidden', { configurable: true, value: state === 'hidden' });
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        state,
    )
