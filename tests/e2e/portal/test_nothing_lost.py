"""What somebody has typed, and where they came from, outlives a slip of the hand and a network that goes away."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.portal.conftest import Opens
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_visit
from tests.waiting import wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page, Route


def add_customer(world: World, chain: Chain) -> str:
    came_at = world.clock() - timedelta(days=1)
    customer_id = add_person(world, chain, came_at)
    add_look(world, chain, customer_id)
    add_visit(world, chain, came_at, customer_id=customer_id, status="new")
    return str(customer_id)


@pytest.mark.parametrize("pressed", ["a[data-customer]", "tbody tr[data-row-key] td:last-child"])
def test_one_step_back_leads_to_the_list(opens: Opens, world: World, chain: Chain, pressed: str) -> None:
    customer_id = add_customer(world, chain)
    with opens("/customers?sort=-visits") as page:
        page.locator(pressed).first.click()
        page.wait_for_url(f"**/customers/{customer_id}")
        page.go_back()
        page.wait_for_url("**/customers?sort=-visits")


def test_what_was_typed_is_thrown_away_only_when_that_is_wanted(opens: Opens, world: World, chain: Chain) -> None:
    with opens(f"/customers/{add_customer(world, chain)}") as page:
        for act, field in (("Edit details", "Name"), ("Note what they said", "How they said it")):
            page.get_by_role("button", name=act).click()
            page.get_by_role("dialog").wait_for()
            page.keyboard.press("Escape")  # nothing was typed yet
            expect(page.get_by_role("dialog")).to_have_count(0)
            page.get_by_role("button", name=act).click()
            page.get_by_label(field, exact=True).fill("Lan")
            _escape_asks(page, "Go on entering")
            expect(page.get_by_label(field, exact=True)).to_have_value("Lan")
            _escape_asks(page, "Throw it away")
            expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_page_of_a_camera_is_left_with_what_was_typed_only_when_that_is_wanted(
    opens: Opens, world: World, chain: Chain
) -> None:
    camera_id = world.add_camera(chain)
    with opens("/cameras") as page:
        page.locator(f'a[href="/cameras/{camera_id}"]').first.click()
        name = page.get_by_label("Name", exact=True)
        name.fill("Cửa sau")
        page.get_by_role("link", name="Sites").click()
        _answer(page, "Go on entering")
        expect(name).to_have_value("Cửa sau")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Cửa sau").wait_for()
        page.get_by_role("link", name="Sites").click()
        page.wait_for_url("**/sites")  # it was saved
        page.go_back()
        name.fill("Cửa trước")
        page.go_back()
        _answer(page, "Throw it away")
        page.wait_for_url("**/cameras")


CHANGED = "Somebody else has just changed this. Load it again, then change it."


def test_another_tabs_change_of_a_camera_neither_takes_what_was_typed_nor_is_overwritten(
    opens: Opens, world: World, chain: Chain
) -> None:
    camera_id = world.add_camera(chain)
    owner = world.logged_in(chain.emails["owner"])
    with opens(f"/cameras/{camera_id}") as page:
        page.locator("[data-line=connected]").wait_for()
        name = page.get_by_label("Name", exact=True)
        name.fill("Cửa sau")
        page.get_by_role("button", name="Stop the camera door").click()
        page.get_by_role("button", name="Start the camera door").wait_for()
        page.get_by_role("button", name="Save").click()  # what was stopped is no other camera
        page.get_by_role("heading", name="Cửa sau").wait_for()
        name.fill("Cửa trước")
        assert owner.patch(f"/v1/cameras/{camera_id}", json={"name": "Cửa hông", "role": "in"}).status_code == 200
        page.get_by_role("heading", name="Cửa hông").wait_for()
        expect(name).to_have_value("Cửa trước")
        page.get_by_role("button", name="Save").click()
        page.get_by_text(CHANGED).wait_for()
    assert owner.get(f"/v1/cameras/{camera_id}").json()["name"] == "Cửa hông"


def test_a_form_that_was_open_before_does_not_take_back_what_another_tab_saved(
    opens: Opens, world: World, chain: Chain
) -> None:
    customer_id = add_customer(world, chain)
    owner = world.logged_in(chain.emails["owner"])
    with opens(f"/customers/{customer_id}") as page:
        page.clock.install()
        page.reload()
        page.get_by_role("button", name="Edit details").click()
        page.get_by_label("Name", exact=True).fill("Lan")
        assert owner.patch(f"/v1/customers/{customer_id}", json={"phone": "0901 234 567"}).status_code == 200
        _come_back_later(page)
        page.locator("main").get_by_text("0901 234 567").wait_for()
        page.get_by_role("button", name="Save").click()
        page.get_by_text(CHANGED).wait_for()
    assert owner.get(f"/v1/customers/{customer_id}").json()["phone"] == "0901 234 567"


def test_a_new_camera_is_not_lost_by_a_reload_and_saving_it_asks_nothing(opens: Opens) -> None:
    with opens("/cameras/new") as page:
        page.get_by_label("Name", exact=True).click()  # of a page that nobody has touched no browser asks
        page.keyboard.type("Cửa sau")
        asked: list[str] = []

        def stay(dialog: "Dialog") -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        page.evaluate("location.reload()")
        wait_for(lambda: asked == ["beforeunload"], "the browser asked")
        expect(page.get_by_label("Name", exact=True)).to_have_value("Cửa sau")
        page.get_by_label("RTSP address").fill("rtsp://127.0.0.1/door")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Cửa sau").wait_for()


def _escape_asks(page: "Page", answer: str) -> None:
    page.keyboard.press("Escape")
    _answer(page, answer)


def _answer(page: "Page", answer: str) -> None:
    page.get_by_role("dialog", name="Throw away what you have entered?").get_by_role("button", name=answer).click()
    page.get_by_role("button", name=answer).wait_for(state="hidden")


def test_every_tab_speaks_the_language_chosen_in_one_and_ends_with_the_login(opens: Opens) -> None:
    with opens("/sites") as page:
        other = page.context.new_page()
        other.goto("/customers")
        other.get_by_role("heading", name="Customers", exact=True).wait_for()
        page.get_by_role("button", name="Tiếng Việt").click()
        other.get_by_role("heading", name="Khách hàng", exact=True).wait_for()
        page.get_by_role("button", name="English").click()
        page.get_by_role("button", name="Log out").click()
        other.wait_for_url("**/sign-in?*")  # whoever comes next sees no customers


def test_until_the_portal_is_there_the_page_says_that_it_comes(opens: Opens) -> None:
    with opens("/sites") as page:
        held: list[Route] = []

        def hold_one(route: "Route") -> None:
            if held:
                route.continue_()
            else:
                held.append(route)

        page.route("**/assets/index-*.js", hold_one)
        page.reload(wait_until="commit")
        page.get_by_text("Loading Regulars").wait_for()
        held[0].continue_()
        page.get_by_role("heading", name="Sites").wait_for()
        expect(page.get_by_text("Loading Regulars")).to_have_count(0)


def test_a_page_that_cannot_be_fetched_says_why_and_comes_when_the_server_answers(opens: Opens) -> None:
    away = "The server does not answer. Check the network, then try again."
    with opens("/sites") as page:
        page.get_by_role("heading", name="Sites").wait_for()
        page.context.set_offline(offline=True)
        page.get_by_role("link", name="Webhooks").click()
        page.get_by_text(away).wait_for()
        page.get_by_role("button", name="Try again").click()
        page.get_by_text(away).wait_for()
        page.get_by_role("button", name="Log out").click()
        page.get_by_text("You are still logged in: the server does not answer.").wait_for()
        page.context.set_offline(offline=False)
        page.get_by_role("button", name="Try again").click()
        page.get_by_role("heading", name="Webhooks").wait_for()


def test_what_is_shown_and_typed_stays_while_the_server_does_not_answer(opens: Opens) -> None:
    old = "The server does not answer. What is shown may be old."
    with opens("/sites") as page:
        page.clock.install()
        page.reload()
        page.get_by_role("button", name="Add a site").click()
        page.get_by_label("Name", exact=True).fill("Quán mới")
        page.route("**/v1/**", lambda route: route.abort())
        _come_back_later(page)
        page.get_by_text(old).wait_for()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Quán mới")
        page.unroute("**/v1/**")
        _come_back_later(page)
        page.get_by_text(old).wait_for(state="hidden")
        expect(page.get_by_label("Name", exact=True)).to_have_value("Quán mới")


def _come_back_later(page: "Page") -> None:
    """Let what is shown grow so old that it is asked for again when the browser finds its network."""
    page.clock.fast_forward(20_000)
    page.evaluate("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'))")


def test_a_file_that_cannot_be_fetched_and_an_address_that_leads_nowhere_say_so(opens: Opens) -> None:
    with opens("/sites") as page:
        page.get_by_role("heading", name="Sites").wait_for()
        page.context.set_offline(offline=True)
        page.get_by_role("button", name="Download CSV").click()
        page.get_by_text("The server does not answer.").wait_for()
        page.context.set_offline(offline=False)
        page.goto("/customers/nobody")
        page.get_by_text("It was not found.").wait_for()
        page.get_by_role("link", name="To the first page").click()
        page.wait_for_url("**/today")


def test_today_of_a_site_that_is_no_more_shows_those_that_are(opens: Opens) -> None:
    with opens("/today?site=gone") as page:
        page.locator('[data-figure="visits"]').first.wait_for()
