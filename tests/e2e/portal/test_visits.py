"""Visits in a real browser: found, seen, and put right by people who know better than the cameras."""

from datetime import timedelta
from uuid import UUID

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_visit

PICTURE = cv2.imencode(".jpg", np.full((96, 96, 3), 120, np.uint8))[1].tobytes()


@pytest.fixture
def customer(world: World, chain: Chain) -> UUID:
    """A customer of two visits, the later an hour ago."""
    began_at = world.clock() - timedelta(days=9)
    customer_id = add_person(world, chain, began_at)
    add_look(world, chain, customer_id)
    add_visit(world, chain, began_at, customer_id=customer_id, status="new")
    add_visit(world, chain, world.clock() - timedelta(hours=1), customer_id=customer_id, status="returning")
    return customer_id


def test_filters_live_in_the_url_and_the_csv_has_them(opens: Opens, world: World, chain: Chain, customer: UUID) -> None:
    unknown = add_visit(world, chain, world.clock() - timedelta(minutes=5), status="undetermined")
    with opens("/visits") as page:
        page.locator("[data-visit]").nth(2).wait_for()
        assert faults_found(page) == []
        page.get_by_role("combobox", name="Kind of visitor").click()
        page.get_by_title("Undetermined").click()
        page.wait_for_url("**/visits?status=undetermined")
        expect(page.locator("[data-visit]")).to_have_count(1)
        expect(page.locator("[data-visit]")).to_have_attribute("data-visit", str(unknown))
        with page.expect_download() as download:
            page.get_by_role("button", name="Download CSV").click()
        told = download.value.path().read_text("utf-8-sig")
        assert str(unknown) in told
        assert customer.hex[-6:].upper() not in told
        page.get_by_text("Table", exact=True).click()
        page.get_by_role("table").wait_for()
        assert faults_found(page) == []
    with opens("/visits?view=table&q=nobody%20of%20that%20name") as page:
        page.get_by_text("No visit fits the filters.").wait_for()


def test_a_visit_tells_why_and_is_put_right_and_back(opens: Opens, world: World, chain: Chain, customer: UUID) -> None:
    visit_id = add_visit(
        world, chain, world.clock(), customer_id=customer, status="returning", picture=PICTURE, lost_because="blurred"
    )
    with opens(f"/visits/{visit_id}") as page:
        page.get_by_role("heading", name=f"Guest {customer.hex[-6:].upper()}").wait_for()
        page.get_by_text("The face was not seen well enough to be compared.").wait_for()
        page.get_by_text("What made the face hard to see: blurred").wait_for()
        page.get_by_alt_text("Picture 1").wait_for()
        assert faults_found(page) == []
        page.get_by_role("button", name="Not this person").click()
        page.get_by_role("dialog").get_by_role("button", name="Not this person").click()
        page.get_by_role("heading", name="Not recognized").wait_for()
        page.get_by_role("list", name="List of corrections").get_by_role("button", name="Undo").click()
        page.get_by_role("heading", name=f"Guest {customer.hex[-6:].upper()}").wait_for()
        page.get_by_role("list", name="List of corrections").get_by_text("Undone").wait_for()


def test_a_visit_of_staff_counts_no_more_until_it_is_undone(
    opens: Opens, world: World, chain: Chain, customer: UUID
) -> None:
    member = {"name": "Lan", "site_ids": [str(chain.site_id)]}
    assert world.logged_in(chain.emails["owner"]).post("/v1/staff", json=member).status_code == 201
    visit_id = add_visit(world, chain, world.clock(), customer_id=customer, status="returning")
    with opens(f"/visits/{visit_id}", "manager") as page:
        page.get_by_role("button", name="This is staff").click()
        page.get_by_role("combobox", name="Staff member").click()
        page.get_by_title("Lan").click()
        page.get_by_role("dialog").get_by_role("button", name="This is staff").click()
        page.wait_for_url("**/visits")
        row = page.locator(f'[data-visit="{visit_id}"]')
        row.wait_for(state="detached")
        page.get_by_role("button", name="Undo").click()
        row.wait_for()


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
def test_it_fits_a_phone_in_both_languages(opens: Opens, customer: UUID, language: str) -> None:
    with opens("/visits", "manager", language=language, width=360, dark=True) as page:
        page.get_by_role("heading", name="Lượt khách" if language == "vi-VN" else "Visits").wait_for()
        page.get_by_role("button", name="Bộ lọc" if language == "vi-VN" else "Filters").click()
        assert not is_too_wide(page)
        assert faults_found(page) == []
        page.locator("[data-visit]").first.click()
        page.get_by_role("heading", level=1, name=customer.hex[-6:].upper()).wait_for()
        assert not is_too_wide(page)
        assert faults_found(page) == []
