"""After sightings have changed hands: derive the visits of these people at one chain anew, and say what changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from regulars.domain.gender import Gender
from regulars.domain.visits import Stay, grouped, status
from regulars.ids import new_id
from regulars.steps.put_visit import visit_of
from regulars.store.corrections import DayReason, mark_dirty
from regulars.store.live import announce
from regulars.store.people import find_customer, forget_first_visit, put_first_visit
from regulars.store.reassigning import put_into_visit, sightings_of_customers, visits_touched
from regulars.store.session import Connection
from regulars.store.sightings import Sighting
from regulars.store.tenants import Site, list_sites
from regulars.store.visits import Visit, open_visit, remove_visits
from regulars.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class _Group:
    """The sightings of one visit."""

    customer_id: UUID | None
    sightings: list[Sighting]


def derive_visits(
    connection: Connection,
    tenancy: Tenancy,
    customer_ids: Collection[UUID],
    track_ids: Collection[UUID],
    reason: DayReason,
    now: datetime,
) -> None:
    """Write the visits of these customers, and of these tracks whoever they show now, as their sightings say.

    A visit keeps its id where most of its sightings stay together. New and returning, beginnings, ends and genders
    follow; the days touched, by each site's calendar, are marked for the sums. The transaction acts for `tenancy`.
    """
    tenant_id = _tenant_of(tenancy)
    sites = {site.site_id: site for site in list_sites(connection, tenant_id)}
    seen = sightings_of_customers(connection, tenant_id, customer_ids, track_ids)
    held = {one.visit_id for one in seen if one.visit_id}
    before = {visit.visit_id: visit for visit in visits_touched(connection, tenant_id, customer_ids, held)}
    groups = _groups(seen, sites)
    after: dict[UUID, Visit] = {}
    for visit_id, group in _named(groups):
        created_at = before[visit_id].created_at if visit_id in before else now
        facts = [one.facts for one in group.sightings]
        after[visit_id] = visit_of(group.sightings[0], visit_id, facts, created_at)
        put_into_visit(connection, tenant_id, [one.track_id for one in group.sightings], visit_id)
    for customer_id in {*customer_ids, *(group.customer_id for group in groups if group.customer_id)}:
        _settle(connection, tenancy, customer_id, after)
    _write(connection, tenant_id, before, after, now)
    for site_id, day in days_of([*_changed(before, after), *_changed(after, before)], sites):
        mark_dirty(connection, tenant_id, site_id, day, reason, now)


def _groups(seen: Sequence[Sighting], sites: dict[UUID, Site]) -> list[_Group]:
    """Return the visits that these sightings make; of one who could not be told each sighting is a visit."""
    groups = [_Group(None, [one]) for one in seen if one.customer_id is None and one.outcome == "undetermined"]
    places = {(one.customer_id, one.site_id) for one in seen if one.customer_id}
    for customer_id, site_id in sorted(places, key=str):
        here = [one for one in seen if one.customer_id == customer_id and one.site_id == site_id]
        groups += [_Group(customer_id, stay) for stay in grouped(here, sites[site_id].rule)]
    return groups


def _named(groups: Sequence[_Group]) -> Iterable[tuple[UUID, _Group]]:
    """Yield each visit with its id: the one that most of its sightings had, unless a larger visit has taken it."""
    taken: set[UUID] = set()
    for group in sorted(groups, key=lambda one: (-len(one.sightings), one.sightings[0].started_at)):
        had = Counter(one.visit_id for one in group.sightings if one.visit_id and one.visit_id not in taken)
        visit_id = had.most_common(1)[0][0] if had else new_id()
        taken.add(visit_id)
        yield visit_id, group


def _settle(connection: Connection, tenancy: Tenancy, customer_id: UUID, after: dict[UUID, Visit]) -> None:
    """Say of a customer's visits which was the first, and let the profile's gender win; note the first visit."""
    tenant_id = _tenant_of(tenancy)
    own = [visit for visit in after.values() if visit.customer_id == customer_id]
    if not own:
        forget_first_visit(connection, tenant_id, customer_id)
        return
    first_at = min(visit.started_at for visit in own)
    customer = find_customer(connection, customer_id)
    if customer is not None:
        put_first_visit(connection, tenant_id, customer.scope_id, customer_id, first_at)
    set_by_hand: Gender = customer.gender if customer else "unknown"
    for visit in own:
        gender = visit.gender if set_by_hand == "unknown" else set_by_hand
        after[visit.visit_id] = replace(visit, status=status(visit.started_at, first_at), gender=gender)


def _write(
    connection: Connection, tenant_id: UUID, before: dict[UUID, Visit], after: dict[UUID, Visit], now: datetime
) -> None:
    gone = _changed(before, after)
    remove_visits(connection, tenant_id, [Stay(one.visit_id, one.started_at, one.ended_at) for one in gone])
    for visit in gone:
        if visit.visit_id not in after:
            announce(connection, tenant_id, visit.site_id, "visit_removed", visit.visit_id, now)
    for visit in _changed(after, before):
        open_visit(connection, visit)
        kind = "visit_changed" if visit.visit_id in before else "visit_opened"
        announce(connection, tenant_id, visit.site_id, kind, visit.visit_id, now)


def _changed(visits: dict[UUID, Visit], others: dict[UUID, Visit]) -> list[Visit]:
    return [visit for visit_id, visit in visits.items() if others.get(visit_id) != visit]


def days_of(visits: Iterable[Visit], sites: dict[UUID, Site]) -> set[tuple[UUID, date]]:
    """Return the days, each by its site's own calendar, on which these visits count."""
    days: set[tuple[UUID, date]] = set()
    for visit in visits:
        zone = sites[visit.site_id].rule.zone
        first, last = visit.started_at.astimezone(zone).date(), visit.ended_at.astimezone(zone).date()
        days |= {(visit.site_id, first + timedelta(days=number)) for number in range((last - first).days + 1)}
    return days


def _tenant_of(tenancy: Tenancy) -> UUID:
    if tenancy.tenant_id is None:
        raise ValueError("visits belong to a tenant")
    return tenancy.tenant_id
