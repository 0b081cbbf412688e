"""GET / and its two files: the plain live page, the same for everybody; what it shows it asks the API for."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Response

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent / "files"


@router.get("/")
def live_page() -> Response:
    """Return the page."""
    return _file("live.html", "text/html; charset=utf-8")


@router.get("/page/live.css")
def live_style() -> Response:
    """Return its style."""
    return _file("live.css", "text/css; charset=utf-8")


@router.get("/page/live.js")
def live_script() -> Response:
    """Return its script."""
    return _file("live.js", "text/javascript; charset=utf-8")


@router.get("/page/words.js")
def live_words() -> Response:
    """Return its words in Vietnamese and English."""
    return _file("words.js", "text/javascript; charset=utf-8")


@cache
def _read(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


def _file(name: str, media_type: str) -> Response:
    return Response(_read(name), media_type=media_type, headers={"Cache-Control": "no-cache"})
