"""The live page in a real browser: what a manager at the door sees and does."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from regulars.domain.quality import Reason
from regulars.store.sessions import IDLE
from regulars.store.users import Role
from tests.integration.gateway.conftest import PASSWORD, Chain, World
from tests.integration.gateway.seeding import add_person, add_visit
from tests.integration.gateway.test_worker import told

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def opened(browser: "Browser", world: World, language: str = "en-US", width: int = 1280) -> Generator["Page"]:
    """Open the page; fail on any script error, or anything the content policy blocked."""
    context = browser.new_context(locale=language, viewport={"width": width, "height": 800})
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if "Content Security" in line.text else None)
    page.goto(world.url)
    yield page
    context.close()
    assert faults == []


def log_in(page: "Page", chain: Chain, role: Role = "owner", password: str = PASSWORD) -> None:
    """By keyboard alone, from the e-mail on; a form that is still hidden would swallow the keys."""
    page.locator("#login").wait_for()
    page.locator("#email").focus()
    page.keyboard.type(chain.emails[role])
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_a_visit_appears_with_its_face_while_the_page_is_open(
    browser: "Browser", world: World, chain: Chain, jpeg: bytes
) -> None:
    customer = add_person(world, chain, world.clock() - timedelta(days=9))
    for days in (9, 5):
        started = world.clock() - timedelta(days=days)
        add_visit(world, chain, started, customer_id=customer, status="returning")
    with opened(browser, world) as page:
        log_in(page, chain)
        page.locator("#line.connected").wait_for()
        assert page.locator(".visit").count() == 2
        visit_id = add_visit(
            world, chain, world.clock(), customer_id=customer, status="returning", gender="female", picture=jpeg
        )
        row = page.locator(f'[data-visit-id="{visit_id}"]')
        row.locator(".face img").wait_for()
        assert page.locator(".visit").first.get_attribute("data-visit-id") == str(visit_id)
        said = row.inner_text()
        for word in (customer.hex[-6:].upper(), "Returning", "3rd visit", "Female", "walking in"):
            assert word in said
        page.locator(".site .sum b", has_text="1").wait_for()
        assert "3rd visit" in page.locator("#said").inner_text()


def test_a_face_is_only_asked_for_when_its_row_is_in_sight(
    browser: "Browser", world: World, chain: Chain, jpeg: bytes
) -> None:
    for minutes in range(25):
        add_visit(world, chain, world.clock() - timedelta(minutes=minutes), picture=jpeg)
    with opened(browser, world) as page:
        asked = list[str]()
        page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/face") else None)
        log_in(page, chain)
        page.locator(".visit .face img").first.wait_for()
        page.wait_for_load_state("load")
        assert 0 < len(asked) < 25
        page.locator(".visit").last.scroll_into_view_if_needed()
        page.locator(".visit").last.locator(".face img").wait_for()


def test_cameras_say_in_words_what_is_wrong(browser: "Browser", world: World, chain: Chain) -> None:
    world.add_camera(chain, name="Front")
    world.add_camera(chain, name="Back")
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    with opened(browser, world) as page:
        log_in(page, chain)
        page.locator("#line.connected").wait_for()
        page.locator(".camera.alone", has_text="No worker runs this camera").wait_for()
        world.beat(chain.worker_key, "one", 1, [told(camera, "failed", "wrong_password")])
        page.locator(".camera.failed", has_text="wrong user name or password").wait_for()


def test_the_page_speaks_vietnamese_and_english_and_keeps_the_choice(
    browser: "Browser", world: World, chain: Chain
) -> None:
    with opened(browser, world, "vi-VN") as page:
        log_in(page, chain)
        page.get_by_role("heading", name="Lượt khách").wait_for()
        assert page.locator("html").get_attribute("lang") == "vi"
        page.get_by_role("button", name="English").click()
        page.get_by_role("heading", name="Visits").wait_for()
        page.reload()
        page.get_by_role("heading", name="Visits").wait_for()
        assert page.locator("html").get_attribute("lang") == "en"


def test_both_languages_have_every_word(browser: "Browser", world: World) -> None:
    with opened(browser, world) as page:
        spoken: list[Any] = page.evaluate(
            """async () => {
                const { words, switchLanguage } = await import("/page/words.js");
                const names = (said) => Object.entries(said).flatMap(([name, word]) =>
                    typeof word === "object" ? Object.keys(word).map((inner) => `${name}.${inner}`) : [name]);
                const first = names(words());
                switchLanguage();
                return [first, names(words())];
            }"""
        )
    assert sorted(spoken[0]) == sorted(spoken[1])


@pytest.mark.parametrize("language", ["vi-VN", "en-US"])
def test_a_narrow_phone_shows_all_of_it(browser: "Browser", world: World, jpeg: bytes, language: str) -> None:
    chain = world.add_chain("Quán Cà Phê Có Một Cái Tên Rất Dài Ở Thành Phố Hồ Chí Minh")
    world.add_camera(chain, name="Camera" * 12)
    customer = add_person(world, chain, world.clock())
    add_visit(world, chain, world.clock(), customer_id=customer, status="new", gender="female", picture=jpeg)
    with opened(browser, world, language, 360) as page:
        log_in(page, chain)
        page.locator(".visit .face img").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_wrong_password_is_told_and_a_login_that_ran_out_asks_again(
    browser: "Browser", world: World, chain: Chain
) -> None:
    with opened(browser, world) as page:
        log_in(page, chain, password="guess")
        page.get_by_role("alert").filter(has_text="E-mail or password is wrong.").wait_for()
        page.locator("#password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.locator("#line.connected").wait_for()
        world.clock.pass_by(IDLE.total_seconds())
        page.reload()
        page.locator("#login").wait_for()
        assert page.locator("#live").is_hidden()


def test_the_analyst_sees_sums_and_nobody(browser: "Browser", world: World, chain: Chain, jpeg: bytes) -> None:
    add_visit(world, chain, world.clock(), picture=jpeg)
    with opened(browser, world) as page:
        log_in(page, chain, "analyst")
        page.locator(".site .sum b", has_text="1").wait_for()
        assert page.locator("#visits-part").is_hidden()
        assert page.locator(".visit").count() == 0


def test_everything_is_reached_by_keyboard_in_the_order_it_is_read(
    browser: "Browser", world: World, chain: Chain
) -> None:
    with opened(browser, world) as page:
        page.locator("#login").wait_for()
        reached = list[str]()
        for _ in range(5):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert reached == ["skip", "language", "email", "password", ""]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "email"  # what the form misses first


def test_a_camera_says_why_faces_are_lost_and_what_helps(browser: "Browser", world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    reasons: tuple[Reason, ...] = ("turned_away", "blurred", "turned_away")
    for reason in reasons:
        add_visit(world, chain, world.clock(), camera_id=camera_id, lost_because=reason)
    for language, words in (("en-US", "3 faces could not be told today, mostly turned away"), ("vi-VN", "quay mặt đi")):
        with opened(browser, world, language) as page:
            log_in(page, chain)
            page.locator(".camera .advice").wait_for()
            assert words in page.locator(".camera .advice").inner_text()
