"""One step back of the browser, a link, a logout and a login that ran out take nothing away that was entered."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.portal.conftest import Opens
from tests.integration.gateway.conftest import PASSWORD, Chain, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

TYPED = "Throw away what you have entered?"
SHOWN_ONCE = "Leave without putting it away?"


def answer(page: "Page", question: str, said: str) -> None:
    page.get_by_role("dialog", name=question).get_by_role("button", name=said).click()
    page.get_by_role("dialog", name=question).wait_for(state="hidden")


def opened_from_the_menu(page: "Page", name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, exact=True, level=1).wait_for()


@pytest.mark.parametrize(
    ("where", "act"),
    [("Sites", "Add a site"), ("Webhooks", "Add a webhook"), ("API keys", "Make a key"), ("Staff", "Add staff")],
)
def test_a_step_back_from_a_drawer_with_something_entered_asks(opens: Opens, where: str, act: str) -> None:
    with opens("/today") as page:
        page.get_by_role("heading", name="Today").wait_for()
        opened_from_the_menu(page, where)
        page.get_by_role("button", name=act).click()
        name = page.get_by_role("dialog").get_by_label("Name", exact=True)
        name.fill("Cửa sau")
        for _ in range(2):
            page.go_back()
            answer(page, TYPED, "Go on entering")
            expect(name).to_have_value("Cửa sau")
        page.go_back()
        page.get_by_role("dialog", name=TYPED).wait_for()
        page.go_back()  # who presses twice is asked once
        answer(page, TYPED, "Throw it away")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_drawer_with_nothing_entered_or_all_saved_is_left_without_a_question(
    opens: Opens, world: World, chain: Chain
) -> None:
    with opens("/today") as page:
        page.get_by_role("heading", name="Today").wait_for()
        opened_from_the_menu(page, "Sites")
        page.get_by_role("button", name="Add a site").click()
        page.get_by_role("dialog").wait_for()
        page.go_back()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name="Add a site").click()
        page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Cửa sau")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Cửa sau").wait_for()
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.go_back()
        page.wait_for_url("**/sites/new")


def test_a_link_in_a_drawer_asks_too(opens: Opens, chain: Chain) -> None:
    with opens(f"/sites/{chain.site_id}") as page:
        page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Cửa sau")
        page.get_by_role("dialog").get_by_role("link", name="Cameras").click()
        answer(page, TYPED, "Go on entering")
        page.get_by_role("dialog").get_by_role("link", name="Cameras").click()
        answer(page, TYPED, "Throw it away")
        page.wait_for_url("**/cameras?*")


def test_a_form_on_a_page_asks_until_it_is_saved(opens: Opens) -> None:
    with opens("/sites") as page:
        opened_from_the_menu(page, "Privacy")
        page.get_by_label("Name of the chain").fill("Chuỗi mới")
        page.go_back()
        answer(page, TYPED, "Go on entering")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("banner").get_by_text("Chuỗi mới").wait_for()
        page.go_back()
        page.wait_for_url("**/sites")


def test_a_key_that_is_shown_once_is_not_lost_by_a_step_back(opens: Opens) -> None:
    with opens("/sites") as page:
        opened_from_the_menu(page, "API keys")
        page.get_by_role("button", name="Make a key").click()
        form = page.get_by_role("dialog")
        form.get_by_label("Name").fill("till 1")
        form.get_by_label("See today's figures").check()
        form.get_by_role("button", name="Make a key").click()
        key = page.get_by_label("API key", exact=True).locator("textarea")
        key.wait_for()
        page.go_back()
        answer(page, SHOWN_ONCE, "Stay")
        assert key.input_value() != ""
        page.get_by_role("button", name="I have put it away").click()
        page.go_back()
        page.wait_for_url("**/sites")


def test_logging_out_asks_first_and_then_leaves_without_another_question(
    opens: Opens, world: World, chain: Chain
) -> None:
    with opens(f"/cameras/{world.add_camera(chain)}") as page:
        page.get_by_label("Name", exact=True).fill("Cửa sau")
        page.get_by_role("button", name="Log out").click()
        answer(page, TYPED, "Go on entering")
        assert page.request.get("/v1/auth/me").ok, "nobody was logged out"
        page.get_by_role("button", name="Log out").click()
        answer(page, TYPED, "Throw it away")
        page.wait_for_url("**/sign-in")


def test_what_was_typed_outlives_a_login_that_ran_out(opens: Opens, chain: Chain) -> None:
    with opens(f"/sites/{chain.site_id}") as page:
        page.clock.install()
        page.reload()
        name = page.get_by_role("dialog").get_by_label("Name", exact=True)
        name.fill("Cửa sau")
        page.context.clear_cookies()
        with page.expect_response(lambda one: one.url.endswith("/v1/auth/refresh")):
            page.clock.fast_forward(90_000)
            page.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        page.get_by_text("What you have entered stays here.").wait_for()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Open the login").click()
        other = opened.value
        other.get_by_label("E-mail").fill(chain.emails["owner"])
        other.get_by_label("Password").fill(PASSWORD)
        other.keyboard.press("Enter")
        other.get_by_role("heading", name="Today").wait_for()
        expect(name).to_have_value("Cửa sau")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Cửa sau").wait_for()
