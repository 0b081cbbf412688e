"""Entry point for the operator: `python -m functions.recognize.rights_commands erase | replay | purge | offboard`.

`erase` forgets a person at every chain of a gallery; `replay` is to be run after every restore, before anybody is let
in; `offboard` lets a chain go at once. Each says what it did in numbers, and may be run again.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from regulars.errors import NotFound, RegularsError
from regulars.logs import configure_logs
from regulars.ports import ObjectStore, VectorIndex
from regulars.settings import INDEX_NEEDS, load_settings
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.steps.forget_inactive import forget_inactive
from regulars.steps.offboard_tenant import Offboarding, ask_to_leave
from regulars.steps.purge_raw_faces import purge_raw_faces
from regulars.steps.replay_erasures import replay_erasures
from regulars.store.departures import find_departure, remove_departure
from regulars.store.session import Engine, transaction
from regulars.store.tenants import list_tenants
from regulars.tenancy import NETWORK_SCOPE_ID, PLATFORM, Tenancy
from regulars.wiring import engine, object_store, vector_index

_NEEDS = ("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS)
_ACTOR = "platform"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What every command works with."""

    retention_days: int
    database: Engine
    objects: ObjectStore
    vectors: VectorIndex


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0, or 2 for what could not be done."""
    arguments = _parser().parse_args(words)
    configure_logs()
    try:
        settings = load_settings(_NEEDS)
        parts = _Parts(settings.retention_days, engine(settings), object_store(settings), vector_index(settings))
        try:
            arguments.run(arguments, parts, datetime.now(UTC))
        finally:
            parts.database.dispose()
    except RegularsError as failure:
        sys.stderr.write(f"{failure.code}: {failure}\n")
        return 2
    return 0


def _erase(arguments: argparse.Namespace, parts: _Parts, now: datetime) -> None:
    by = By(Tenancy(None, arguments.scope), _ACTOR, now)
    with transaction(parts.database, by.tenancy) as connection:
        erase_person(connection, arguments.customer, by=by)
    _carry_out(parts, now)


def _replay(_: argparse.Namespace, parts: _Parts, now: datetime) -> None:
    done = replay_erasures(engine=parts.database, objects=parts.objects, actor=_ACTOR, now=now)
    sys.stdout.write(
        f"{done.entries} entries learned again, {done.people} people erased again, {done.objects} objects deleted\n"
    )
    _carry_out(parts, now)


def _carry_out(parts: _Parts, now: datetime) -> None:
    for done in carry_out_erasures(
        engine=parts.database, objects=parts.objects, vectors=parts.vectors, actor=_ACTOR, now=now
    ):
        sys.stdout.write(f"erasure {done.erasure_id} done: {json.dumps(done.receipt)}\n")


def _purge(_: argparse.Namespace, parts: _Parts, now: datetime) -> None:
    for done in purge_raw_faces(
        engine=parts.database, objects=parts.objects, now=now, actor=_ACTOR, longest_days=parts.retention_days
    ):
        whose = f"chain {done.tenant_id}" if done.tenant_id else "chains that are no more"
        sys.stdout.write(
            f"{whose}: {done.objects} objects deleted, shots of {done.sightings} sightings forgotten, "
            f"{done.kept} younger objects kept, {done.older} older remain\n"
        )
    for gone in forget_inactive(engine=parts.database, vectors=parts.vectors, now=now, actor=_ACTOR):
        sys.stdout.write(f"chain {gone.tenant_id}: {gone.looks} looks of {gone.customers} customers forgotten\n")


def _offboard(arguments: argparse.Namespace, parts: _Parts, now: datetime) -> None:
    with transaction(parts.database, PLATFORM) as connection:
        named = [one for one in list_tenants(connection) if arguments.tenant in (str(one.tenant_id), one.name)]
    if len(named) != 1:
        raise NotFound(f"{len(named)} chains are called that; nothing was done.")
    with transaction(parts.database, Tenancy(named[0].tenant_id)) as connection:
        remove_departure(connection, named[0].tenant_id)
        if find_departure(connection, named[0].tenant_id) is None:
            ask_to_leave(connection, named[0].tenant_id, _ACTOR, now, timedelta(0))
    offboarding = Offboarding(
        engine=parts.database, objects=parts.objects, vectors=parts.vectors, actor=_ACTOR, now=now
    )
    for done in offboarding.run():
        sys.stdout.write(f"chain {done.tenant_id} is gone: {json.dumps(done.receipt)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="functions.recognize.rights_commands", description=__doc__)
    verbs = parser.add_subparsers(required=True)
    erase = verbs.add_parser("erase", help="forget a person at every chain")
    erase.add_argument("customer", type=UUID)
    erase.add_argument("--scope", type=UUID, default=NETWORK_SCOPE_ID, help="gallery; the network's when left out")
    erase.set_defaults(run=_erase)
    verbs.add_parser("replay", help="erase again whom a restore has brought back").set_defaults(run=_replay)
    verbs.add_parser("purge", help="delete pictures that are too old, forget who comes no more").set_defaults(
        run=_purge
    )
    leave = verbs.add_parser("offboard", help="delete a chain with everything of it, now")
    leave.add_argument("tenant", help="name or id")
    leave.set_defaults(run=_offboard)
    return parser


if __name__ == "__main__":
    sys.exit(main())
