"""What a test looks at afterwards: the visits, sightings and people of a shop."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, select

from regulars.store.session import transaction
from regulars.store.sightings import Sighting, sightings_between
from regulars.store.tables import customers, face_templates, live_events, visits
from regulars.store.visits import Visit
from tests.shop import Shop, at

_LONG_BEFORE, _LONG_AFTER = at(-1_000_000), at(1_000_000)


def visits_of(shop: Shop) -> list[Visit]:
    """Return the shop's visits, oldest first."""
    wanted = select(visits).order_by(visits.c.started_at, visits.c.visit_id)
    with transaction(shop.engine, shop.tenancy()) as connection:
        return [Visit(**row) for row in connection.execute(wanted).mappings()]


def sightings_of(shop: Shop) -> list[Sighting]:
    """Return the shop's sightings, oldest first."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        return sightings_between(connection, shop.tenant.tenant_id, _LONG_BEFORE, _LONG_AFTER)


def count(shop: Shop, table: Table) -> int:
    """Return how many rows of a table the shop's recognizer sees."""
    with transaction(shop.engine, shop.tenancy()) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def people(shop: Shop) -> int:
    """Return how many customers are in the gallery the shop matches against."""
    return count(shop, customers)


def templates(shop: Shop) -> Sequence[Any]:
    """Return (subject_id, indexed_at) of every template in sight, oldest first."""
    wanted = select(face_templates.c.subject_id, face_templates.c.indexed_at).order_by(face_templates.c.seq)
    with transaction(shop.engine, shop.tenancy()) as connection:
        return connection.execute(wanted).all()


def live_kinds(shop: Shop) -> list[str]:
    """Return the kinds of the shop's live events, in order."""
    wanted = select(live_events.c.kind).order_by(live_events.c.event_number)
    with transaction(shop.engine, shop.tenancy()) as connection:
        return list(connection.scalars(wanted))
