"""Photographs of staff, sent by the gateway when it has checked who may: kept, embedded and removed here."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from functions.recognize.pictures import Picture
from regulars.steps.change_photographs import KnownBy, add_photograph, remove_photograph
from regulars.steps.recognize import Recognizer

Actor = Annotated[str, Query(min_length=1, max_length=100, description="Whom the audit log names: `user:<id>`.")]


def staff_routes(recognizer: Recognizer, authenticated: Callable[[str], None]) -> APIRouter:
    """Return the routes under /staff."""
    router = APIRouter(prefix="/staff/{tenant_id}/{staff_id}", dependencies=[Depends(authenticated)])

    @router.post("/photographs")
    def add(picture: Picture, tenant_id: UUID, staff_id: UUID, actor: Actor) -> KnownBy:
        return add_photograph(picture, tenant_id, staff_id, actor=actor, recognizer=recognizer)

    @router.delete("/photographs/{photograph_id}")
    def remove(tenant_id: UUID, staff_id: UUID, photograph_id: UUID, actor: Actor) -> KnownBy:
        return remove_photograph(photograph_id, tenant_id, staff_id, actor=actor, recognizer=recognizer)

    return router
