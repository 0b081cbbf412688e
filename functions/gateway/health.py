"""GET /healthz and /readyz: asked by load balancers and the onebox."""

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from functions.gateway.parts import Parts, PartsDep
from regulars.errors import RegularsError
from regulars.tenancy import PLATFORM

router = APIRouter(tags=["health"])
Answer = Literal["ok", "away"]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Each dependency by name; `status` is `ok` only when all are."""

    status: Answer
    postgresql: Answer
    objects: Answer


@router.get("/healthz")
def alive() -> Alive:
    """Say that the process lives; asks nothing else."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Ready}})
def ready(parts: PartsDep, response: Response) -> Ready:
    """Say whether PostgreSQL and the object store answer; 503 when one does not."""
    postgresql = _try(lambda: _ask_postgresql(parts))
    objects = _try(parts.objects.check)
    status = "ok" if (postgresql, objects) == ("ok", "ok") else "away"
    if status == "away":
        response.status_code = 503
    return Ready(status=status, postgresql=postgresql, objects=objects)


def _ask_postgresql(parts: Parts) -> None:
    with parts.transaction(PLATFORM):
        pass


def _try(check: Callable[[], None]) -> Answer:
    try:
        check()
    except RegularsError:
        return "away"
    return "ok"
