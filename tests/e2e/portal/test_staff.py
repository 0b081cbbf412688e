"""Staff in a real browser, before a real recognize: whose photographs are good, and why others are of no use."""

from playwright.sync_api import expect

from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.e2e.portal.with_recognize import (
    asking_settings,
    engine,
    gateway_settings,
    give,
    objects,
    owner,
    recognizer,
    vectors,
)
from tests.fake_pack import face_of, photograph_of
from tests.integration.gateway.conftest import Chain, World

__all__ = ["asking_settings", "engine", "gateway_settings", "objects", "owner", "recognizer", "vectors"]
LAN, MINH = 5, 77


def test_somebody_is_added_and_known_by_two_good_photographs(opens: Opens, chain: Chain) -> None:
    with opens("/staff") as page:
        page.get_by_text("No staff fits.").wait_for()
        page.get_by_role("button", name="Add staff").click()
        page.get_by_role("button", name="Add, then take photographs").click()
        page.get_by_text("Fill this in.").wait_for()
        page.get_by_role("textbox", name="Name").fill("Đỗ Thu Hà")
        page.get_by_label("Phone").fill("call me")
        page.get_by_text("A phone number has digits").wait_for()
        page.get_by_label("Phone").fill("0988 111 222")
        assert faults_found(page) == []
        page.get_by_role("button", name="Add, then take photographs").click()
        page.get_by_text("2 more good photographs are needed.").wait_for()
        page.get_by_role("heading", name="Đỗ Thu Hà").wait_for()
        give(page, photograph_of(LAN), photograph_of(LAN, 95))
        page.locator("[data-judged=good]").nth(1).wait_for()
        page.get_by_text("Enough photographs").wait_for()
        expect(page.locator("[data-photograph]")).to_have_count(2)
        assert faults_found(page) == []


def test_each_photograph_is_judged_at_once_and_told_why_it_is_of_no_use(
    opens: Opens, world: World, chain: Chain
) -> None:
    with opens(f"/staff/{_member(world, chain)}", language="vi-VN", width=360) as page:
        page.get_by_text("Cần thêm 2 ảnh rõ mặt.").wait_for()
        give(page, photograph_of(LAN), photograph_of(MINH), photograph_of(LAN, people=2), face_of(LAN), b"no picture")
        page.locator("[data-judged=judging]").first.wait_for(state="detached")
        for told in (
            "Ảnh tốt, đã giữ.",
            "Đây là người khác với những ảnh đã có.",
            "Ảnh có nhiều người.",
            "Không thấy khuôn mặt nào trong ảnh.",
            "Tệp này không phải ảnh JPEG hay PNG.",
        ):
            page.get_by_text(told).wait_for()
        page.get_by_text("Cần thêm 1 ảnh rõ mặt.").wait_for()
        assert not is_too_wide(page)
        assert faults_found(page) == []
        page.get_by_role("button", name="Xóa ảnh 1").click()
        page.get_by_role("dialog").get_by_role("button", name="Xóa").click()
        page.get_by_text("Cần thêm 2 ảnh rõ mặt.").wait_for()


def test_somebody_leaves_and_is_deleted(opens: Opens, world: World, chain: Chain) -> None:
    with opens(f"/staff/{_member(world, chain)}", "manager") as page:
        page.get_by_label("Works here").click()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Left", exact=True).wait_for()
        page.get_by_role("button", name="Delete", exact=True).click()
        page.get_by_text("will be lost for good").wait_for()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        page.wait_for_url("**/staff")
        page.get_by_text("No staff fits.").wait_for()
        assert faults_found(page) == []


def _member(world: World, chain: Chain) -> str:
    new = {"name": "Lan", "site_ids": [str(chain.site_id)]}
    answer = world.logged_in(chain.emails["owner"]).post("/v1/staff", json=new)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["staff_id"])
