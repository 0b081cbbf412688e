"""What the visit routes say."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel

from functions.gateway.listing import Page
from regulars.domain.bounds import Moment
from regulars.domain.gender import Gender
from regulars.domain.handles import handle_of
from regulars.domain.tracks import Direction
from regulars.domain.visits import VisitStatus
from regulars.store.visit_list import ListedVisit

UtcTime = Annotated[Moment, AfterValidator(lambda at: at.astimezone(UTC))]


class VisitCustomer(BaseModel):
    """Who it was: `handle` is a short name for a person whose own name nobody entered.

    `visit_number` is which visit to this chain it was, `visits` how many there are by now.
    """

    customer_id: UUID
    name: str | None
    handle: str
    visit_number: int
    visits: int


class Visit(BaseModel):
    """One stay. Times are UTC; `time_zone` is the site's IANA zone to show them in.

    `customer` is null when nobody was recognized. `has_face` says that a picture was taken and should still be there.
    """

    visit_id: UUID
    site_id: UUID
    site_name: str
    time_zone: str
    started_at: AwareDatetime
    ended_at: AwareDatetime
    status: VisitStatus
    gender: Gender
    direction: Direction
    sightings: int
    customer: VisitCustomer | None
    has_face: bool


class VisitPage(Page[Visit]):
    """Visits, the newest first unless asked otherwise."""


class SetAsideEvent(BaseModel):
    """A track that could not be used: where its manifest lies, why, and since when (UTC)."""

    set_aside_id: UUID
    tenant_id: UUID | None
    object_key: str
    reason: str
    detail: str
    attempts: int
    first_at: AwareDatetime
    last_at: AwareDatetime


class ReplayedTrack(BaseModel):
    """Whether the track has a sighting now; if not it stays set aside, for this reason."""

    recognized: bool
    reason: str
    detail: str


class SetAsidePage(Page[SetAsideEvent]):
    """What was set aside and not yet replayed with success, the oldest first unless asked otherwise."""


VisitSort = Literal["started_at", "-started_at"]
SetAsideSort = Literal["first_at", "-first_at", "last_at", "-last_at"]
StatusFilter = Literal["new", "returning", "undetermined"]


def show_visit(listed: ListedVisit, kept_since: datetime) -> Visit:
    """Return the visit as it is told; pictures taken before `kept_since` (UTC) are gone."""
    customer = None
    if listed.customer_id is not None:
        customer = VisitCustomer(
            customer_id=listed.customer_id,
            name=listed.customer_name,
            handle=handle_of(listed.customer_id),
            visit_number=listed.visit_number or 1,
            visits=listed.customer_visits or 1,
        )
    return Visit(
        visit_id=listed.visit_id,
        site_id=listed.site_id,
        site_name=listed.site_name,
        time_zone=listed.time_zone,
        started_at=listed.started_at,
        ended_at=listed.ended_at,
        status=listed.status,
        gender=listed.gender,
        direction=listed.direction,
        sightings=listed.sightings,
        customer=customer,
        has_face=listed.has_shots and listed.started_at >= kept_since,
    )
