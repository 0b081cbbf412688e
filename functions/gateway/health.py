"""GET /healthz and /readyz: asked by load balancers and the onebox; the same for the operator under /v1."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from regulars.errors import RegularsError
from regulars.store.session import is_there

router = APIRouter(tags=["health"])
Answer = Literal["ok", "away"]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Each dependency by name. `status` is `ok` when PostgreSQL and the object store are.

    Without recognize nobody is enrolled or searched for, and all else works: a gateway is not taken out for it.
    """

    status: Answer
    postgresql: Answer
    objects: Answer
    recognize: Answer


@router.get("/healthz")
def alive() -> Alive:
    """Say that the process lives; asks nothing else."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Ready}})
def ready(parts: PartsDep, response: Response) -> Ready:
    """Say which dependencies answer; 503 when PostgreSQL or the object store does not."""
    found = _look(parts)
    if found.status == "away":
        response.status_code = 503
    return found


@router.get("/v1/system/health", responses=problem_responses(401, 403, 503))
def read_system_health(parts: PartsDep, _caller: Annotated[Caller, may("workers.see")]) -> Ready:
    """Say the same to the operator in the portal, whom the load balancer shows no /readyz."""
    return _look(parts)


def dependencies(parts: Parts) -> dict[str, Answer]:
    """Ask every dependency; each answers within seconds or is away."""
    return {
        "postgresql": _try(lambda: is_there(parts.engine)),
        "objects": _try(parts.objects.check),
        "recognize": _try(parts.faces.check),
    }


def _look(parts: Parts) -> Ready:
    found = dependencies(parts)
    status: Answer = "ok" if found["postgresql"] == found["objects"] == "ok" else "away"
    return Ready(status=status, **found)


def _try(check: Callable[[], None]) -> Answer:
    try:
        check()
    except RegularsError:
        return "away"
    return "ok"
