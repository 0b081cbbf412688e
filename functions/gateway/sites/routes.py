"""/v1/sites: called by the page and the portal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.etag import IfMatch, Tag
from functions.gateway.listing import AS_CSV, ListAsked, Search, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.sites.schema import (
    BusinessDay,
    Presence,
    Site,
    SiteChange,
    SitePage,
    SiteSetup,
    SiteSort,
    SiteUse,
    set_up,
    show_site,
)
from regulars.domain.presence import dwell, occupancy
from regulars.errors import InUse, LimitReached, NotFound
from regulars.ids import new_id
from regulars.store import tenants
from regulars.store.bounded import refuse_one_too_many
from regulars.store.presence import coming_and_going
from regulars.store.session import Connection
from regulars.store.site_use import cameras_that_run, what_hangs_on

router = APIRouter(prefix="/v1/sites", tags=["sites"], responses=problem_responses(401, 403, 422, 503))
MaySee = Annotated[Caller, may("sites.see")]
MayChange = Annotated[Caller, may("sites.change")]


@router.get("", response_model=SitePage, responses=AS_CSV)
def list_sites(
    parts: PartsDep,
    caller: MaySee,
    asked: ListAsked,
    q: Search | None = None,
    active: bool | None = None,
    sort: SiteSort = "created_at",
) -> Response:
    """List the chain's sites."""
    return answer_list(
        parts,
        caller,
        asked,
        "sites",
        sort=sort,
        page=SitePage,
        read=lambda connection, piece: tenants.page_of_sites(connection, caller.tenant_id, piece, q=q, active=active),
        show=show_site,
    )


@router.post("", status_code=201, responses=problem_responses(LimitReached))
def create_site(parts: PartsDep, caller: MayChange, setup: SiteSetup, tag: Tag) -> Site:
    """Add a site."""
    now = parts.clock()
    bare = tenants.Site(caller.tenant_id, new_id(), setup.name, setup.time_zone, setup.visit_gap_minutes, now)
    site = set_up(bare, setup)
    with parts.transaction(caller.tenancy) as connection:
        refuse_one_too_many(connection, "sites", caller.tenancy, caller.tenancy)
        tenants.add_site(connection, site)
        detail = {"fields": sorted(setup.model_fields_set)}
        note_act(connection, caller, "site.added", "site", site.site_id, now, detail)
    tag.put(site)
    return show_site(site)


@router.get("/{site_id}", responses=problem_responses(404))
def read_site(parts: PartsDep, caller: MaySee, site_id: UUID, tag: Tag) -> Site:
    """Return one site."""
    with parts.transaction(caller.tenancy) as connection:
        site = _found(connection, caller, site_id)
    tag.put(site)
    return show_site(site)


@router.patch("/{site_id}", responses=problem_responses(404, InUse))
def change_site(parts: PartsDep, caller: MayChange, site_id: UUID, change: SiteChange, tag: IfMatch) -> Site:
    """Change a site; visits that were stay as they are. One whose cameras run cannot be given up."""
    with parts.transaction(caller.tenancy) as connection:
        before = _found(connection, caller, site_id, lock=True)
        tag.expect(before)
        after = set_up(before, change)
        if before.active and not after.active and (running := cameras_that_run(connection, caller.tenant_id, site_id)):
            raise InUse(f"{running} cameras run at this site; stop or delete them first. Nothing was changed.")
        tenants.add_site(connection, after)
        fields = sorted(change.model_fields_set)
        detail = {"fields": fields} if fields else {}
        note_act(connection, caller, "site.changed", "site", site_id, parts.clock(), detail)
    tag.put(after)
    return show_site(after)


@router.delete("/{site_id}", status_code=204, responses=problem_responses(404, InUse))
def delete_site(parts: PartsDep, caller: MayChange, site_id: UUID, tag: IfMatch) -> None:
    """Delete a site where nothing ever was; one with a history is given up instead (`active` false), and keeps it."""
    with parts.transaction(caller.tenancy) as connection:
        tag.expect(_found(connection, caller, site_id, lock=True))
        if hanging := what_hangs_on(connection, caller.tenant_id, site_id):
            told = ", ".join(f"{count} {name}" for name, count in hanging.items())
            raise InUse(f"This site has {told}; nothing was deleted. Set `active` to false to give it up.")
        tenants.remove_site(connection, caller.tenant_id, site_id)
        note_act(connection, caller, "site.deleted", "site", site_id, parts.clock())


@router.get("/{site_id}/use", responses=problem_responses(404))
def read_site_use(parts: PartsDep, caller: MaySee, site_id: UUID) -> SiteUse:
    """Return what hangs on a site, to be told before it is given up or deleted."""
    with parts.transaction(caller.tenancy) as connection:
        _found(connection, caller, site_id)
        hanging = what_hangs_on(connection, caller.tenant_id, site_id)
        running = cameras_that_run(connection, caller.tenant_id, site_id)
    counted = {name: hanging.get(name, 0) for name in ("cameras", "tracks", "visits")}
    return SiteUse(**counted, cameras_running=running, staff=hanging.get("members of staff", 0))


@router.get("/{site_id}/presence", responses=problem_responses(404))
def read_presence(
    parts: PartsDep,
    caller: Annotated[Caller, may("figures.see")],
    site_id: UUID,
    day: BusinessDay | None = None,
) -> Presence:
    """Return how many people were inside on a business day of the site (the present one), and how long they stayed."""
    with parts.transaction(caller.tenancy) as connection:
        site = _found(connection, caller, site_id)
        on = day or site.rule.business_day(parts.clock())
        seen = coming_and_going(connection, site, on)
    return Presence(day=on, occupancy=occupancy(seen.movements), dwell=dwell(seen.visits))


def _found(connection: Connection, caller: Caller, site_id: UUID, *, lock: bool = False) -> tenants.Site:
    site = tenants.find_site(connection, caller.tenant_id, site_id, lock=lock)
    if site is None:
        raise NotFound("There is no such site.")
    return site
