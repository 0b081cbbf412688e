"""A site as JSON: what a person decides about a shop, and what is told of it."""

from dataclasses import replace
from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from functions.gateway.listing import Page
from functions.gateway.text import PlainName, Printable
from regulars.domain.opening_hours import OpeningHours, OpenSpan, Weekday, opening_hours
from regulars.domain.presence import Dwell, Occupancy
from regulars.errors import InputRefused
from regulars.store import tenants

MOST_SPANS = 42


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as failure:
        raise PydanticCustomError("not_a_time_zone", "not an IANA time zone, like Asia/Ho_Chi_Minh") from failure
    return name


def _whole_minutes(at: time) -> time:
    if at.tzinfo is not None or at.second or at.microsecond:
        raise PydanticCustomError(
            "not_a_time_of_day", "a time of day by the site's own clock, without seconds or offset, like 22:30"
        )
    return at


GapMinutes = Annotated[float, Field(ge=0, le=1440, allow_inf_nan=False)]
TimeOfDay = Annotated[time, AfterValidator(_whole_minutes), Field(examples=["22:30"])]
TimeZoneName = Annotated[str, Field(max_length=64, examples=["Asia/Ho_Chi_Minh"]), AfterValidator(_known_zone)]
Address = Annotated[str, Field(max_length=300), Printable]
BusinessDay = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class OpenHours(BaseModel):
    """One stretch of opening on a weekday; `closes` at or before `opens` is on the day after, 00:00 at midnight."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    weekday: Weekday
    opens: TimeOfDay
    closes: TimeOfDay


def _apart(spans: list[OpenHours]) -> list[OpenHours]:
    try:
        return [OpenHours.model_validate(span) for span in opening_hours(_spans(spans))]
    except InputRefused as refusal:
        raise PydanticCustomError("overlapping_hours", "{detail}", {"detail": refusal.detail}) from refusal


def _spans(spans: list[OpenHours]) -> OpeningHours:
    return tuple(OpenSpan(span.weekday, span.opens, span.closes) for span in spans)


Hours = Annotated[list[OpenHours], Field(max_length=MOST_SPANS), AfterValidator(_apart)]


class SiteSetup(BaseModel):
    """What a person decides about a site; a customer who is back within `visit_gap_minutes` is on the same visit.

    No visit runs over the last closing of a day's `opening_hours`; on a day without, none runs over midnight.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName
    address: Address = ""
    time_zone: TimeZoneName
    opening_hours: Hours = []
    visit_gap_minutes: GapMinutes = 30.0


class SiteChange(BaseModel):
    """What should be different from now on; what is left out or null stays.

    A site that is not `active` was given up: its visits and reports stay.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    address: Address | None = None
    time_zone: TimeZoneName | None = None
    opening_hours: Hours | None = None
    visit_gap_minutes: GapMinutes | None = None
    active: bool | None = None


class Site(SiteSetup):
    """A shop of the chain; of the hours, those of Monday come first."""

    site_id: UUID
    active: bool


class Presence(BaseModel):
    """A site's business day, without recognized staff: from one day's last closing to the next one's.

    `occupancy` is null unless of those counted one way nine of ten were counted the other way too, `dwell` unless
    somebody was seen doing both on one visit.
    """

    day: date
    occupancy: Occupancy | None
    dwell: Dwell | None


class SiteUse(BaseModel):
    """What hangs on a site; each is counted to a thousand. One with none of it can be deleted."""

    cameras: int
    cameras_running: int
    tracks: int
    visits: int
    staff: int


class SitePage(Page[Site]):
    """Sites, the oldest first unless asked otherwise."""


SiteSort = Literal["created_at", "-created_at", "name", "-name"]


def set_up(site: tenants.Site, given: BaseModel) -> tenants.Site:
    """Return the site with what was given and is not null."""
    wanted = {name: value for name in given.model_fields_set if (value := getattr(given, name)) is not None}
    if "opening_hours" in wanted:
        wanted["opening_hours"] = _spans(wanted["opening_hours"])
    return replace(site, **wanted)


def show_site(site: tenants.Site) -> Site:
    """Return the site as it is told."""
    hours = [OpenHours.model_validate(span) for span in site.opening_hours]
    told = {name: getattr(site, name) for name in Site.model_fields}
    return Site.model_validate(told | {"opening_hours": hours})
