"""Reports as files without a database: every word in both languages, what is hidden or unseen marked, odd reports."""

import io
from dataclasses import fields, replace
from datetime import UTC, date
from itertools import cycle
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from regulars.domain.reports.buckets import Bucket, Range
from regulars.domain.reports.columns import side_by_side
from regulars.domain.reports.figures import Figures
from regulars.domain.reports.report import Asked, make_report
from regulars.domain.reports.site_days import CameraWatch
from regulars.rendering.charts import nice_top
from regulars.rendering.labels import Labels
from regulars.rendering.pages import write_pages
from regulars.rendering.telling import FORMS, Telling, tables_of
from regulars.rendering.words import WORDS, Words
from regulars.rendering.workbook import write_workbook
from regulars.store.tenants import Language
from tests.unit.reports.made_days import SITE, made_days, utc

MARCH = Range(date(2026, 3, 2), date(2026, 3, 8))
BUCKETS: tuple[Bucket, ...] = ("total", "hour_of_day", "day", "day_of_week", "week", "month")


def telling(
    span: Range = MARCH, bucket: Bucket = "day", language: Language = "en", names: dict[UUID, str] | None = None
) -> Telling:
    """Eleven regulars at each noon and three strangers on the first day; its camera saw an eighth of the time."""
    days = [date(2026, 3, number) for number in range(2, 9)]
    visits = [
        (utc(2026, 3, day.day, 12, minute), 1 + minute, "returning", "female", 600)
        for day in days
        for minute in range(11)
    ]
    visits += [(utc(2026, 3, 2, 13, minute), 20 + minute, "new", "male", -1) for minute in range(3)]
    seen = [(utc(2026, 3, day.day, 11).timestamp(), utc(2026, 3, day.day, 14).timestamp()) for day in days]
    made = made_days(sorted(visits), days, cameras=[CameraWatch(utc(2026, 1, 1).timestamp(), seen)])
    asked = Asked(span, bucket, k=10)
    report = make_report(
        asked, lambda range_: side_by_side([one for one in made if range_.first <= one.day <= range_.last])
    )
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    sites = names or {SITE: "Bến Thành"}
    return Telling("Phở Ngon", asked, report, sites, True, Labels(language), utc(2026, 3, 9).astimezone(zone))


def text_of(pages: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pages)).pages)


def test_both_languages_say_the_same_with_the_same_places_to_fill() -> None:
    for field in fields(Words):
        vi, en = getattr(WORDS["vi"], field.name), getattr(WORDS["en"], field.name)
        assert _shape(vi) == _shape(en), field.name
    assert list(FORMS) == [field.name for field in fields(Figures)] == list(WORDS["en"].figures)


def _shape(told: Any) -> Any:
    match told:
        case dict():
            return sorted(told)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        case tuple():
            return len(told)  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return sorted(part.partition("}")[0] for part in str(told).split("{")[1:])


@pytest.mark.parametrize(("bucket", "language"), list(zip(BUCKETS, cycle(["vi", "en"]), strict=False)))
def test_every_cut_can_be_drawn_in_both_languages(bucket: Bucket, language: Language) -> None:
    told = telling(bucket=bucket, language=language)
    text = text_of(write_pages(told))
    assert told.words.title in text
    assert all(told.labels.bucket(bucket, row.name) in text for row in told.report.now.series)


def test_nothing_that_is_hidden_stands_in_a_file() -> None:
    told = telling()
    first = told.report.now.series[0]
    assert first.figures.new == 3
    assert "new" in first.hidden
    _, series, *_ = tables_of(told)
    row = dict(zip([column.name for column in series.columns], series.rows[0], strict=True))
    assert (row["new"].value, row["new"].hidden, row["visits"].value) == (None, True, 14)
    book = load_workbook(io.BytesIO(write_workbook(told)))
    written = [
        (sheet.title, cell.coordinate, cell.value) for sheet in book for line in sheet.iter_rows() for cell in line
    ]
    assert "hidden" in [value for _, _, value in written]
    assert [one for one in written if one[2] == 3] == []


def test_what_cameras_saw_too_little_of_is_marked() -> None:
    told = telling()
    assert "Cameras saw only 12% of this period" in text_of(write_pages(told))
    sheet = load_workbook(io.BytesIO(write_workbook(told))).worksheets[1]
    assert sheet["B2"].fill.fgColor.rgb == "FFFDF0DC"


def test_a_report_of_nobody_says_so() -> None:
    empty = telling(Range(date(2025, 1, 1), date(2025, 1, 31)))
    assert "There are no visits in this range." in text_of(write_pages(empty))
    assert write_workbook(empty)


def test_long_names_are_cut_and_long_tables_go_on_with_their_heads() -> None:
    long = telling(Range(date(2025, 11, 1), date(2026, 3, 8)), names={SITE: "Quán rất là dài " * 20})
    pages = PdfReader(io.BytesIO(write_pages(long))).pages
    texts = [page.extract_text() for page in pages]
    assert len(pages) > 3
    assert all("Visitors" in text for text in texts[1:4])
    assert "…" in texts[0]


def test_a_site_that_calls_itself_a_formula_stays_a_text() -> None:
    for evil in ("=1+1", "@SUM(A1)", "https://evil.example.com", "{=1}"):
        sheet = load_workbook(io.BytesIO(write_workbook(telling(names={SITE: evil})))).worksheets[2]
        assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].hyperlink) == (evil, "s", None)


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (5, 8), (9, 12), (10, 12), (13, 16), (100, 100), (101, 120), (1001, 1200)]
)
def test_scales_end_above_the_highest_bar(most: int, top: int) -> None:
    assert nice_top(most) == top


def test_a_share_of_nearly_all_is_not_told_as_all() -> None:
    labels = Labels("vi")
    assert [labels.share(one) for one in (0.996, 1.0, 0.5)] == ["99%", "100%", "50%"]
    assert (labels.number(1234.5, 1), Labels("en").number(1234.5, 1)) == ("1.234,5", "1,234.5")
    assert [Labels("en").change(now, 100) for now in (110, 100, 90)] == ["+10%", "±0%", "−10%"]  # noqa: RUF001


def test_a_workbook_says_in_utc_when_it_was_made() -> None:
    created = load_workbook(io.BytesIO(write_workbook(telling()))).properties.created
    assert created == telling().made_at.astimezone(UTC).replace(tzinfo=None), "a workbook's times have no zone"


def test_a_name_is_no_mark_for_the_number_of_pages() -> None:
    pages = write_pages(replace(telling(), chain="Phở {nb}"))
    assert "Phở {nb}" in text_of(pages)
    many = len(PdfReader(io.BytesIO(pages)).pages)
    assert f"Page {many} of {many}" in text_of(pages)


def test_who_made_it_when_is_the_same_file_again() -> None:
    assert write_pages(telling()) == write_pages(telling())
    assert write_workbook(telling()) == write_workbook(telling())
