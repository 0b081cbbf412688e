"""The chain's office in a real browser: people, keys, webhooks, what was done, privacy; and the platform's operator."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import PASSWORD, Chain, World

PAGES = {
    "/users": "Users",
    "/keys": "API keys",
    "/webhooks": "Webhooks",
    "/audit": "Audit",
    "/privacy": "Privacy",
}
OF_THE_PLATFORM = {"/tenants": "Chains", "/system": "System", "/users": "Users"}


def ends_loading(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading, exact=True, level=1).wait_for()
    expect(page.get_by_role("status", name=re.compile("Loading|Đang tải"))).to_have_count(0)


def as_operator(page: Page, world: World, path: str) -> None:
    answer = page.request.post("/v1/auth/login", data={"email": world.operator_email, "password": PASSWORD})
    assert answer.ok
    page.goto(path)


def test_every_page_fits_a_phone_in_english(opens: Opens) -> None:
    with opens("/account", "owner", width=360, dark=True) as page:
        for path, english in PAGES.items():
            page.goto(path)
            ends_loading(page, english)
            assert not is_too_wide(page), path
            assert faults_found(page) == [], path


def test_somebody_is_invited_by_a_link_shown_once(opens: Opens, chain: Chain) -> None:
    email = f"lan-{chain.tenant_id.hex}@example.com"
    with opens("/users", "owner") as page:
        page.get_by_role("button", name="Invite somebody").click()
        form = page.get_by_role("dialog")
        form.get_by_label("E-mail").fill(email)
        form.get_by_role("button", name="Invite somebody").click()
        form.get_by_text("Choose at least one site.").wait_for()
        form.get_by_label("Analyst").check()
        assert faults_found(page) == []
        form.get_by_role("button", name="Invite somebody").click()
        link = page.get_by_label("One-time link", exact=True).locator("textarea").input_value()
        assert "/password#token=" in link
        page.get_by_role("button", name="I have put it away").click()
        row = page.get_by_role("row", name=re.compile(email))
        row.get_by_text("Invited").wait_for()
        row.get_by_role("link").click()
        page.get_by_role("button", name="Delete the account").click()
        page.get_by_role("dialog", name="Delete the account").get_by_role("button", name="Delete the account").click()
        expect(row).to_have_count(0)


def test_a_key_is_made_shown_once_and_revoked(opens: Opens, world: World) -> None:
    with opens("/keys", "owner") as page:
        page.get_by_role("button", name="Make a key").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name").fill("till 1")
        form.get_by_label("See today's figures").check()
        assert faults_found(page) == []
        form.get_by_role("button", name="Make a key").click()
        key = page.get_by_label("API key", exact=True).locator("textarea").input_value()
        page.get_by_role("button", name="I have put it away").click()
        headers = {"Authorization": f"Bearer {key}"}
        assert world.client().get("/v1/figures/today", headers=headers).status_code == 200
        row = page.get_by_role("row", name=re.compile("till 1"))
        row.get_by_role("button", name="Revoke").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        row.get_by_text("Revoked").wait_for()
        assert world.client().get("/v1/figures/today", headers=headers).status_code == 401


def test_a_keys_last_day_ends_by_the_chains_clock(opens: Opens, world: World, chain: Chain) -> None:
    there = ZoneInfo("Asia/Ho_Chi_Minh")
    today = datetime.now(UTC).astimezone(there).date()
    with opens("/keys", "owner") as page:
        page.get_by_role("button", name="Make a key").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name").fill("till 1")
        form.get_by_label("See today's figures").check()
        form.get_by_text("by the clock of Asia/Ho_Chi_Minh").wait_for()
        form.get_by_label("Runs out").fill(f"{today + timedelta(days=1):%d/%m/%Y}")
        page.keyboard.press("Tab")
        form.get_by_role("button", name="Make a key").click()
        page.get_by_label("API key", exact=True).locator("textarea").wait_for()
    keys = world.logged_in(chain.emails["owner"]).get("/v1/keys").json()["items"]
    [key] = [one for one in keys if one["name"] == "till 1"]
    ends = datetime.combine(today + timedelta(days=2), time(), there) - timedelta(milliseconds=1)
    assert datetime.fromisoformat(key["expires_at"]) == ends


def test_a_webhook_is_added_at_an_address_of_its_own(opens: Opens) -> None:
    with opens("/webhooks", "owner") as page:
        page.get_by_role("button", name="Add a webhook").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name", exact=True).fill("shop floor")
        form.get_by_label("Address").fill("example.com/hook")
        form.get_by_role("button", name="Add a webhook").click()
        form.get_by_text("An address begins with https://").wait_for()
        form.get_by_label("Address").fill("https://203.0.113.9/hook")
        form.get_by_role("button", name="Add a webhook").click()
        page.get_by_label("Signing secret", exact=True).locator("textarea").wait_for()
        page.get_by_role("button", name="I have put it away").click()
        page.get_by_role("link", name="shop floor").click()
        page.get_by_text("Nothing was sent within 30 days.").wait_for()
        assert faults_found(page) == []


def test_what_was_done_is_told_in_words_and_found_again(opens: Opens, world: World, chain: Chain) -> None:
    owner = world.logged_in(chain.emails["owner"])
    assert owner.patch("/v1/tenant", json={"least_people_shown": 7}).status_code == 200
    with opens("/audit?action=tenant.changed", "owner") as page:
        row = page.get_by_role("row", name=re.compile("Changed the chain's settings"))
        row.get_by_text(chain.emails["owner"]).wait_for()
        row.get_by_role("button", name="Only what this one did").click()
        page.wait_for_url("**actor=user*")
        assert faults_found(page) == []


def test_the_chain_keeps_less_and_leaves_and_stays(opens: Opens, world: World, chain: Chain) -> None:
    with opens("/privacy", "owner") as page:
        page.get_by_label("Keep pictures of visitors").fill("3")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        page.get_by_text("Saved.").wait_for()
        assert world.logged_in(chain.emails["owner"]).get("/v1/tenant").json()["retention_days"] == 3
        page.get_by_role("switch", name="Recognize regulars").click()
        page.get_by_role("dialog").get_by_role("button", name="Only count").click()
        expect(page.get_by_role("switch", name="Recognize regulars")).not_to_be_checked()
        page.get_by_role("button", name="Leave the platform…").click()
        leaving = page.get_by_role("dialog", name="Leave the platform")
        expect(leaving.get_by_role("button", name="Delete everything in 14 days")).to_be_disabled()
        leaving.get_by_role("textbox").fill("Phở Ngon")
        leaving.get_by_role("button", name="Delete everything in 14 days").click()
        page.get_by_role("button", name="Take it back: we stay").click()
        page.get_by_role("button", name="Leave the platform…").wait_for()


def test_a_manager_finds_none_of_it(opens: Opens) -> None:
    with opens("/users", "manager") as page:
        page.get_by_text("You may not see this page").wait_for()
        assert page.get_by_role("link", name="API keys").count() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_the_operator_sees_chains_and_machines(opens: Opens, world: World, chain: Chain, width: int) -> None:
    world.add_camera(chain)
    with opens("/sign-in", None, width=width) as page:
        for path, heading in OF_THE_PLATFORM.items():
            as_operator(page, world, path)
            ends_loading(page, heading)
            assert not is_too_wide(page), path
            assert faults_found(page) == [], path


def test_the_operator_opens_a_chain_with_its_first_owner_and_suspends_it(
    opens: Opens, world: World, chain: Chain
) -> None:
    name, email = f"Bún {chain.tenant_id.hex}", f"chu-{chain.tenant_id.hex}@example.com"
    with opens("/sign-in", None) as page:
        as_operator(page, world, "/tenants")
        page.get_by_role("button", name="Open a chain").click()
        page.get_by_role("dialog").get_by_label("Name").fill(name)
        page.get_by_role("dialog").get_by_role("button", name="Open a chain").click()
        page.get_by_label("The owner's e-mail").fill(email)
        page.get_by_role("button", name="Invite an owner").click()
        page.get_by_label("One-time link", exact=True).locator("textarea").wait_for()
        page.get_by_role("button", name="I have put it away").click()
        page.get_by_role("button", name="Suspend").click()
        page.get_by_role("dialog", name="Suspend the chain").get_by_role("button", name="Suspend").click()
        page.get_by_role("button", name="Resume").wait_for()
