"""Visits for gateway tests, put into PostgreSQL and the object store as recognize would leave them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from regulars.domain.gender import Gender
from regulars.domain.matching import Outcome
from regulars.domain.quality import Reason
from regulars.domain.tracks import Crossing, Direction, track_prefix
from regulars.domain.visits import VisitStatus
from regulars.ids import new_id
from regulars.steps.change_hands import By
from regulars.steps.undo_addition import undo_addition
from regulars.store.live import announce
from regulars.store.merge_proposals import page_of_proposals, propose_merge
from regulars.store.paging import Piece
from regulars.store.people import add_customer, put_first_visit
from regulars.store.session import transaction
from regulars.store.sightings import Sighting, add_sighting
from regulars.store.templates import StoredTemplate, add_template
from regulars.store.visits import Visit, ensure_month, open_visit
from regulars.tenancy import NETWORK_SCOPE_ID, Tenancy
from regulars.wiring import pack_thresholds
from tests.integration.gateway.conftest import Chain, World

OUTCOMES: dict[VisitStatus, Outcome] = {"new": "new", "returning": "known", "undetermined": "undetermined"}


def add_person(world: World, chain: Chain, first_at: datetime) -> UUID:
    """Add a customer whom this chain knows since `first_at`."""
    customer_id = new_id()
    with transaction(world.parts.engine, Tenancy(chain.tenant_id, NETWORK_SCOPE_ID)) as connection:
        add_customer(connection, NETWORK_SCOPE_ID, customer_id, first_at)
        put_first_visit(connection, chain.tenant_id, NETWORK_SCOPE_ID, customer_id, first_at)
    return customer_id


def add_look(world: World, chain: Chain, customer_id: UUID, axis: int = 0) -> UUID:
    """Give a customer a template that a track of this chain brought; its vector points along `axis`."""
    template = StoredTemplate(
        template_id=new_id(),
        scope_id=NETWORK_SCOPE_ID,
        tenant_id=chain.tenant_id,
        kind="customer",
        subject_id=customer_id,
        pack=next(iter(pack_thresholds(world.settings))),
        vector=np.eye(1, 8, axis, dtype=np.float32)[0],
        quality=0.9,
        track_id=new_id(),
        created_at=world.clock(),
    )
    with transaction(world.parts.engine, _in_the_network(chain)) as connection:
        add_template(connection, template)
    return template.template_id


def forget_look(world: World, chain: Chain, template_id: UUID) -> UUID:
    """Undo an addition; return the correction's id."""
    tenancy = _in_the_network(chain)
    with transaction(world.parts.engine, tenancy) as connection:
        return undo_addition(connection, template_id, by=By(tenancy, "test", world.clock())).correction_id


def add_proposal(world: World, chain: Chain, one_id: UUID, other_id: UUID) -> UUID:
    """Propose two of the chain's customers as one person."""
    with transaction(world.parts.engine, _in_the_network(chain)) as connection:
        propose_merge(connection, NETWORK_SCOPE_ID, chain.tenant_id, (one_id, other_id), "alike", world.clock())
        return page_of_proposals(connection, chain.tenant_id, Piece("-created_at", 1)).rows[0].proposal_id


def _in_the_network(chain: Chain) -> Tenancy:
    return Tenancy(chain.tenant_id, NETWORK_SCOPE_ID)


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
    lost_because: Reason | None = None,
) -> UUID:
    """Add a visit of one sighting, with a shot when there is a picture, and announce it."""
    visit = Visit(
        tenant_id=chain.tenant_id,
        visit_id=new_id(),
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=5),
        site_id=chain.site_id,
        customer_id=customer_id,
        status=status,
        gender=gender,
        direction=direction,
        sightings=1,
        created_at=started_at,
    )
    sighting = _sighting_of(world, visit, picture)
    if camera_id:
        sighting = replace(sighting, camera_id=camera_id)
    if lost_because:
        sighting = replace(sighting, lost_because=lost_because, reason="not_enough_quality_to_match")
    crossed = [Crossing(at=started_at, direction=direction)] if direction != "unknown" else []
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        ensure_month(connection, started_at)
        add_sighting(connection, sighting, crossed)
        open_visit(connection, visit)
        announce(connection, chain.tenant_id, chain.site_id, "visit_opened", visit.visit_id, started_at)
    return visit.visit_id


def _sighting_of(world: World, visit: Visit, picture: bytes | None) -> Sighting:
    track_id, camera_id = new_id(), new_id()
    prefix = track_prefix(visit.tenant_id, visit.site_id, camera_id, visit.started_at, track_id)
    return Sighting(
        tenant_id=visit.tenant_id,
        track_id=track_id,
        site_id=visit.site_id,
        camera_id=camera_id,
        lease_id=new_id(),
        manifest_key=f"{prefix}track.json",
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        direction=visit.direction,
        outcome=OUTCOMES[visit.status],
        reason="",
        customer_id=visit.customer_id,
        staff_id=None,
        visit_id=visit.visit_id,
        gender=visit.gender,
        gender_male_weight=0.0,
        gender_weight=0.0,
        detections=9,
        shots=_shots(world, prefix, picture) if picture else [],
        pack=None,
        recognized_at=visit.created_at,
    )


def _shots(world: World, prefix: str, picture: bytes) -> list[dict[str, Any]]:
    """Store one good shot, and name a better one that could not be read."""
    world.parts.objects.put(f"{prefix}shot-0.jpg", picture, "image/jpeg")
    return [
        {"key": f"{prefix}shot-0.jpg", "quality": 0.9, "refused": None},
        {"key": f"{prefix}shot-1.jpg", "quality": 1.0, "refused": "corrupt_picture"},
    ]
