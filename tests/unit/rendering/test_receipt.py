"""The receipt of an erasure as a page: what was removed has words in both languages, whatever was erased."""

import ast
import inspect
import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from regulars.ids import new_id
from regulars.rendering.labels import Labels
from regulars.rendering.receipt import RECEIPTS, write_receipt
from regulars.steps import carry_out_erasures, erase_member, erase_person
from regulars.store.erasures import Erasure, verified
from regulars.store.tenants import Language
from tests.unit.reports.made_days import utc

PORTALS = Path(__file__).resolve().parents[3] / "frontend" / "src" / "parts" / "ErasureFacts.tsx"
AT = utc(2026, 3, 2, 20)


def erasure(removed: dict[str, int], **different: Any) -> Erasure:
    looked = [verified(where, 0, "flow", AT) for where in ("postgresql", "vectors", "objects")]
    told: dict[str, Any] = {"removed": removed, "verified": looked}
    made: dict[str, Any] = {"work": None, "receipt": told, "finished_at": AT, "whole": True, "state": "done"}
    return Erasure(new_id(), new_id(), new_id(), subjects=[], actor="user:1", asked_at=AT, **made | different)


def text_of(one: Erasure, language: Language) -> str:
    page = write_receipt("Phở Ngon", one, Labels(language), ZoneInfo("Asia/Ho_Chi_Minh"), AT)
    return PdfReader(io.BytesIO(page)).pages[0].extract_text()


def removed_names() -> set[str]:
    """Read every name that is counted as removed out of the steps that erase."""
    names = set[str]()
    for step in (erase_person, erase_member, carry_out_erasures):
        for node in ast.walk(ast.parse(inspect.getsource(step))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="removed"), attr="add"), args=[ast.Constant(name), *_]
                ):
                    names.add(str(name))
                case ast.Assign(targets=[ast.Name(id="removed")], value=ast.Dict(keys=keys)):
                    names |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
                case ast.AugAssign(target=ast.Name(id="removed"), value=ast.Dict(keys=keys)):
                    names |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}
                case _:
                    pass
    return names


def test_whatever_is_removed_has_a_name_in_both_languages() -> None:
    assert len(removed_names()) > 12
    for words in RECEIPTS.values():
        assert set(words.removed) == removed_names()


@pytest.mark.parametrize(("language", "place"), [("vi", 1), ("en", 2)])
def test_the_portal_says_a_receipt_in_the_words_of_its_page(language: Language, place: int) -> None:
    told = PORTALS.read_text().split("inWords(")[1].split("\n);")[0].split("\n  {")[place]
    words = RECEIPTS[language]
    for names in (words.removed, words.where):
        for name, said in names.items():
            assert f'{name}: "{said}"' in told
    for said in (words.number, words.asked, words.finished, words.extent, words.whole, words.part, words.took):
        assert f'"{said}"' in told
    assert f'"{words.looked}"' in told


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_says_what_was_removed_and_what_was_left(language: Language) -> None:
    words = RECEIPTS[language]
    told = text_of(erasure(dict.fromkeys(words.removed, 1234)), language)
    for name in words.removed.values():
        assert f"{name}: {'1.234' if language == 'vi' else '1,234'}" in told
    assert words.left.format(where=words.where["vectors"], count=0, at="") in told
    assert "03:00 (Asia/Ho_Chi_Minh)" in told


def test_a_page_of_one_that_is_not_finished_says_so() -> None:
    told = text_of(erasure({"customers": 0}, finished_at=None, state="in_progress", whole=False), "en")
    assert RECEIPTS["en"].in_progress in told
    assert RECEIPTS["en"].part in told
    assert "Customers" not in told
