"""Names in every script and in none: typed into forms, written into tables that spreadsheets open, logs and reports."""

import csv
import io
import json
import logging
import random
import unicodedata
from collections.abc import Callable
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError

from functions.gateway.csv_answer import columns_of, write_rows
from functions.gateway.text import PlainName
from regulars.logs import JsonLines
from regulars.rendering.pages import write_pages
from regulars.rendering.workbook import write_workbook
from tests.torture.bad_input.tally import READ
from tests.unit.rendering.test_files import telling
from tests.unit.reports.made_days import SITE

# First and last letter of blocks that behave differently: Latin, Vietnamese, Greek, Cyrillic, Hebrew, Arabic,
# Devanagari, Thai, Hangul, Kana, Han, Ethiopic, Tibetan, marks that pile up, invisible ones, halves, emoji, private.
SCRIPTS = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x1E00, 0x1EFF), (0x370, 0x3FF), (0x400, 0x4FF), (0x590, 0x5FF), (0x600, 0x6FF),
    (0x900, 0x97F), (0xE00, 0xE7F), (0xAC00, 0xD7A3), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0x1200, 0x137F),
    (0xF00, 0xFFF), (0x300, 0x36F), (0x2000, 0x206F), (0xD800, 0xDFFF), (0xFF00, 0xFFEF), (0xFFF0, 0xFFFF),
    (0x1F300, 0x1FAFF), (0xE0000, 0xE007F), (0xE000, 0xF8FF), (0x0, 0x1F), (0x20000, 0x2A6DF), (0x10A60, 0x10A7F),
)  # fmt: skip
SAID = (
    "=1+1", "+84 90", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "a;=1+1", "a\t=1+1", '";=1+1;"', "\uff1d1+1", "%", "_",
    "'; drop table visits; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "\r\nSet-Cookie: a=b",
    "../../etc/passwd", "\u202egnp.exe", "a\u0300" * 40, "ﷺ" * 20, "Nguyễn Lan", "O'Brien", "", "\ufeff", "𒐫" * 9,
)  # fmt: skip
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NAME = TypeAdapter[str](PlainName)


class _Row(BaseModel):
    name: str
    note: str
    beside: str = "kept"


def name(dice: random.Random) -> str:
    """Type one name into a form; what is taken comes out of a table and a log as it went in, and is no formula."""
    typed = _typed(dice)
    try:
        taken = _NAME.validate_python(typed)
    except ValidationError as refused:
        return refused.errors()[0]["type"]
    assert unicodedata.is_normalized("NFC", taken)
    assert taken.isprintable() or all(unicodedata.category(letter) not in ("Cc", "Cs") for letter in taken)
    _in_a_table(taken)
    _in_a_log(taken)
    return READ


def report(dice: random.Random) -> str:
    """Print one site's name on paper and in a workbook."""
    typed = _typed(dice)
    try:
        told = telling(names={UUID(str(SITE)): _NAME.validate_python(typed)})
    except ValidationError as refused:
        return refused.errors()[0]["type"]
    assert write_pages(told).startswith(b"%PDF")
    assert write_workbook(told).startswith(b"PK")
    return READ


def _typed(dice: random.Random) -> str:
    words = [dice.choice(SAID) if dice.random() < 0.2 else _word(dice) for _ in range(dice.randint(1, 3))]
    return dice.choice(("", " ", ";", "\n")).join(words)


def _word(dice: random.Random) -> str:
    first, last = dice.choice(SCRIPTS)
    return "".join(chr(dice.randint(first, last)) for _ in range(dice.randint(1, 12)))


def _in_a_table(taken: str) -> None:
    lines = write_rows(columns_of(_Row), [_Row(name=taken, note=taken[::-1])]).decode()
    [cells] = csv.reader(io.StringIO(lines, newline=""))
    assert len(cells) == len(columns_of(_Row))
    assert [one.replace("'", "") for one in cells[:2]] == [taken.replace("'", ""), taken[::-1].replace("'", "")]
    # A spreadsheet of a country whose decimal sign is a comma cuts a table's lines elsewhere.
    for cell in [*cells, *(part for row in csv.reader(io.StringIO(lines, newline=""), delimiter=";") for part in row)]:
        assert not cell.lstrip(' "').startswith(_FORMULAS), cell


def _in_a_log(taken: str) -> None:
    record = logging.LogRecord("regulars", logging.INFO, "", 0, "told", None, None)
    record.__dict__["said"] = taken
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["said"] == taken


TEXTS: dict[str, Callable[[random.Random], str]] = {"names": name, "reports": report}
