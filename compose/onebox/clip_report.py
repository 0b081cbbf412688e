"""What `./run count` says of one clip, read from PostgreSQL after the whole path is through."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from regulars.store.crossings import crossings_of_camera
from regulars.store.session import Connection
from regulars.store.sightings import Sighting, sightings_between
from regulars.store.tenants import Site
from regulars.store.visits import find_visit


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit, or the stay of a staff member; `at` is seconds from the clip's start."""

    customer_id: str | None
    status: str
    gender: str
    direction: str
    at: float


@dataclass(frozen=True, slots=True)
class ClipReport:
    """One clip; `visits` in the order of their beginning."""

    clip: str
    tracks: int
    visits: list[Arrival]
    crossings: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """Return the object that `--json` prints."""
        return asdict(self)


def report_clip(
    connection: Connection, site: Site, camera_id: UUID, clip: str, began: datetime, tracks: int
) -> ClipReport:
    """Return what became of the clip's tracks. `began` is the time (UTC) that its first frame stands for."""
    seen = sightings_between(connection, site.tenant_id, began, began + timedelta(days=3660), camera_id)
    arrivals = [*_visits(connection, seen, began), *_staff(seen, began, site.visit_gap_minutes)]
    crossed = crossings_of_camera(connection, site.tenant_id, camera_id)
    return ClipReport(clip, tracks, sorted(arrivals, key=lambda one: one.at), crossed)


def _visits(connection: Connection, seen: list[Sighting], began: datetime) -> list[Arrival]:
    found: dict[UUID, Arrival] = {}
    for sighting in seen:
        if sighting.visit_id is None or sighting.visit_id in found:
            continue
        visit = find_visit(connection, sighting.tenant_id, sighting.visit_id)
        if visit is not None:
            customer = str(visit.customer_id) if visit.customer_id else None
            at_s = round((visit.started_at - began).total_seconds(), 3)
            found[visit.visit_id] = Arrival(customer, visit.status, visit.gender, visit.direction, at_s)
    return list(found.values())


def _staff(seen: list[Sighting], began: datetime, gap_minutes: float) -> list[Arrival]:
    """Return one row per stay of a staff member: sightings of one that lie within the site's gap are one."""
    gap = timedelta(minutes=gap_minutes, seconds=3)
    last_seen: dict[UUID, datetime] = {}
    stays: list[Arrival] = []
    for sighting in seen:
        if sighting.staff_id is None:
            continue
        before = last_seen.get(sighting.staff_id)
        if before is None or sighting.started_at - before > gap:
            at_s = round((sighting.started_at - began).total_seconds(), 3)
            stays.append(Arrival(None, "staff", sighting.gender, sighting.direction, at_s))
        last_seen[sighting.staff_id] = max(sighting.ended_at, before or sighting.ended_at)
    return stays
