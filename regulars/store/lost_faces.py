"""Faces that were not seen well enough to be told: how many per camera and day, and what was wrong with them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from regulars.domain.quality import Reason


@dataclass(frozen=True, slots=True)
class LostFaces:
    """So many tracks of a camera's day were lost for this reason."""

    camera_id: UUID
    reason: Reason
    tracks: int


# The camera's day begins at its site's own midnight; the plain bound beside it lets PostgreSQL skip what is older.
_TODAY = text("""
select s.camera_id, s.lost_because as reason, count(*) as tracks
from sightings s join sites using (tenant_id, site_id)
where s.outcome in ('undetermined', 'rejected') and s.lost_because is not null
    and s.reason in ('not_enough_quality_to_match', 'not_enough_quality_to_enrol', 'no_face')
    and s.started_at >= cast(:now as timestamptz) - interval '26 hours'
    and s.started_at >= date_trunc('day', cast(:now as timestamptz) at time zone sites.time_zone)
        at time zone sites.time_zone
    and s.started_at <= cast(:now as timestamptz) + interval '1 minute'
group by s.camera_id, s.lost_because
order by s.camera_id, tracks desc, reason
""")


def lost_faces_of_today(connection: Connection, now: datetime) -> dict[UUID, list[LostFaces]]:
    """Return by camera, the most frequent reason first, what was lost on the day that `now` (UTC) lies in there.

    Of the cameras in the transaction's sight; the platform sees no sightings, and so nothing.
    """
    found: dict[UUID, list[LostFaces]] = {}
    for row in connection.execute(_TODAY, {"now": now}).mappings():
        lost = LostFaces(**row)
        found.setdefault(lost.camera_id, []).append(lost)
    return found
