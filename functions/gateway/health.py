"""GET /healthz and /readyz: asked by load balancers and the onebox; the same for the operator under /v1."""

from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep

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
async def alive() -> Alive:
    """Say that the process lives; asks nothing else."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Ready}})
async def ready(parts: PartsDep, response: Response) -> Ready:
    """Say which dependencies answer; 503 when PostgreSQL or the object store does not."""
    found = _ready(await parts.asked.told())
    if found.status == "away":
        response.status_code = 503
    return found


@router.get("/v1/system/health", responses=problem_responses(401, 403, 503))
def read_system_health(parts: PartsDep, _caller: Annotated[Caller, may("workers.see")]) -> Ready:
    """Say the same to the operator in the portal, whom the load balancer shows no /readyz."""
    return _ready(parts.asked.answers())


def _ready(codes: dict[str, str]) -> Ready:
    found: dict[str, Answer] = {name: "ok" if code == "ok" else "away" for name, code in codes.items()}
    status: Answer = "ok" if found["postgresql"] == found["objects"] == "ok" else "away"
    return Ready(status=status, **found)
