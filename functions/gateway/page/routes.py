"""GET / and its files: the plain live page, the same for everybody; what it shows it asks the API for."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

from regulars.errors import NotFound

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent / "files"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@router.get("/")
def live_page() -> Response:
    """Return the page."""
    return _answer("live.html")


@router.get("/page/{name}")
def live_page_file(name: str) -> Response:
    """Return one of the files that the page names."""
    return _answer(name)


def _answer(name: str) -> Response:
    files = _files()
    if name not in files:
        raise NotFound("There is no such page.")
    kind = f"{_TYPES[Path(name).suffix]}; charset=utf-8"
    return Response(files[name], media_type=kind, headers={"Cache-Control": "no-cache"})


@cache
def _files() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in _FOLDER.iterdir() if file.suffix in _TYPES}
