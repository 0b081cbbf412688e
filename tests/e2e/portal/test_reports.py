"""Reports in a real browser: one question for all of it, charts that are tables too, and what must not be shown."""

import io
import re
import threading
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pypdf import PdfReader

from tests.e2e.portal.conftest import Opens, faults_found, is_too_wide
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.seeding import add_person, add_visit
from tests.waiting import wait_for

REGULARS, STRANGERS = 12, 3
PRINTS = "dispatchEvent(new Event('beforeprint'));"
ALL_ARE_DRAWN = """() => [...document.querySelectorAll(".drawing")].every((drawing) => {
    const canvas = drawing.querySelector("canvas");
    const points = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return points?.some((value) => value > 0);
})"""
LETTERS_ARE_LIGHT = """() => getComputedStyle(document.querySelector("main h2")).color
    .match(/[0-9]+/g).slice(0, 3).every((value) => Number(value) > 127)"""
QUESTIONS = re.compile(r"/v1/(?!live)")


@pytest.fixture
def fortnight(world: World, chain: Chain) -> Chain:
    """Twelve regulars who came ten and three days ago, and three strangers yesterday."""
    people = [add_person(world, chain, world.clock() - timedelta(days=10)) for _ in range(REGULARS)]
    for days, status in ((10, "new"), (3, "returning")):
        for person in people:
            at = world.clock() - timedelta(days=days)
            add_visit(world, chain, at, customer_id=person, status=status, gender="female")  # pyright: ignore[reportArgumentType]
    for _ in range(STRANGERS):
        add_visit(world, chain, world.clock() - timedelta(days=1), customer_id=stranger(world, chain), status="new")
    return chain


def stranger(world: World, chain: Chain) -> UUID:
    return add_person(world, chain, world.clock() - timedelta(days=1))


def figure(page: Page, name: str) -> Locator:
    return page.locator("dl > div", has=page.get_by_text(name, exact=True)).locator("dd > div").first


def arrive(page: Page, held: list[Route], number: int) -> None:
    """Wait until so many questions are held: Playwright hands one over a moment after it tells of it."""

    def arrived() -> bool:
        page.wait_for_timeout(10)
        return len(held) >= number

    wait_for(arrived, f"{number} questions were held")


def test_one_question_answers_the_whole_page(opens: Opens, fortnight: Chain) -> None:
    with opens("/today") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/v1/reports" in request.url else None)
        page.goto("/reports")
        page.locator("canvas").nth(8).wait_for()
        for name, told in (("Visits", "27"), ("Visitors", "15"), ("Returning share", "44.4%")):
            expect(figure(page, name)).to_have_text(told)
        expect(page.get_by_text("Today is not over")).to_be_visible()
        expect(page.get_by_text(re.compile("Before: .* \\(no visits to compare with\\)"))).to_be_visible()
        for drawn in ("figure", "canvas"):
            expect(page.locator(drawn)).to_have_count(9)
        assert len(asked) == 1
        assert faults_found(page) == []


def test_all_questions_leave_before_the_first_is_answered(opens: Opens, fortnight: Chain) -> None:
    with opens("/account") as page:
        page.get_by_role("heading", name="My account").wait_for()
        held, later, released = list[Route](), list[str](), threading.Event()

        def hold(route: Route) -> None:
            if released.is_set():
                route.continue_()
            else:
                held.append(route)

        page.route(QUESTIONS, hold)
        parts = [page.expect_request(f"**/assets/{part}-*.js") for part in ("Shell", "ReportsPage", "drawing")]
        with page.expect_request("**/v1/auth/me"), parts[0], parts[1], parts[2]:
            page.goto("/reports")
        arrive(page, held, 1)
        with page.expect_request("**/v1/sites*"), page.expect_request("**/v1/reports*"):
            held.pop().continue_()
        page.on("request", lambda request: later.append(request.url) if QUESTIONS.search(request.url) else None)
        released.set()
        for route in held:
            route.continue_()
        page.unroute(QUESTIONS)
        for drawn in ("figure", "canvas"):
            expect(page.locator(drawn)).to_have_count(9)
        assert later == []


def test_filters_stand_in_the_address_and_every_chart_is_a_table(opens: Opens, fortnight: Chain) -> None:
    with opens("/reports?range=7d&gender=female") as page:
        chart = page.get_by_role("figure", name="Visits of new and returning customers")
        chart.get_by_role("button", name="Show as table").click()
        chart.locator("tr", has_text="still open").wait_for()
        assert sum(int(row) for row in chart.locator("tr.ant-table-row td:nth-child(3)").all_inner_texts()) == REGULARS
        page.get_by_role("combobox", name="Cut by").click()
        page.get_by_title("Day of week", exact=True).click()
        page.wait_for_url("**bucket=day_of_week**")
        chart.get_by_text("Monday").wait_for()
        page.reload()
        expect(figure(page, "Visits")).to_have_text(str(REGULARS))
        page.get_by_role("button", name="Clear filters").click()
        page.wait_for_url("**/reports")


def test_an_analyst_sees_that_figures_of_few_are_hidden(opens: Opens, fortnight: Chain) -> None:
    with opens("/reports?range=7d", "analyst", dark=True) as page:
        page.get_by_text("Figures of fewer than 10 people are hidden").wait_for()
        chart = page.get_by_role("figure", name="Visits and visitors")
        chart.get_by_role("button", name="Show as table").click()
        chart.locator("td", has_text="hidden").first.wait_for()
        hours = page.get_by_role("region", name="Visits by day and hour")
        hours.get_by_text("hidden").first.wait_for(state="attached")
        assert faults_found(page) == []


def test_a_table_of_it_is_a_file(opens: Opens, fortnight: Chain) -> None:
    with opens("/reports?range=7d") as page:
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Day and hour").click()
        assert waiting.value.suggested_filename.startswith("report-heat_map-")
        assert waiting.value.path().read_text("utf-8-sig").startswith("day_of_week,hour,visits")


@pytest.mark.parametrize("dark", [False, True])
def test_on_paper_stand_figures_and_charts_in_dark_letters_and_nothing_to_press(
    opens: Opens, fortnight: Chain, dark: bool
) -> None:
    with opens("/reports", dark=dark) as page:
        page.locator(".drawing canvas").first.wait_for()
        paper = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
        said = "\n".join(sheet.extract_text() for sheet in paper)
        assert "Visits and visitors" in said
        for pressed in ("Log out", "Show as table", "Save and schedule", "Excel workbook"):
            assert pressed not in said
        assert page.evaluate(LETTERS_ARE_LIGHT) == dark, "the screen is as it was"
        # Paper does not wait for the next frame.
        assert page.evaluate(f"async () => {{ {PRINTS} await null; return ({ALL_ARE_DRAWN})() }}")
        assert not page.evaluate(LETTERS_ARE_LIGHT)


def test_it_fits_a_phone_in_english(opens: Opens, fortnight: Chain) -> None:
    with opens("/reports", "manager", width=360) as page:
        page.get_by_role("heading", name="Reports", exact=True).wait_for()
        page.locator("canvas").first.wait_for()
        assert not is_too_wide(page)
        assert faults_found(page) == []


def test_states_without_figures_say_what_to_do(opens: Opens, world: World, chain: Chain) -> None:
    with opens("/reports?from=2020-01-01&to=2020-01-31") as page:
        page.get_by_text("There are no visits in this range.").wait_for()
        page.goto("/reports?from=2001-01-01&to=2020-01-31")
        page.get_by_text("A report covers at most 1,100 days").wait_for()
        page.route("**/v1/reports*", lambda route: route.abort())
        page.goto("/reports?range=7d")
        page.get_by_role("button", name="Try again").wait_for()
        page.unroute("**/v1/reports*")
        page.get_by_role("button", name="Try again").click()
        page.get_by_text("There are no visits in this range.").wait_for()


def test_a_view_is_saved_made_for_the_days_shown_and_deleted(opens: Opens, fortnight: Chain) -> None:
    with opens("/reports?range=7d&hours=6-24") as page:
        page.get_by_role("button", name="Save and schedule").click()
        form = page.get_by_role("dialog", name="Save and schedule")
        form.get_by_label("Name").fill("Opening hours")
        form.get_by_role("button", name="Save", exact=True).click()
        form.wait_for(state="hidden")
        page.get_by_role("button", name="Saved reports").click()
        saved = page.get_by_role("dialog", name="Saved reports")
        assert "hours=6-24" in (saved.get_by_role("link").get_attribute("href") or "")
        saved.get_by_role("button", name="Edit").click()
        form = page.get_by_role("dialog", name="Change a saved report")
        expect(form.get_by_label("Name")).to_have_value("Opening hours")
        form.get_by_label("Monthly, when").check()
        form.get_by_label("Excel").check()
        assert faults_found(page) == []
        form.get_by_role("button", name="Save", exact=True).click()
        form.wait_for(state="hidden")
        saved.get_by_text("Monthly, when").wait_for()
        saved.get_by_role("button", name="Make files for the days shown now").click()
        with page.expect_response("**/v1/saved-reports/*/issues/*") as waiting:
            saved.get_by_role("button", name="PDF").click()
        files = {file["format"]: file["url"] for file in waiting.value.json()["files"]}
        assert set(files) == {"pdf", "xlsx"}
        assert httpx.get(files["pdf"]).content.startswith(b"%PDF")
        assert faults_found(page) == []
        saved.get_by_role("button", name="Delete").click()
        page.get_by_role("dialog", name="Delete the report “Opening hours”?").get_by_role(
            "button", name="Delete"
        ).click()
        saved.get_by_text("No report is saved yet.").wait_for()
