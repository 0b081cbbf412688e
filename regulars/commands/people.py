"""`regulars erase | undo | offboard`: what only the platform's operator does to people and chains, by hand."""

import argparse
from datetime import UTC, datetime, timedelta
from uuid import UUID

from regulars import wiring
from regulars.chores.erase_people import erase_people
from regulars.commands.database import database
from regulars.commands.telling import ACTOR, Verbs, say
from regulars.errors import NotFound
from regulars.settings import INDEX_NEEDS, load_settings
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.steps.index_templates import follow_gallery
from regulars.steps.offboard_tenant import ask_to_leave
from regulars.steps.undo_correction import undo_correction
from regulars.store.departures import find_departure, remove_departure
from regulars.store.session import transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import NETWORK_SCOPE_ID, PLATFORM, Tenancy


def add_people(verbs: Verbs) -> None:
    """Add the commands."""
    erase = verbs.add_parser("erase", help="forget a person at every chain of a gallery")
    erase.add_argument("customer", type=UUID)
    erase.add_argument("--scope", type=UUID, default=NETWORK_SCOPE_ID, help="gallery; the network's when left out")
    erase.set_defaults(run=_erase)
    told = "undo a correction that touched several chains, which none of them may undo by itself"
    undo = verbs.add_parser("undo", help=told, description=told)
    undo.add_argument("correction", type=UUID, help="its id, as the audit log says it")
    undo.add_argument("--scope", type=UUID, default=NETWORK_SCOPE_ID, help="gallery; the network's when left out")
    undo.set_defaults(run=_undo)
    leave = verbs.add_parser("offboard", help="delete a chain with everything of it, now")
    leave.add_argument("tenant", help="name or id")
    leave.set_defaults(run=_offboard)


def _erase(arguments: argparse.Namespace) -> int:
    by = By(Tenancy(None, arguments.scope), ACTOR, datetime.now(UTC))
    with database(*erase_people.needs) as engine, transaction(engine, by.tenancy) as connection:
        erase_person(connection, arguments.customer, by=by)
    erase_people.run(None, ACTOR, say)
    return 0


def _undo(arguments: argparse.Namespace) -> int:
    parts = wiring.consolidation(load_settings(("database_url", "sealing_keys", *INDEX_NEEDS)))
    by = By(Tenancy(None, arguments.scope), ACTOR, datetime.now(UTC))
    try:
        with transaction(parts.engine, by.tenancy) as connection:
            undone = undo_correction(connection, arguments.correction, by=by)
        follow_gallery(arguments.scope, parts.pack, engine=parts.engine, vectors=parts.vectors)
    finally:
        parts.engine.dispose()
    say(f"undone: {undone.kind} of {undone.at:%Y-%m-%d %H:%M:%S} UTC by {undone.actor}")
    return 0


def _offboard(arguments: argparse.Namespace) -> int:
    with database(*erase_people.needs) as engine:
        with transaction(engine, PLATFORM) as connection:
            named = [one for one in list_tenants(connection) if arguments.tenant in (str(one.tenant_id), one.name)]
        if len(named) != 1:
            raise NotFound(f"{len(named)} chains are called that; nothing was done.")
        tenant_id = named[0].tenant_id
        with transaction(engine, Tenancy(tenant_id)) as connection:
            remove_departure(connection, tenant_id)
            if find_departure(connection, tenant_id) is None:
                ask_to_leave(connection, tenant_id, ACTOR, datetime.now(UTC), timedelta(0))
    erase_people.run(None, ACTOR, say)
    return 0
