"""GET, POST and PATCH /v1/sites: called by the page and the portal."""

from dataclasses import replace
from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, Page, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.text import PlainName
from regulars.domain.presence import Dwell, Occupancy, dwell, occupancy
from regulars.errors import NotFound
from regulars.ids import new_id
from regulars.store import tenants
from regulars.store.presence import coming_and_going

router = APIRouter(prefix="/v1/sites", tags=["sites"], responses=problem_responses(401, 403, 422, 503))

_NO_SITE = "There is no such site."


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError) as failure:
        raise ValueError("not an IANA time zone, like Asia/Ho_Chi_Minh") from failure
    return name


def _without_zone(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time of day by the site's own clock, without an offset, like 22:30")
    return at


GapMinutes = Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)]
ClosingTime = Annotated[time, AfterValidator(_without_zone)]
TimeZoneName = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


class SiteSetup(BaseModel):
    """What a person decides about a site; a customer who is back within `visit_gap_minutes` is on the same visit.

    No visit runs over `closes_at`, a time of day there; without one none runs over midnight.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName
    time_zone: TimeZoneName
    visit_gap_minutes: GapMinutes = 30.0
    closes_at: ClosingTime | None = None


class SiteChange(BaseModel):
    """What should be different from now on; what is left out stays, `closes_at` null lets visits end at midnight."""

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    visit_gap_minutes: GapMinutes | None = None
    closes_at: ClosingTime | None = None


class Site(SiteSetup):
    """A shop of the chain."""

    site_id: UUID


class Presence(BaseModel):
    """A site's business day, without recognized staff: from one closing time to the next, else midnight to midnight.

    `occupancy` is null unless people were seen going in and others going out, `dwell` unless somebody was seen doing
    both on one visit.
    """

    day: date
    occupancy: Occupancy | None
    dwell: Dwell | None


class SitePage(Page[Site]):
    """Sites, the oldest first unless asked otherwise."""


SiteSort = Literal["created_at", "-created_at", "name", "-name"]


@router.get("", response_model=SitePage, responses=AS_CSV)
def list_sites(
    parts: PartsDep,
    caller: Annotated[Caller, may("sites.see")],
    asked: ListAsked,
    q: Search | None = None,
    sort: SiteSort = "created_at",
) -> Page[Site] | Response:
    """List the chain's sites."""
    return answer_list(
        parts,
        caller,
        asked,
        "sites",
        sort=sort,
        page=SitePage,
        read=lambda connection, piece: tenants.page_of_sites(connection, caller.tenant_id, piece, q=q),
        show=_show,
    )


@router.post("", status_code=201)
def create_site(parts: PartsDep, caller: Annotated[Caller, may("sites.change")], setup: SiteSetup) -> Site:
    """Add a site."""
    site_id = new_id()
    with parts.transaction(caller.tenancy) as connection:
        tenants.add_site(
            connection,
            tenants.Site(
                tenant_id=caller.tenant_id,
                site_id=site_id,
                name=setup.name,
                time_zone=setup.time_zone,
                visit_gap_minutes=setup.visit_gap_minutes,
                created_at=parts.clock(),
                closes_at=setup.closes_at,
            ),
        )
    return Site(site_id=site_id, **setup.model_dump())


@router.patch("/{site_id}", responses=problem_responses(404))
def change_site(
    parts: PartsDep, caller: Annotated[Caller, may("sites.change")], site_id: UUID, change: SiteChange
) -> Site:
    """Change a site; visits that were stay as they are."""
    given = {name: getattr(change, name) for name in change.model_fields_set}
    given = {name: value for name, value in given.items() if value is not None or name == "closes_at"}
    with parts.transaction(caller.tenancy) as connection:
        before = tenants.find_site(connection, caller.tenant_id, site_id)
        if before is None:
            raise NotFound(_NO_SITE)
        after = replace(before, **given)
        tenants.add_site(connection, after)
    return _show(after)


@router.get("/{site_id}/presence", responses=problem_responses(404))
def read_presence(
    parts: PartsDep, caller: Annotated[Caller, may("figures.see")], site_id: UUID, day: date | None = None
) -> Presence:
    """Return how many people were inside on a business day of the site (the present one), and how long they stayed."""
    with parts.transaction(caller.tenancy) as connection:
        site = tenants.find_site(connection, caller.tenant_id, site_id)
        if site is None:
            raise NotFound(_NO_SITE)
        on = day or site.rule.business_day(parts.clock())
        seen = coming_and_going(connection, site, on)
    return Presence(day=on, occupancy=occupancy(seen.movements), dwell=dwell(seen.visits))


def _show(site: tenants.Site) -> Site:
    return Site.model_validate({name: getattr(site, name) for name in Site.model_fields})
