"""Finds tracks whose event was lost: manifests in the object store that became no sighting and are not set aside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from regulars.domain.tracks import parse_manifest_key
from regulars.errors import InputRefused
from regulars.ports import ObjectStore
from regulars.store.session import Engine, transaction
from regulars.store.set_aside import keys_set_aside
from regulars.store.sightings import known_tracks
from regulars.store.tenants import CameraPlace, Tenant, camera_places, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

YOUNGEST = timedelta(seconds=20)
"""A younger manifest's own event is probably still on its way."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class LostTracks:
    """One camera's day: how many manifests were listed, and the keys of those that nothing came of."""

    tenant: Tenant
    place: CameraPlace
    day: date
    manifests: int
    keys: tuple[str, ...]


def find_lost_tracks(
    *,
    engine: Engine,
    objects: ObjectStore,
    now: datetime,
    since: date,
    until: date,
    tenant_name: str | None = None,
    recorded_too: bool = False,
) -> Iterator[LostTracks]:
    """Look through the days `since` to `until` (UTC, both included); yield camera by camera, day by day.

    `recorded_too` adds the days that cameras with recorded footage show. Raises DependencyAway.
    """
    with transaction(engine, PLATFORM) as connection:
        tenants = [one for one in list_tenants(connection) if tenant_name in (None, one.name, str(one.tenant_id))]
    for tenant in tenants:
        with transaction(engine, Tenancy(tenant.tenant_id)) as connection:
            places = camera_places(connection, tenant.tenant_id)
        for place in places:
            for day in _days(since, until, place if recorded_too else None):
                yield _camera_day(engine, objects, now - YOUNGEST, tenant, place, day)


def _days(since: date, until: date, recorded: CameraPlace | None) -> list[date]:
    days = {since + timedelta(days=number) for number in range((until - since).days + 1)}
    if recorded and recorded.file_starts_at:
        first = recorded.file_starts_at.astimezone(UTC).date()
        days |= {first, first + timedelta(days=1)}
    return sorted(days)


def _camera_day(
    engine: Engine, objects: ObjectStore, young: datetime, tenant: Tenant, place: CameraPlace, day: date
) -> LostTracks:
    prefix = f"tracks/{tenant.tenant_id}/{place.site_id}/{place.camera_id}/{day:%Y/%m/%d}/"
    keys = [one.key for one in objects.list(prefix) if one.key.endswith("/track.json") and one.modified_at <= young]
    lost: list[str] = []
    for first in range(0, len(keys), BATCH):
        lost += _without_outcome(engine, tenant, keys[first : first + BATCH])
    return LostTracks(tenant, place, day, len(keys), tuple(lost))


def _without_outcome(engine: Engine, tenant: Tenant, keys: Sequence[str]) -> list[str]:
    tracks = {key: _track(key) for key in keys}
    with transaction(engine, Tenancy(tenant.tenant_id)) as connection:
        done = known_tracks(connection, tenant.tenant_id, [track for track in tracks.values() if track])
    with transaction(engine, PLATFORM) as connection:
        aside = keys_set_aside(connection, keys)
    return [key for key in keys if key not in aside and tracks[key] not in done]


def _track(key: str) -> UUID | None:
    try:
        return parse_manifest_key(key).track_id
    except InputRefused:
        return None
