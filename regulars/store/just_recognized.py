"""Who was just recognized before a camera: what live view tells of a face that has left the picture."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from regulars.domain.watching import PersonState


@dataclass(frozen=True, slots=True)
class JustRecognized:
    """What became of a track; a customer's `visit_number` counts the visits to this chain, this one included."""

    camera_id: UUID
    track_id: UUID
    state: PersonState
    name: str | None
    customer_id: UUID | None
    visit_number: int | None


_SINCE = text("""
select s.camera_id, s.track_id, s.outcome as state, coalesce(c.name, f.name) as name, s.customer_id,
    (select count(*) from visits v where v.tenant_id = s.tenant_id and v.customer_id = s.customer_id
        and v.started_at <= s.started_at) as visits
from sightings s
left join tenant_customers t on t.tenant_id = s.tenant_id and t.customer_id = s.customer_id
left join customers c on c.scope_id = t.scope_id and c.customer_id = t.customer_id
left join staff f on f.tenant_id = s.tenant_id and f.staff_id = s.staff_id
where s.tenant_id = :tenant_id and s.camera_id = any(:camera_ids) and s.recognized_at > :since
    and s.started_at > cast(:since as timestamptz) - interval '15 minutes' and s.outcome <> 'rejected'
order by s.recognized_at, s.track_id
""")


def just_recognized(
    connection: Connection, tenant_id: UUID, camera_ids: list[UUID], since: datetime
) -> list[JustRecognized]:
    """Return what was recognized before these cameras after `since` (UTC), in that order.

    Tracks that began longer ago than the longest track lasts are left out: they are late, and nobody waits for them.
    """
    rows = connection.execute(_SINCE, {"tenant_id": tenant_id, "camera_ids": camera_ids, "since": since})
    return [JustRecognized(*row[:5], visit_number=row.visits or None) for row in rows]
