"""Staff as JSON: who they are and where they work, and how far they are known by their photographs."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from functions.gateway.listing import Page
from functions.gateway.text import PlainName, Printable
from regulars.domain.gender import Gender
from regulars.store.staff import ListedMember

LEAST_PHOTOGRAPHS = 2

BirthYear = Annotated[int, Field(ge=1900, le=2100)]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ().-]{3,28}$"),
    Field(examples=["0901 234 567"]),
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
    Printable,
    Field(examples=["lan@example.vn"]),
]
Sites = Annotated[list[UUID], Field(max_length=1000)]


class NewMember(BaseModel):
    """Somebody of the chain's own. They are told from visitors at all its sites, wherever they work.

    That takes two photographs that show them well; until then they are `not_yet_active`.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName
    gender: Gender = "unknown"
    birth_year: BirthYear | None = None
    phone: Phone | None = None
    email: Email | None = None
    site_ids: Annotated[Sites, Field(examples=[[]])] = []
    active: bool = True


class MemberChange(BaseModel):
    """What should be different from now on; what is left out stays, null forgets year, phone, e-mail and customer.

    Who is not `active` has left, and is a visitor like any other when they come again. `customer_id` null says that
    they are not the customer whom they look like.
    """

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    gender: Gender | None = None
    birth_year: BirthYear | None = None
    phone: Phone | None = None
    email: Email | None = None
    site_ids: Sites | None = None
    active: bool | None = None
    customer_id: None = None


class StaffMember(BaseModel):
    """A member of staff; of the sites those that the caller sees.

    `enrolled`: told from visitors, by `photographs` of them; with fewer than two they are not, and not while not
    `active`. `looks_like_customer`: they were known as the customer `customer_id` until now, whose visits stay and who
    makes no new ones.
    """

    staff_id: UUID
    name: str
    gender: Gender
    birth_year: int | None
    phone: str | None
    email: str | None
    site_ids: list[UUID]
    active: bool
    enrolled: Literal["enrolled", "not_yet_active"]
    photographs: int
    looks_like_customer: bool
    customer_id: UUID | None
    created_at: AwareDatetime


class StaffPage(Page[StaffMember]):
    """Staff, the oldest entry first unless asked otherwise."""


StaffSort = Literal["created_at", "-created_at", "name", "-name"]


class StaffPhotograph(BaseModel):
    """A photograph that is kept of somebody."""

    photograph_id: UUID
    created_at: AwareDatetime


class StaffPhotographPage(Page[StaffPhotograph]):
    """Somebody's photographs, the oldest first; they are few, and always on one page."""


class AddedPhotograph(BaseModel):
    """A photograph that was found good, and how its member stands with it."""

    photograph_id: UUID
    photographs: int
    enrolled: Literal["enrolled", "not_yet_active"]
    looks_like_customer: bool


def show_member(listed: ListedMember) -> StaffMember:
    """Return the member as they are told."""
    member = listed.member
    told = {name: getattr(member, name) for name in StaffMember.model_fields if hasattr(member, name)}
    return StaffMember(
        **told,
        site_ids=list(listed.site_ids),
        enrolled=standing(listed.photographs >= LEAST_PHOTOGRAPHS),
        photographs=listed.photographs,
        looks_like_customer=member.customer_id is not None,
    )


def standing(enrolled: bool) -> Literal["enrolled", "not_yet_active"]:
    """Return the word for it."""
    return "enrolled" if enrolled else "not_yet_active"
