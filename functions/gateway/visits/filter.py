"""Which visits a caller asks for: the filters of the visit list."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from functions.gateway.listing import Search
from functions.gateway.visits.schema import StatusFilter, UtcTime
from regulars.domain.gender import Gender
from regulars.domain.tracks import Direction
from regulars.store.visit_list import VisitFilter


async def visit_filter(
    site_id: UUID | None = None,
    since: Annotated[UtcTime | None, Query(alias="from", description="Began at or after this time.")] = None,
    until: Annotated[UtcTime | None, Query(alias="to", description="Began before this time.")] = None,
    status: StatusFilter | None = None,
    customer_id: UUID | None = None,
    gender: Gender | None = None,
    direction: Direction | None = None,
    camera_id: Annotated[UUID | None, Query(description="This camera saw some of it.")] = None,
    q: Annotated[Search | None, Query(description="In the customer's name, phone or handle.")] = None,
) -> VisitFilter:
    """Return the filter that the query asks for."""
    return VisitFilter(
        site_id=site_id,
        since=since,
        until=until,
        status=status,
        customer_id=customer_id,
        gender=gender,
        direction=direction,
        camera_id=camera_id,
        q=q,
    )
