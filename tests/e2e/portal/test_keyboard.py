"""Without a mouse: coming in, moving around, choosing, asking to erase and thinking better of it."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.e2e.portal.conftest import Opens
from tests.integration.gateway.conftest import PASSWORD, Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_visit

MOST_TABS = 60


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until what has this role and name has the focus, and is seen to have it."""
    wanted = page.get_by_role(role, name=name).first  # pyright: ignore[reportArgumentType]
    wanted.wait_for()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            assert wanted.evaluate("one => one.matches(':focus-visible')")
            return
    raise AssertionError(f"{MOST_TABS} tabs do not reach the {role} {name}")


def test_a_customer_is_opened_edited_and_not_erased(opens: Opens, world: World, chain: Chain) -> None:
    customer_id = add_person(world, chain, world.clock() - timedelta(days=9))
    add_look(world, chain, customer_id)
    add_visit(world, chain, world.clock(), customer_id=customer_id, status="returning")
    handle = customer_id.hex[-6:].upper()
    with opens("/customers", None) as page:
        expect(page.get_by_label("E-mail")).to_be_focused()  # from the start
        page.keyboard.type(chain.emails["owner"])
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Customers").wait_for()
        tab_to(page, "link", "Skip to content")
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        tab_to(page, "link", f"Guest {handle}")
        page.keyboard.press("Enter")
        tab_to(page, "button", "Edit details")
        page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="Edit details")
        tab_to(page, "textbox", "Name")
        page.keyboard.type("Chị Lan")
        tab_to(page, "button", "Save")
        page.keyboard.press("Enter")
        form.wait_for(state="hidden")
        page.get_by_role("heading", name="Chị Lan").wait_for()
        tab_to(page, "button", "Erase this customer")
        page.keyboard.press("Enter")
        asked = page.get_by_role("dialog", name="Erase Chị Lan?")
        asked.wait_for()
        page.keyboard.press("Escape")
        asked.wait_for(state="hidden")
        expect(page.get_by_role("button", name="Erase this customer")).to_be_focused()
