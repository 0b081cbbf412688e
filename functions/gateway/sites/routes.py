"""GET and POST /v1/sites: called by the page and the portal."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import PartsDep
from functions.gateway.text import PlainName
from regulars.ids import new_id
from regulars.store import tenants
from regulars.tenancy import Tenancy

router = APIRouter(prefix="/v1/sites", tags=["sites"], responses=problem_responses(401, 403, 422, 503))


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError) as failure:
        raise ValueError("not an IANA time zone, like Asia/Ho_Chi_Minh") from failure
    return name


TimeZoneName = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


class SiteSetup(BaseModel):
    """What a person decides about a site; a customer who is back within `visit_gap_minutes` is on the same visit."""

    model_config = ConfigDict(extra="forbid")

    name: PlainName
    time_zone: TimeZoneName
    visit_gap_minutes: Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)] = 30.0


class Site(SiteSetup):
    """A shop of the chain."""

    site_id: UUID


class SiteList(BaseModel):
    """Every site, oldest first."""

    sites: list[Site]


@router.get("")
def list_sites(parts: PartsDep, caller: Annotated[Caller, may("sites.see")]) -> SiteList:
    """List the chain's sites."""
    with parts.transaction(Tenancy(caller.tenant_id)) as connection:
        found = tenants.list_sites(connection, caller.tenant_id)
    return SiteList(
        sites=[
            Site(
                site_id=site.site_id,
                name=site.name,
                time_zone=site.time_zone,
                visit_gap_minutes=site.visit_gap_minutes,
            )
            for site in found
        ]
    )


@router.post("", status_code=201)
def create_site(parts: PartsDep, caller: Annotated[Caller, may("sites.change")], setup: SiteSetup) -> Site:
    """Add a site."""
    site_id = new_id()
    with parts.transaction(Tenancy(caller.tenant_id)) as connection:
        tenants.add_site(
            connection,
            tenants.Site(
                tenant_id=caller.tenant_id,
                site_id=site_id,
                name=setup.name,
                time_zone=setup.time_zone,
                visit_gap_minutes=setup.visit_gap_minutes,
                created_at=parts.clock(),
            ),
        )
    return Site(site_id=site_id, **setup.model_dump())
