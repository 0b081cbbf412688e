"""Overheard: all that a gateway of the tests answers is read, and must tell nobody a vector or how alike faces are."""

import io
import re
import zipfile
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from tests.counted import OVERHEARD

_LONGEST = 4_000_000
_NAMED = re.compile(r'"?\b\w*(?:vector|embedding|cosine|similarity|likeness|match_score)\w*"?\s*[:,=]', re.IGNORECASE)
_NUMBERS = re.compile(r"(?:-?\d\.\d+(?:e-?\d+)?[\s,;]+){12,}", re.IGNORECASE)
_PACKED = re.compile(r"[0-9a-f]{512,}|[0-9A-Za-z+/_-]{600,}")
"""As hexadecimal or base64 the shortest vector of a pack (128 numbers) is longer."""
_PICTURE = re.compile(r'"picture":\s*"/9j/[0-9A-Za-z+/]*={0,2}"')
"""A camera's test picture, which is a JPEG and shows itself as one."""
_FEWEST_LETTERS = 6
"""One letter over and over is no vector."""
_READABLE = ("application/json", "application/problem+json", "text/csv", "text/event-stream", "text/plain")
_ARCHIVE = "application/zip"
NOT_OF_PEOPLE = ("/openapi.json", "/assets/", "/metrics")
"""Paths that tell what the API and the machine are like, not who was seen."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Overheard:
    """Stands before an app; `found` is where it says which answer told what."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], found: list[str]) -> None:
        self._app, self._found = app, found

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and read what goes out."""
        if scope["type"] != "http" or str(scope["path"]).startswith(NOT_OF_PEOPLE):
            await self._app(scope, receive, send)
            return
        kind, body = "", bytearray()

        async def overhear(message: MutableMapping[str, Any]) -> None:
            nonlocal kind
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"").decode()
            elif len(body) < _LONGEST:
                body.extend(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, overhear)
        finally:
            self._note(f"{scope['method']} {scope['path']}", kind, bytes(body))

    def _note(self, what: str, kind: str, body: bytes) -> None:
        OVERHEARD["answers"] += 1
        OVERHEARD["bytes"] += len(body)
        self._found += [f"{what}: {one}" for text in _texts(kind, body) for one in told_too_much(text)]


def told_too_much(text: str) -> list[str]:
    """Return what in a text is a vector, or names one or a likeness."""
    read = _PICTURE.sub("", text)
    found = [hit[0] for pattern in (_NAMED, _NUMBERS, _PACKED) if (hit := pattern.search(read))]
    return [one[:80] for one in found if len(set(one)) >= _FEWEST_LETTERS]


def _texts(kind: str, body: bytes) -> list[str]:
    if kind.startswith(_READABLE):
        return [body.decode("utf-8", "replace")]
    if kind.startswith(_ARCHIVE):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return [archive.read(one).decode() for one in archive.namelist() if one.endswith((".json", ".csv", ".txt"))]
    return []
