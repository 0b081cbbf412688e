"""A person's right to know: everything that one chain keeps of a customer, as JSON and the pictures still kept."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from regulars.errors import InputRefused, NotFound
from regulars.ports import ObjectStore
from regulars.steps.change_hands import By
from regulars.store.audit import AuditEntry, record
from regulars.store.consents import consents_of
from regulars.store.erasing import ids_of_person
from regulars.store.people import find_customer, first_visit_at, note_of
from regulars.store.reassigning import sightings_of_customers, visits_touched
from regulars.store.session import Connection
from regulars.store.sightings import Sighting
from regulars.store.told_of_person import looks_described, told_to_others, what_was_put_right, who_acted

MAX_SHOT_BYTES = 2_000_000
_OF_SIGHTING = ("track_id", "visit_id", "camera_id", "started_at", "ended_at", "direction", "outcome", "reason")


@dataclass(frozen=True, slots=True)
class Told:
    """All that is kept: as JSON values, and the keys of pictures taken since the chain's retention began."""

    about: dict[str, Any]
    pictures: list[str]


def export_person(connection: Connection, customer_id: UUID, *, by: By, pictures_since: datetime) -> Told:
    """Return what the chain in `by` keeps of its customer, and note in the audit log that it was told.

    Raises NotFound when the chain does not know the customer.
    """
    tenant_id = by.tenancy.tenant_id
    customer = find_customer(connection, customer_id)
    if tenant_id is None or customer is None or first_visit_at(connection, tenant_id, customer_id) is None:
        raise NotFound("There is no such customer.")
    ids = ids_of_person(connection, by.scope_id, customer_id)
    visits = visits_touched(connection, tenant_id, ids, ())
    seen = sightings_of_customers(connection, tenant_id, ids)
    subjects = {*ids, *(one.visit_id for one in visits), *(one.track_id for one in seen)}
    entry = AuditEntry(tenant_id, by.actor, "customer.exported", "customer", str(customer_id), {}, by.now)
    record(connection, entry)
    about: dict[str, Any] = {
        "told_at": by.now,
        "profile": {**asdict(customer), "note": note_of(connection, tenant_id, customer_id)},
        "known_as": ids,
        "consents": [asdict(one) for one in consents_of(connection, tenant_id, ids)],
        "visits": [asdict(one) for one in sorted(visits, key=lambda visit: visit.started_at)],
        "sightings": [described(one) for one in seen],
        "looks": looks_described(connection, by.scope_id, tenant_id, ids),
        "put_right": what_was_put_right(connection, tenant_id, ids),
        "who_looked_or_changed": who_acted(connection, tenant_id, subjects),
        "told_to_webhooks": told_to_others(connection, tenant_id, ids),
    }
    kept = [shot["key"] for one in seen if one.started_at >= pictures_since for shot in one.shots]
    return Told(about, kept)


def write_archive(told: Told, into: IO[bytes], *, objects: ObjectStore) -> None:
    """Write a ZIP of `about.json` and the pictures, those that have gone meanwhile left out. Raises DependencyAway."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        names: list[str] = []
        for name, content in _pictures(told.pictures, objects):
            archive.writestr(name, content)
            names.append(name)
        about = {**told.about, "pictures": names}
        archive.writestr("about.json", json.dumps(about, default=_written, ensure_ascii=False, indent=2))


def described(sighting: Sighting) -> dict[str, Any]:
    """Return what a person is told of one sighting of them."""
    told: dict[str, Any] = {name: getattr(sighting, name) for name in _OF_SIGHTING}
    return told | {"gender": sighting.gender, "pictures_taken": len(sighting.shots)}


def _pictures(keys: list[str], objects: ObjectStore) -> Iterator[tuple[str, bytes]]:
    for key in keys:
        track, name = key.split("/")[-2:]
        try:
            yield f"pictures/{track}/{name}", objects.get(key, MAX_SHOT_BYTES)
        except InputRefused:
            continue


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
