"""What the routes of customers take and tell."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from functions.gateway.listing import Page
from functions.gateway.text import PlainName, Printable
from regulars.domain.gender import Gender
from regulars.domain.handles import handle_of
from regulars.store.customer_list import ListedCustomer

BirthYear = Annotated[int, Field(ge=1900, le=2100)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ().\-]{4,28}$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
CustomerSort = Literal[
    "last_visit_at", "-last_visit_at", "first_visit_at", "-first_visit_at", "visits", "-visits", "name", "-name"
]


class CustomerChange(BaseModel):
    """What a human says of a customer; what is left out stays, null: not known (any more).

    Name, birth year, phone and gender are shared with the chains of the same network that know the customer; `note` is
    this chain's alone. A `gender` wins over what the pictures say; `unknown` lets them speak.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    gender: Gender | None = None
    birth_year: BirthYear | None = None
    phone: Phone | None = None
    note: Annotated[Note, Printable] | None = None


class Customer(BaseModel):
    """A customer of the chain. Times are UTC; `site_name` and `time_zone` (IANA) are of the last visit's site.

    `handle` is a short name for who has none. `gender` is what is believed, `gender_set` what a human has said
    (`unknown`: nobody has). `visits`, the first and the last are of the sites that the caller may see. `has_face`: a
    picture should still be there.
    """

    customer_id: UUID
    name: str | None
    handle: str
    gender: Gender
    gender_set: Gender
    birth_year: int | None
    phone: str | None
    visits: int
    first_visit_at: AwareDatetime
    last_visit_at: AwareDatetime
    site_name: str
    time_zone: str
    has_face: bool


class CustomerPage(Page[Customer]):
    """Customers, who came last first unless asked otherwise."""


class UsualHour(BaseModel):
    """So many visits began on this weekday (1 Monday to 7 Sunday) in this hour (0 to 23) of the site's clock."""

    weekday: int
    hour: int
    visits: int


class VisitedSite(BaseModel):
    """A site that the customer has visited, so many times; the first and the last (UTC)."""

    site_id: UUID
    site_name: str
    time_zone: str
    visits: int
    first_visit_at: AwareDatetime
    last_visit_at: AwareDatetime


class CustomerDetail(Customer):
    """A customer with the chain's own note and their rhythm.

    `usual_absence_days` is the median from one visit's beginning to the next, null with fewer than two visits; `hours`
    the hours of the week with a visit; `sites` the most visited first.
    """

    note: str | None
    usual_absence_days: float | None
    hours: list[UsualHour]
    sites: list[VisitedSite]


def show_customer(listed: ListedCustomer) -> Customer:
    """Return the customer as a list tells them."""
    told = {name: getattr(listed, name) for name in Customer.model_fields if name not in ("handle", "has_face")}
    return Customer(**told, handle=handle_of(listed.customer_id), has_face=listed.has_shots)
