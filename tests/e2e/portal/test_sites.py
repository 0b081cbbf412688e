"""Sites in a real browser: one is added, its hours are set, and what hangs on it is told before it is closed."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_visit


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
def test_a_site_is_added_with_its_hours(opens: Opens, world: World, chain: Chain, language: str) -> None:
    vi = language == "vi-VN"
    with opens("/sites/new", language=language, width=360) as page:
        page.get_by_label("Tên cửa hàng" if vi else "Name").fill("Quán 7")
        page.get_by_role("button", name="Thêm giờ cho Thứ Hai" if vi else "Add hours on Monday").click()
        page.get_by_role("button", name="Cả tuần như thứ Hai" if vi else "All week as on Monday").click()
        closes = page.get_by_label("Thứ Bảy, đóng cửa" if vi else "Saturday, closes")
        closes.fill("02:00")
        closes.press("Enter")
        page.get_by_text("sáng hôm sau" if vi else "the next morning").wait_for()
        page.locator(".ant-picker-dropdown").last.wait_for(state="hidden")
        assert not is_too_wide(page)
        assert faults_found(page) == []
        page.get_by_role("button", name="Lưu" if vi else "Save", exact=True).click()
        page.get_by_role("link", name="Quán 7").wait_for()
        page.get_by_text(re.compile("(T7|Sat) 08:00.02:00")).wait_for()
    [site] = [one for one in sites_of(world, chain) if one["name"] == "Quán 7"]
    assert len(site["opening_hours"]) == 7


def test_hours_that_overlap_are_refused_at_the_field(opens: Opens) -> None:
    with opens("/sites/new") as page:
        page.get_by_label("Name").fill("Bar")
        for _ in range(2):
            page.get_by_role("button", name="Add hours on Monday").click()
        closes = page.get_by_label("Monday, closes").first
        closes.fill("23:00")
        closes.press("Enter")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_text("The hours of Monday run into those of Monday").wait_for()


def test_closing_a_site_says_what_hangs_on_it(opens: Opens, world: World, chain: Chain) -> None:
    add_visit(world, chain, world.clock())
    camera_id = world.add_camera(chain)
    with opens(f"/sites/{chain.site_id}") as page:
        page.get_by_role("button", name="Close or delete").click()
        asking = page.get_by_role("dialog", name="Close or delete")
        asking.get_by_text("visits: 1").wait_for()
        asking.get_by_text("Stop or delete the cameras that run first.").wait_for()
        expect(asking.get_by_role("button", name="Close the site")).to_be_disabled()
        assert faults_found(page) == []
    owner = world.logged_in(chain.emails["owner"])
    assert owner.patch(f"/v1/cameras/{camera_id}", json={"wanted_state": "stopped"}).status_code == 200
    with opens(f"/sites/{chain.site_id}") as page:
        page.get_by_role("button", name="Close or delete").click()
        page.get_by_role("button", name="Close the site").click()
        page.locator("table").get_by_text("Closed down").wait_for()
    [site] = sites_of(world, chain)
    assert site["active"] is False


def test_the_manager_looks_and_changes_nothing(opens: Opens, chain: Chain) -> None:
    with opens(f"/sites/{chain.site_id}", "manager", dark=True) as page:
        expect(page.get_by_label("Name")).to_be_disabled()
        assert page.get_by_role("button", name="Save", exact=True).count() == 0
        assert faults_found(page) == []


def sites_of(world: World, chain: Chain) -> list[dict[str, Any]]:
    return world.logged_in(chain.emails["owner"]).get("/v1/sites").json()["items"]
