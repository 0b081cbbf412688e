"""GET / and everything that is no route of the API: the built portal, where no nginx serves it (onebox, development).

Files whose name carries their digest (`assets/`) are kept by the browser; every other path is a page of the portal and
answers `index.html`, which must be asked for again.
"""

from mimetypes import guess_type
from pathlib import Path, PurePosixPath

from fastapi import APIRouter, Request, Response

from functions.gateway.parts import parts_of
from regulars.errors import NotFound

router = APIRouter(include_in_schema=False)
_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"
_NOT_PAGES = ("v1", "healthz", "readyz", "metrics", "openapi.json")


@router.get("/{path:path}")
def portal_file(request: Request, path: str) -> Response:
    """Return a file of the portal, or the page that finds out in the browser what the path means."""
    parts = PurePosixPath(path).parts
    folder = parts_of(request).settings.portal_dir
    if folder is None or (parts and parts[0] in _NOT_PAGES):
        raise NotFound("There is no such route.")
    file = folder.joinpath(*parts) if ".." not in parts else folder
    if file.is_file() and not file.name.startswith("."):
        return _answer(file, _KEPT if parts[0] == "assets" else _ASKED_AGAIN)
    if parts[:1] == ("assets",):
        raise NotFound("There is no such file of the portal; load the page again.")
    if not (folder / "index.html").is_file():
        raise NotFound("The portal is not built here; ./run prepare portal builds it.")
    return _answer(folder / "index.html", _ASKED_AGAIN)


def _answer(file: Path, kept: str) -> Response:
    kind = guess_type(file.name)[0] or "application/octet-stream"
    return Response(file.read_bytes(), media_type=kind, headers={"Cache-Control": kept})
