"""Visits for gateway tests, put into PostgreSQL and the object store as recognize would leave them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from regulars.domain.gender import Gender
from regulars.domain.tracks import Crossing, Direction, track_prefix
from regulars.domain.visits import VisitStatus
from regulars.ids import new_id
from regulars.store.live import announce
from regulars.store.people import add_customer, put_first_visit
from regulars.store.session import transaction
from regulars.store.sightings import Sighting, add_sighting
from regulars.store.visits import Visit, ensure_month, open_visit
from regulars.tenancy import NETWORK_SCOPE_ID, Tenancy
from tests.integration.gateway.conftest import Chain, World


def add_person(world: World, chain: Chain, first_at: datetime) -> UUID:
    """Add a customer whom this chain knows since `first_at`."""
    customer_id = new_id()
    with transaction(world.parts.engine, Tenancy(chain.tenant_id, NETWORK_SCOPE_ID)) as connection:
        add_customer(connection, NETWORK_SCOPE_ID, customer_id, first_at)
        put_first_visit(connection, chain.tenant_id, NETWORK_SCOPE_ID, customer_id, first_at)
    return customer_id


def add_visit(
    world: World,
    chain: Chain,
    started_at: datetime,
    *,
    customer_id: UUID | None = None,
    status: VisitStatus = "undetermined",
    gender: Gender = "unknown",
    direction: Direction = "in",
    picture: bytes | None = None,
    camera_id: UUID | None = None,
) -> UUID:
    """Add a visit of one sighting, with a shot when there is a picture, and announce it."""
    visit_id, track_id, camera = new_id(), new_id(), camera_id or new_id()
    ended_at = started_at + timedelta(seconds=5)
    prefix = track_prefix(chain.tenant_id, chain.site_id, camera, started_at, track_id)
    shots: list[dict[str, Any]] = []
    if picture is not None:
        world.parts.objects.put(f"{prefix}shot-0.jpg", picture, "image/jpeg")
        shots = [
            {"key": f"{prefix}shot-0.jpg", "quality": 0.9, "refused": None},
            {"key": f"{prefix}shot-1.jpg", "quality": 1.0, "refused": "corrupt_picture"},
        ]
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        ensure_month(connection, started_at)
        add_sighting(
            connection,
            Sighting(
                tenant_id=chain.tenant_id,
                track_id=track_id,
                site_id=chain.site_id,
                camera_id=camera,
                lease_id=new_id(),
                manifest_key=f"{prefix}track.json",
                started_at=started_at,
                ended_at=ended_at,
                direction=direction,
                outcome={"new": "new", "returning": "known", "undetermined": "undetermined"}[status],  # type: ignore[arg-type]
                reason="",
                customer_id=customer_id,
                staff_id=None,
                visit_id=visit_id,
                gender=gender,
                gender_male_weight=0.0,
                gender_weight=0.0,
                detections=9,
                shots=shots,
                pack=None,
                recognized_at=ended_at,
            ),
            [Crossing(at=started_at, direction=direction)] if direction != "unknown" else [],
        )
        open_visit(
            connection,
            Visit(
                tenant_id=chain.tenant_id,
                visit_id=visit_id,
                started_at=started_at,
                ended_at=ended_at,
                site_id=chain.site_id,
                customer_id=customer_id,
                status=status,
                gender=gender,
                direction=direction,
                sightings=1,
                created_at=ended_at,
            ),
        )
        announce(connection, chain.tenant_id, chain.site_id, "visit_opened", visit_id, started_at)
    return visit_id
