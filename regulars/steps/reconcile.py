"""Finds tracks whose event was lost: manifests in the object store without a sighting, and runs them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from regulars.errors import InputRefused
from regulars.steps.read_track import parse_manifest_key
from regulars.steps.recognize import Handled, Recognizer
from regulars.store.session import transaction
from regulars.store.set_aside import keys_set_aside
from regulars.store.sightings import known_tracks
from regulars.store.tenants import CameraPlace, Tenant, camera_places, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

YOUNGEST = timedelta(seconds=20)
"""A younger manifest's own event is probably still on its way."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One camera's day, done: manifests listed, those without a sighting, and what became of these."""

    tenant: Tenant
    place: CameraPlace
    day: date
    manifests: int
    handled: tuple[Handled, ...]


def reconcile(
    recognizer: Recognizer, since: date, until: date, *, tenant_name: str | None = None, recorded_too: bool = False
) -> Iterator[Reconciled]:
    """Run every manifest from day `since` to `until` (UTC, both included) that has no sighting and is not set aside.

    `recorded_too` adds the days that cameras with recorded footage show. Yields camera by camera, day by day. Raises
    DependencyAway; going on later begins where nothing was done yet.
    """
    with transaction(recognizer.engine, PLATFORM) as connection:
        tenants = [one for one in list_tenants(connection) if tenant_name in (None, one.name, str(one.tenant_id))]
    for tenant in tenants:
        with transaction(recognizer.engine, Tenancy(tenant.tenant_id)) as connection:
            places = camera_places(connection, tenant.tenant_id)
        for place in places:
            for day in _days(since, until, place if recorded_too else None):
                yield _camera_day(recognizer, tenant, place, day)


def _days(since: date, until: date, recorded: CameraPlace | None) -> list[date]:
    days = {since + timedelta(days=number) for number in range((until - since).days + 1)}
    if recorded and recorded.file_starts_at:
        first = recorded.file_starts_at.astimezone(UTC).date()
        days |= {first, first + timedelta(days=1)}
    return sorted(days)


def _camera_day(recognizer: Recognizer, tenant: Tenant, place: CameraPlace, day: date) -> Reconciled:
    prefix = f"tracks/{tenant.tenant_id}/{place.site_id}/{place.camera_id}/{day:%Y/%m/%d}/"
    young = recognizer.clock() - YOUNGEST
    keys = [one.key for one in recognizer.objects.list(prefix) if _is_due(one.key, one.modified_at, young)]
    handled: list[Handled] = []
    for some in _pieces(keys):
        handled += [recognizer.handle(key) for key in _without_outcome(recognizer, tenant, some)]
    return Reconciled(tenant, place, day, len(keys), tuple(handled))


def _is_due(key: str, modified_at: datetime, young: datetime) -> bool:
    return key.endswith("/track.json") and modified_at <= young


def _pieces(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[first : first + BATCH] for first in range(0, len(keys), BATCH))


def _without_outcome(recognizer: Recognizer, tenant: Tenant, keys: Sequence[str]) -> list[str]:
    tracks = {key: _track(key) for key in keys}
    with transaction(recognizer.engine, Tenancy(tenant.tenant_id)) as connection:
        done = known_tracks(connection, tenant.tenant_id, [track for track in tracks.values() if track])
    with transaction(recognizer.engine, PLATFORM) as connection:
        aside = keys_set_aside(connection, keys)
    return [key for key in keys if key not in aside and tracks[key] not in done]


def _track(key: str) -> UUID | None:
    try:
        return parse_manifest_key(key).track_id
    except InputRefused:
        return None
