"""What the documents name is there: commands, settings, metrics, files and the places that links point at."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from regulars.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
VARIABLE = re.compile(r"\bREGULARS_[A-Z][A-Z_]*[A-Z]\b")
TOP = "functions|realtime_workers|flows|frontend|iac|compose|k8s|tests|regulars|docs|requirements|\\.github|\\.ci"


@pytest.fixture(params=PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def page(request: pytest.FixtureRequest) -> Path:
    return request.param


def code(page: Path) -> Iterator[str]:
    """Yield what is set as code: spans, and lines of blocks of shell."""
    text = page.read_text("utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(page: Path) -> set[str]:
    """Return the names of a page's headings as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_page_can_be_reached_from_the_readme() -> None:
    found, ahead = {ROOT / "README.md"}, [ROOT / "README.md"]
    while ahead:
        here = ahead.pop()
        for target in re.findall(r"\]\(([^)\s#]+)", here.read_text("utf-8")):
            there = (here.parent / target).resolve()
            pages = {there} if there.suffix == ".md" else set(there.glob("*.md")) if there.is_dir() else set[Path]()
            ahead += pages - found
            found |= pages
    assert set(PAGES) - found == set()


def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


@cache
def variables() -> set[str]:
    """Return every REGULARS_ variable that is a setting, or that a script, a manifest or a template reads."""
    read = {f"REGULARS_{name.upper()}" for name in Settings.model_fields}
    for top in ("run", ".ci", ".github", "compose", "k8s", "iac", "tests", "frontend/vite.config.ts"):
        found = [ROOT / top, *(ROOT / top).rglob("*")]
        for file in (file for file in found if file.is_file() and file.suffix not in {".md", ".pyc", ".svg"}):
            read |= set(VARIABLE.findall(file.read_text("utf-8", errors="replace")))
    return read


def test_variables_are_those_of_the_code(page: Path) -> None:
    assert set(VARIABLE.findall(page.read_text("utf-8"))) - variables() == set()


def test_commands_are_those_of_the_launcher(page: Path) -> None:
    launcher = (ROOT / "run").read_text()
    for words in code(page):
        for verb in re.findall(r"(?:^|\s)\./run ([a-z]+)", words):
            assert re.search(rf"^{verb}\)", launcher, re.MULTILINE), words


def test_modules_have_the_commands(page: Path) -> None:
    for words in code(page):
        for module, verb in re.findall(r"python -m ([\w.]+)(?: ([a-z][a-z_-]+))?", words):
            if not module.startswith(("regulars", "functions", "realtime_workers", "flows", "compose", "tests")):
                continue
            found = find_spec(module)
            assert found, words
            folders = found.submodule_search_locations or [str(Path(str(found.origin)).parent)]
            near = [file.read_text("utf-8") for folder in folders for file in Path(folder).rglob("*.py")]
            has_verbs = any("add_parser(" in text for text in near)
            assert not verb or not has_verbs or any(f'"{verb}"' in text for text in near), words


def test_files_are_there(page: Path) -> None:
    for words in code(page):
        if re.fullmatch(rf"(?:{TOP})/[\w./-]*", words):
            assert (ROOT / words).exists(), words


def test_metrics_are_told() -> None:
    """A name that begins so is a metric, the database's role, or the file of a secret setting."""
    ours = ("regulars", "functions", "realtime_workers", "flows")
    told = "".join(path.read_text("utf-8") for name in ours for path in (ROOT / name).rglob("*.py"))
    settings = {f"regulars_{name}" for name in Settings.model_fields}
    for page in PAGES:
        for name in set(re.findall(r"`(regulars_[a-z_]+)[`{]", page.read_text("utf-8"))) - settings - {"regulars_app"}:
            assert f'"{name}' in told, name


def test_the_picture_of_the_portal_is_drawn_and_holds_no_photograph() -> None:
    picture = ET.parse(ROOT / "docs" / "portal.svg")  # noqa: S314 - a file of this repository
    kinds = {element.tag.rpartition("}")[2] for element in picture.iter()}
    assert {"rect", "text", "path"} <= kinds
    assert kinds.isdisjoint({"image", "script", "foreignObject", "a", "use"})


def test_contributing_lists_every_command() -> None:
    launcher = (ROOT / "run").read_text()
    verbs = set(re.findall(r"^\./run ([a-z]+)", launcher, re.MULTILINE))
    listed = set(re.findall(r"\./run ([a-z]+)", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert len(verbs) > 5
    assert verbs <= listed
