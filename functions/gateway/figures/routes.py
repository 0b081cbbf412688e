"""GET /v1/figures/today: called by the page and the portal."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from regulars.store.figures import figures_of_today

router = APIRouter(prefix="/v1/figures", tags=["figures"], responses=problem_responses(401, 403, 503))


class SiteDay(BaseModel):
    """One site's present day in its own time zone.

    `visits` = new + returning + undetermined, people who came. `crossed_in` and `crossed_out` count crossings of the
    cameras' lines, staff included: a figure of its own, and not the same as visits.
    """

    site_id: UUID
    site_name: str
    time_zone: str
    day: date
    visits: int
    new: int
    returning: int
    undetermined: int
    crossed_in: int
    crossed_out: int


class Today(BaseModel):
    """Each site's figures of today."""

    sites: list[SiteDay]


@router.get("/today")
def read_today(parts: PartsDep, caller: Annotated[Caller, may("figures.see")]) -> Today:
    """Return the figures of today, per site, each in its own time zone."""
    with parts.transaction(caller.tenancy) as connection:
        found = figures_of_today(connection, caller.tenant_id, parts.clock())
    return Today(sites=[SiteDay.model_validate(day, from_attributes=True) for day in found])
