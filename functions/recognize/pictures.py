"""Questions about pictures that need a model, asked by the gateway, which has none. No picture is kept or logged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from functions.recognize.answers import body_of
from regulars.steps.look_at_picture import MAX_PHOTOGRAPH_BYTES
from regulars.steps.recognize import Recognizer
from regulars.steps.search_by_picture import Likeness, search_by_picture

Picture = Annotated[
    bytes,
    Depends(body_of(MAX_PHOTOGRAPH_BYTES, "file_too_large", "A picture has at most 10 MB; nothing was done with it.")),
]
"""The body is the file itself, JPEG or PNG."""


@dataclass(frozen=True, slots=True)
class Found:
    """One customer it may be: in words, for a likeness as a number is nobody's business."""

    customer_id: UUID
    verdict: Likeness


@dataclass(frozen=True, slots=True)
class Candidates:
    """Whom a picture may show, best first."""

    candidates: list[Found]


def picture_routes(recognizer: Recognizer, authenticated: Callable[[str], None]) -> APIRouter:
    """Return the routes under /faces."""
    router = APIRouter(prefix="/faces", dependencies=[Depends(authenticated)])

    @router.post("/search")
    def search(picture: Picture, tenant_id: UUID) -> Candidates:
        found = search_by_picture(picture, tenant_id, recognizer)
        return Candidates([Found(one.customer_id, one.verdict) for one in found])

    return router
