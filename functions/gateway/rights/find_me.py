"""POST /v1/rights/find-me: a person shows their face and says when they were here; called by the portal at the desk."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import AwareDatetime, BaseModel

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from functions.gateway.rights.proof import prove
from functions.gateway.visits.schema import UtcTime
from regulars.errors import InputRefused, NotFound
from regulars.store.tenants import find_site
from regulars.store.visits import stays_near

router = APIRouter(prefix="/v1/rights", tags=["rights"], responses=problem_responses(401, 403, 404, 422, 429, 503))
NEAR = timedelta(minutes=60)
"""People remember about when they were somewhere."""
_MAX_PICTURE_BYTES = 10_000_000
_Picture = Annotated[bytes, Body(media_type="image/jpeg", description="A selfie: JPEG or PNG, one face. Not kept.")]


class FoundPerson(BaseModel):
    """A customer who looks like it and was there then: `match`, or `possible` when it may be somebody else.

    `proof` of a match lets them have all of the network's erased or object everywhere, for 15 minutes.
    """

    customer_id: UUID
    verdict: Literal["match", "possible"]
    visit_id: UUID
    visited_at: AwareDatetime
    proof: str | None


class FoundPeople(BaseModel):
    """Who it may be, the most alike first; nobody who was not there at that time."""

    candidates: list[FoundPerson]


@router.post("/find-me")
def find_me(
    parts: PartsDep,
    caller: Annotated[Caller, may("customers.search")],
    site_id: UUID,
    visited_at: Annotated[UtcTime, Query(description="When the person was there, to the hour.")],
    picture: _Picture,
) -> FoundPeople:
    """Search for the person on a picture among who was at a site at about that time; the picture is not stored."""
    parts.limits.take("search", caller)
    if len(picture) > _MAX_PICTURE_BYTES:
        raise InputRefused("file_too_large", "A picture has at most 10 MB; nothing was done with it.")
    with parts.transaction(caller.tenancy) as connection:
        if find_site(connection, caller.tenant_id, site_id) is None:
            raise NotFound("There is no such site.")
    alike = parts.faces.search(picture, caller.tenant_id)
    found: list[FoundPerson] = []
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        for one in alike:
            near = (caller.tenant_id, site_id, one.customer_id, visited_at - NEAR, visited_at + NEAR)
            for stay in stays_near(connection, *near)[:1]:
                proof = prove(parts.settings.secret_key, caller.tenant_id, one.customer_id, now)
                found.append(
                    FoundPerson(
                        customer_id=one.customer_id,
                        verdict=one.verdict,
                        visit_id=stay.visit_id,
                        visited_at=stay.started_at,
                        proof=proof if one.verdict == "match" else None,
                    )
                )
        note_act(connection, caller, "person.searched", "site", site_id, now, {"found": len(found)})
    return FoundPeople(candidates=found)
