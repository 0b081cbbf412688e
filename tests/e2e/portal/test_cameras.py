"""Cameras in a real browser: state in words, a test picture, and the counting line drawn by hand and by keys."""

from typing import Any

import pytest

from regulars.domain.watching import TrialAnswer
from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import Chain, World
from tests.integration.watching.said_worker import SaidWorker, a_jpeg


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
def test_a_camera_is_added_with_a_line_on_its_test_picture(
    opens: Opens, world: World, chain: Chain, language: str
) -> None:
    vi = language == "vi-VN"
    worker = SaidWorker(world, chain)
    worker.hold()
    seen = worker.trying(TrialAnswer(reason="none", width=160, height=90), a_jpeg())
    with opens("/cameras/new", language=language, width=360) as page, seen as tried:
        page.get_by_label("Tên camera" if vi else "Name").fill("Cửa trước")
        page.get_by_label("Địa chỉ RTSP" if vi else "RTSP address").fill("rtsp://u:secret@10.0.0.9/1")
        page.get_by_role("button", name="Lấy ảnh thử" if vi else "Take a test picture").click()
        picture = page.get_by_role("img", name="Cửa trước")
        picture.wait_for()
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.5, steps=4)
        page.mouse.up()
        page.locator("[data-end=b]").press("ArrowDown")
        assert not is_too_wide(page)
        assert faults_found(page) == []
        page.get_by_role("button", name="Lưu" if vi else "Save", exact=True).click()
        page.wait_for_url("**/cameras/0*")
        page.get_by_role("heading", name="Cửa trước").wait_for()
    url = tried[0].rtsp_url
    assert url
    assert url.get_secret_value() == "rtsp://u:secret@10.0.0.9/1"
    [camera] = cameras_of(world, chain)
    line = camera["line"]
    assert [round(line[name], 1) for name in ("x1", "y1", "x2", "y2")] == [0.2, 0.5, 0.8, 0.5]
    assert line["y2"] > line["y1"]
    assert camera["rtsp_url"] == "rtsp://10.0.0.9/1"


def test_what_is_wrong_is_said_with_what_to_do(opens: Opens, world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    worker = SaidWorker(world, chain)
    [held] = worker.hold()
    state = {
        "camera_id": str(camera_id),
        "lease_id": str(held.lease_id),
        "state": "failed",
        "reason": "wrong_password",
    }
    with opens("/cameras", "manager", language="vi-VN", width=360) as page:
        page.locator("[data-line=connected]").wait_for()
        world.beat(chain.worker_key, "one", 10, [state])
        page.get_by_text("Không chạy được: sai tên đăng nhập hoặc mật khẩu").wait_for()
        page.get_by_text("Nhập tên đăng nhập và mật khẩu mà chính camera yêu cầu.").wait_for()
        assert page.get_by_role("button", name="Dừng camera").count() == 0
        assert not is_too_wide(page)
        assert faults_found(page) == []


def test_start_stop_recognition_and_deletion(opens: Opens, world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain, line=None)
    with opens("/cameras", dark=True) as page:
        page.get_by_role("button", name="Stop the camera door").click()
        page.get_by_role("button", name="Start the camera door").wait_for()
        page.get_by_text("Switched off").wait_for()
        page.get_by_role("switch", name="Recognition at the camera door").click()
        page.locator("[role=switch][aria-checked=false]").wait_for()
        assert faults_found(page) == []
        page.get_by_role("link", name="door").click()
        page.get_by_role("button", name="Put a line").click()
        page.get_by_role("button", name="Swap in and out").click()
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("Saved. The machine at the site").wait_for()
        [camera] = cameras_of(world, chain)
        assert (camera["wanted_state"], camera["recognition"]) == ("stopped", False)
        assert camera["line"]["x1"] > camera["line"]["x2"]
        page.get_by_role("button", name="Delete the camera").click()
        page.get_by_text("The visits it has seen stay.").wait_for()
        page.get_by_role("dialog").get_by_role("button", name="Delete the camera").click()
        page.get_by_text("There is no camera yet.").wait_for()
    assert str(camera_id) not in str(cameras_of(world, chain))


def test_no_picture_says_why(opens: Opens, world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    worker = SaidWorker(world, chain)
    worker.hold()
    with opens(f"/cameras/{camera_id}") as page, worker.trying(TrialAnswer(reason="not_found")) as tried:
        page.get_by_role("button", name="Take a test picture").click()
        page.get_by_role("alert").filter(has_text="No such stream or file").wait_for()
        assert tried[0].type == "webcam"


def cameras_of(world: World, chain: Chain) -> list[dict[str, Any]]:
    return world.logged_in(chain.emails["owner"]).get("/v1/cameras").json()["items"]
