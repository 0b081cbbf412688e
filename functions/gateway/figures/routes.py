"""GET /v1/figures/today: called by the page and the portal."""

from typing import Annotated

from fastapi import APIRouter

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.figures.today import Today, tell_today
from functions.gateway.parts import PartsDep

router = APIRouter(prefix="/v1/figures", tags=["figures"], responses=problem_responses(401, 403, 503))


@router.get("/today")
def read_today(parts: PartsDep, caller: Annotated[Caller, may("figures.see")]) -> Today:
    """Return the figures of today, per site, each in its own time zone."""
    with parts.transaction(caller.tenancy) as connection:
        return tell_today(connection, caller, parts.clock())
