"""Beside a sighting that was written: the visit that it opens, prolongs, or makes one of several."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domain.visits import FRAGMENT_GAP_S, SightingFacts, Stay, VisitRule, figures, reach, same_stay, status
from regulars.steps.tell_visit import tell_visit
from regulars.store.live import announce
from regulars.store.people import first_visit_at, gender_set, put_first_visit
from regulars.store.session import Connection
from regulars.store.sightings import Sighting, facts_of_visit, fragments_near, move_to_visit
from regulars.store.tenants import Site
from regulars.store.visits import Visit, call_returning, open_visit, remove_visits, rewrite_visit, stays_near


@dataclass(frozen=True, slots=True)
class Books:
    """Where a visit is written: its site, the customers' scope, and the moment (UTC)."""

    site: Site
    scope_id: UUID
    now: datetime


def stays_of(connection: Connection, sighting: Sighting, rule: VisitRule) -> list[Stay]:
    """Return the visits that a customer's sighting makes one, by start; none of who is no customer."""
    if sighting.customer_id is None:
        return []
    far, near = reach(rule.gap_s), timedelta(seconds=FRAGMENT_GAP_S)
    begun, ended, customer_id = sighting.started_at, sighting.ended_at, sighting.customer_id
    stays = stays_near(connection, sighting.tenant_id, sighting.site_id, customer_id, begun - far, ended + far)
    if not stays:
        return []
    fragments = fragments_near(
        connection, sighting.tenant_id, customer_id, sighting.camera_id, begun - near, ended + near
    )
    return same_stay(begun, ended, stays, fragments, rule)


def put_visit(connection: Connection, sighting: Sighting, stays: Sequence[Stay], books: Books) -> None:
    """Open the sighting's visit, or write anew the one that `stays` become: what it says follows from its sightings.

    The sighting is written, and its visit is the first of the `stays` where there are any.
    """
    tenant_id, site_id, visit_id = sighting.tenant_id, sighting.site_id, sighting.visit_id
    if visit_id is None:
        raise ValueError("a sighting without a visit")
    merged = stays[1:]
    if merged:
        move_to_visit(connection, tenant_id, [stay.visit_id for stay in merged], visit_id)
        remove_visits(connection, tenant_id, merged)
    visit = visit_of(sighting, visit_id, facts_of_visit(connection, tenant_id, [visit_id]), books.now)
    if sighting.customer_id:
        visit = _with_status(connection, visit, books.scope_id, sighting.customer_id)
        set_by_hand = gender_set(connection, sighting.customer_id)
        visit = visit if set_by_hand == "unknown" else replace(visit, gender=set_by_hand)
    if stays:
        rewrite_visit(connection, stays[0], visit)
    else:
        open_visit(connection, visit)
        tell_visit(connection, visit, books.site, books.now)
    for stay in merged:
        announce(connection, tenant_id, site_id, "visit_removed", stay.visit_id, books.now)
    announce(connection, tenant_id, site_id, "visit_changed" if stays else "visit_opened", visit_id, books.now)


def _with_status(connection: Connection, visit: Visit, scope_id: UUID, customer_id: UUID) -> Visit:
    """Return the visit as new or returning; a late track may make it the first and another one a return."""
    first = first_visit_at(connection, visit.tenant_id, customer_id)
    if first is None or visit.started_at < first:
        first = visit.started_at
        put_first_visit(connection, visit.tenant_id, scope_id, customer_id, first)
    found = replace(visit, status=status(visit.started_at, first))
    if found.status == "new":
        for other in call_returning(connection, visit.tenant_id, customer_id, visit.visit_id):
            announce(connection, visit.tenant_id, visit.site_id, "visit_changed", other, visit.created_at)
    return found


def visit_of(sighting: Sighting, visit_id: UUID, facts: Sequence[SightingFacts], created_at: datetime) -> Visit:
    """Return the visit of one of its sightings as the `facts` of all say; whether it is the first is not told yet."""
    said = figures(facts)
    return Visit(
        tenant_id=sighting.tenant_id,
        visit_id=visit_id,
        started_at=said.started_at,
        ended_at=said.ended_at,
        site_id=sighting.site_id,
        customer_id=sighting.customer_id,
        status="undetermined",
        gender=said.gender,
        direction=said.direction,
        sightings=said.sightings,
        created_at=created_at,
    )
