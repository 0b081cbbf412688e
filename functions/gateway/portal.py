"""GET / and everything that is no route of the API: the built portal, where no nginx serves it (onebox, development).

Files whose name carries their digest (`assets/`) are kept by the browser; every other path is a page of the portal and
answers `index.html`, which must be asked for again.
"""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"
_NO_PAGES = ("v1", "assets", "healthz", "readyz", "metrics", "openapi.json")
_NOT_FOUND = 404


class Portal(StaticFiles):
    """The files of one folder, and nothing outside of it."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the build; it may be built later."""
        super().__init__(directory=folder, check_dir=False)

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """Return a file, or the page that finds out in the browser what the path means."""
        first = path.split("/", 1)[0]
        try:
            answer = await super().get_response(path, scope)
        except HTTPException as failure:
            if failure.status_code != _NOT_FOUND or first in _NO_PAGES:
                raise
            answer = await self._index(scope)
        answer.headers["Cache-Control"] = _KEPT if first == "assets" else _ASKED_AGAIN
        return answer

    async def _index(self, scope: MutableMapping[str, Any]) -> Response:
        try:
            return await super().get_response("index.html", scope)
        except HTTPException as failure:
            detail = "There is no such page; the portal is not built here (./run prepare portal)."
            raise HTTPException(failure.status_code, detail) from failure
