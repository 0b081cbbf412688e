"""Customers in a real browser: known by name, made one of two, found by their face, and forgotten when they ask."""

import io
import zipfile
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import expect
from sqlalchemy import Engine

from regulars.ports import ObjectStore
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.tenants import find_tenant
from regulars.tenancy import Tenancy
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
from tests.fake_pack import photograph_of
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_look, add_person, add_proposal, add_visit
from tests.shop import Shop
from tests.waiting import wait_for

__all__ = ["asking_settings", "engine", "gateway_settings", "objects", "owner", "recognizer", "vectors"]
LAN = 143


def add_customer(world: World, chain: Chain, *days_ago: float) -> UUID:
    """Add a customer with a look, who came so many days ago."""
    began_at = world.clock() - timedelta(days=days_ago[0])
    customer_id = add_person(world, chain, began_at)
    add_look(world, chain, customer_id)
    for at, days in enumerate(days_ago):
        when = world.clock() - timedelta(days=days)
        add_visit(world, chain, when, customer_id=customer_id, status="returning" if at else "new")
    return customer_id


def test_a_customer_is_found_named_and_told_with_their_rhythm(opens: Opens, world: World, chain: Chain) -> None:
    customer_id = add_customer(world, chain, 21, 14, 7)
    add_customer(world, chain, 3)
    with opens("/customers", "manager") as page:
        page.locator("[data-customer]").nth(1).wait_for()
        assert faults_found(page) == []
        page.get_by_role("searchbox").fill(_handle(customer_id))
        page.locator("[data-customer]").nth(1).wait_for(state="detached")
        page.locator(f'[data-customer="{customer_id}"]').click()
        page.get_by_text("Usually comes every 7 days.").wait_for()
        page.get_by_role("button", name="Show as table").click()
        page.get_by_role("columnheader", name="Hour").wait_for()
        page.get_by_role("button", name="Edit details").click()
        page.get_by_label("Name", exact=True).fill("Nguyễn Thị Lan")
        page.get_by_label("Birth year").fill("1850")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("A birth year is from 1900 to 2100.").wait_for()
        page.get_by_label("Birth year").fill("1985")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("heading", name="Nguyễn Thị Lan").wait_for()
        page.get_by_role("dialog").wait_for(state="hidden")
        assert faults_found(page) == []
        assert page.get_by_role("button", name="Erase this customer").count() == 0, "a manager may not"


def test_what_they_say_is_noted_and_all_that_is_kept_handed_out(opens: Opens, world: World, chain: Chain) -> None:
    customer_id = add_customer(world, chain, 2)
    with opens(f"/customers/{customer_id}") as page:
        page.get_by_role("button", name="Note what they said").click()
        form = page.get_by_role("dialog")
        form.get_by_label("How they said it").fill("at the desk")
        form.get_by_label("Version of the notice").fill("2026-01")
        form.get_by_role("button", name="Note what they said").click()
        page.get_by_text("Being recognized on arrival").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download their data (ZIP)").click()
        with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
            assert b"at the desk" in archive.read("about.json")


def test_erasing_says_what_is_lost_and_shows_the_receipt(opens: Opens, world: World, chain: Chain) -> None:
    customer_id = add_customer(world, chain, 2)
    with opens(f"/customers/{customer_id}") as page:
        page.get_by_role("button", name="Erase this customer").click()
        page.get_by_text("This will be lost for good").wait_for()
        erase = page.get_by_role("button", name="Erase for good")
        expect(erase).to_be_disabled()
        assert faults_found(page) == []
        page.get_by_label(f"Type {_handle(customer_id)} to confirm").fill(_handle(customer_id).lower())
        erase.click()
        page.get_by_text("Receipt of the erasure").wait_for()
        page.get_by_text("Looks of the face: 1").wait_for()
        assert faults_found(page) == []
        page.get_by_role("button", name="Close").last.click()
        page.wait_for_url("**/customers")
        page.get_by_text("No customer fits.").wait_for()


def test_who_objects_is_erased_passed_over_and_may_take_it_back(opens: Opens, world: World, chain: Chain) -> None:
    customer_id = add_customer(world, chain, 2)
    with opens(f"/customers/{customer_id}") as page:
        page.get_by_role("button", name="Customer objects to recognition").click()
        form = page.get_by_role("dialog")
        form.get_by_label("How they said it").fill("at the till")
        form.get_by_label(f"Type {_handle(customer_id)} to confirm").fill(_handle(customer_id))
        form.get_by_role("button", name="Erase for good").click()
        page.wait_for_url("**/customers")
        page.get_by_role("link", name="Objections").click()
        row = page.get_by_role("row", name="at the till")
        row.get_by_text(chain.emails["owner"]).wait_for()
        assert faults_found(page) == []
        row.get_by_role("button", name="Withdraw").click()
        asked = page.get_by_role("dialog", name="Withdraw this objection?")
        asked.get_by_text("The looks kept to pass them over are deleted").wait_for()
        asked.get_by_role("button", name="Withdraw").click()
        page.get_by_text("Nobody has objected.").wait_for()


def test_two_who_may_be_one_are_decided_side_by_side_and_back(opens: Opens, world: World, chain: Chain) -> None:
    one, other = add_customer(world, chain, 9, 8), add_customer(world, chain, 6)
    add_proposal(world, chain, one, other)
    with opens("/customers/merges", width=2560) as page:
        pair = page.locator("[data-proposal]")
        for customer_id in (one, other):
            pair.get_by_role("link", name=_handle(customer_id)).wait_for()
        assert faults_found(page) == []
        pair.get_by_role("button", name="One person, merge").click()
        page.get_by_text("There is no proposal.").wait_for()
        _customers_are(world, chain, 1)
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("Undone", exact=True).wait_for()
        _customers_are(world, chain, 2)


def test_somebody_is_found_by_a_selfie_and_the_hour(
    opens: Opens, world: World, chain: Chain, engine: Engine, objects: ObjectStore, recognizer: Recognizer
) -> None:
    with transaction(engine, Tenancy(chain.tenant_id)) as connection:
        tenant = find_tenant(connection, chain.tenant_id)
    assert tenant
    shop = Shop(engine, objects, tenant, chain.site_id)
    shop.add_camera()
    recognizer.handle(shop.walk_in(LAN, world.clock() - timedelta(minutes=5)))
    with opens("/customers") as page:
        page.get_by_role("link", name="Find by selfie").click()
        page.get_by_role("button", name="Use this device's camera").click()
        assert faults_found(page) == []
        page.get_by_role("button", name="Take picture").click()
        page.get_by_alt_text("The picture shown").wait_for()
        nobody = page.get_by_text("Nobody like this was there then.")
        nobody.or_(page.get_by_role("alert")).first.wait_for()  # whatever recognize sees in Chromium's test pattern
        give(page, photograph_of(LAN + 1))
        page.get_by_text("Nobody like this was there then.").wait_for()
        give(page, photograph_of(LAN, people=2))
        page.get_by_text("The picture shows several people.").wait_for()
        give(page, photograph_of(LAN))
        page.get_by_text("Match", exact=True).wait_for()
        assert faults_found(page) == []
        page.locator("[data-found]").get_by_role("link").click()
        page.get_by_role("button", name="Erase this customer").click()
        page.get_by_text("The person has proven who they are by a selfie").wait_for()


def test_it_fits_a_phone_in_english(opens: Opens, world: World, chain: Chain) -> None:
    customer_id = add_customer(world, chain, 9, 2)
    with opens("/customers", width=360, dark=True) as page:
        page.get_by_role("heading", name="Customers").wait_for()
        page.locator(f'[data-customer="{customer_id}"]').click()
        page.get_by_role("heading", name="Rhythm").wait_for()
        page.locator("[data-visit]").first.wait_for()
        assert not is_too_wide(page)
        assert faults_found(page) == []


def _handle(customer_id: UUID) -> str:
    return customer_id.hex[-6:].upper()


def _customers_are(world: World, chain: Chain, count: int) -> None:
    owner = world.logged_in(chain.emails["owner"])
    wait_for(lambda: len(owner.get("/v1/customers").json()["items"]) == count, f"there were {count} customers")
