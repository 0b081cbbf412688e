"""A person's right to know, for a chain's own people: everything that it keeps of a member of staff."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.errors import NotFound
from regulars.steps.change_hands import By
from regulars.steps.export_person import Told, described
from regulars.store.audit import AuditEntry, record
from regulars.store.reassigning import sightings_of_member
from regulars.store.session import Connection
from regulars.store.staff import find_member, photographs_of, templates_of_member
from regulars.store.told_of_person import who_acted


def export_member(connection: Connection, staff_id: UUID, *, by: By, pictures_since: datetime) -> Told:
    """Return what the chain in `by` keeps of its member, and note in the audit log that it was told. Raises NotFound.

    As which customer they were known besides stands in the profile, and is told by `export_person`.
    """
    tenant_id = by.tenant_id
    found = find_member(connection, tenant_id, staff_id)
    if found is None:
        raise NotFound("There is no such member of staff.")
    photographs = photographs_of(connection, tenant_id, staff_id)
    seen = sightings_of_member(connection, tenant_id, staff_id)
    record(connection, AuditEntry(tenant_id, by.actor, "staff.exported", "staff", str(staff_id), {}, by.now))
    about: dict[str, Any] = {
        "told_at": by.now,
        "profile": asdict(found.member),
        "works_at": list(found.site_ids),
        "photographs": [{"photograph_id": one.photograph_id, "kept_since": one.created_at} for one in photographs],
        "looks": [
            {"learned_at": one.created_at, "model": one.pack}
            for one in templates_of_member(connection, tenant_id, staff_id)
        ],
        "sightings": [described(one) for one in seen],
        "who_looked_or_changed": who_acted(connection, tenant_id, {staff_id, *(one.track_id for one in seen)}),
    }
    shots = [shot["key"] for one in seen if one.started_at >= pictures_since for shot in one.shots]
    return Told(about, [*(one.key for one in photographs), *shots])
