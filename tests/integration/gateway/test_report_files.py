"""A report as a workbook and as pages: the numbers of the JSON, what is hidden marked, nothing that calculates."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from regulars.store.session import transaction
from regulars.store.tenants import change_tenant
from regulars.tenancy import PLATFORM
from tests.integration.gateway.conftest import Chain, World
from tests.integration.gateway.test_reports import MARCH, report, week

__all__ = ["week"]

HIDDEN = {"vi": "ẩn", "en": "hidden"}


def taken(world: World, chain: Chain, form: str, role: Any = "owner", **asked: Any) -> bytes:
    answer = world.logged_in(chain.emails[role]).get("/v1/reports", params=MARCH | asked | {"format": form})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="report-2026-03-02-2026-03-08.{form}"'
    return answer.content


def sheets(content: bytes) -> list[list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_workbook_tells_the_numbers_that_an_analyst_is_told(world: World, week: Chain, language: str) -> None:
    told = report(world.logged_in(week.emails["analyst"]))
    summary, series, sites, heat, cohorts, recency = sheets(taken(world, week, "xlsx", language=language))
    names = [name for name in told["now"]["total"] if name not in ("name", "hidden")]

    def as_told(row: dict[str, Any]) -> list[Any]:
        return [HIDDEN[language] if name in row["hidden"] else row[name] for name in names]

    assert [list(row[1:]) for row in series[1:]] == [as_told(row) for row in told["now"]["series"]]
    assert [list(row) for row in sites[1:]] == [["Noon", *as_told(row)] for row in told["sites"]]
    periods = [told["now"]["total"], told["before"]["total"], told["last_year"]["total"]]
    assert [list(row[1:]) for row in summary[6 : 6 + len(names)]] == [
        list(figures) for figures in zip(*(as_told(one) for one in periods), strict=True)
    ]
    cells = [cell for row in heat[1:] for cell in row[1:]]
    assert cells == [HIDDEN[language] if one["hidden"] else one["visits"] for one in told["heat_map"]]
    assert len(cohorts) == 1 + len(told["cohorts"])
    assert [row[1] for row in recency[1:]] == [one["visitors"] for one in told["recency"]]
    assert HIDDEN[language] in [cell for row in series for cell in row], "few people came, and no file says so"


def test_a_name_that_looks_like_a_formula_is_a_text(world: World, week: Chain) -> None:
    evil = '=HYPERLINK("https://evil.example.com","open")'
    owner = world.logged_in(week.emails["owner"])
    assert owner.patch(f"/v1/sites/{week.site_id}", json={"name": evil}).status_code == 200
    book = load_workbook(io.BytesIO(taken(world, week, "xlsx")))
    cell = book.worksheets[2]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink, cell.quotePrefix) == (evil, "s", None, True)


@pytest.mark.parametrize(("language", "title"), [("vi", "Báo cáo khách"), ("en", "Visitor report")])
def test_pages_are_in_the_language_that_is_asked_for(world: World, week: Chain, language: str, title: str) -> None:
    pages = PdfReader(io.BytesIO(taken(world, week, "pdf", language=language)))
    text = "\n".join(page.extract_text() for page in pages.pages)
    root: Any = pages.trailer["/Root"]
    assert root["/Lang"] == language
    assert all(part in text for part in ("Phở Ngon", "Noon", title, HIDDEN[language], "86"))


def test_the_language_is_that_of_the_portal_unless_told(world: World, week: Chain) -> None:
    with transaction(world.parts.engine, PLATFORM) as connection:
        change_tenant(connection, week.tenant_id, language="en")
    assert "Visitor report" in str(sheets(taken(world, week, "xlsx", role="analyst"))[0])


def test_a_manager_takes_the_named_sites_and_each_file_is_noted(world: World, week: Chain) -> None:
    taken(world, week, "pdf", role="manager")
    log = world.logged_in(week.emails["owner"]).get("/v1/audit", params={"action": "report.exported"}).json()
    assert [entry["subject_id"] for entry in log["items"]] == ["report-2026-03-02-2026-03-08.pdf"]
