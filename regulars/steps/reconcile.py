"""Runs the tracks whose event was lost, in the process that recognizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from regulars.steps.going_on import GoingOn
from regulars.steps.lost_tracks import find_lost_tracks
from regulars.steps.recognize import Handled, Recognizer
from regulars.store.tenants import CameraPlace, Tenant


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
    DependencyAway, for single tracks after all others; going on later begins where nothing was done yet.
    """
    going_on = GoingOn()
    lost = find_lost_tracks(
        engine=recognizer.engine,
        objects=recognizer.objects,
        now=recognizer.clock(),
        since=since,
        until=until,
        tenant_name=tenant_name,
        recorded_too=recorded_too,
    )
    for found in lost:
        handled: list[Handled] = []
        for key in found.keys:
            with going_on.piece():
                handled.append(recognizer.handle(key))
        yield Reconciled(found.tenant, found.place, found.day, found.manifests, tuple(handled))
    going_on.end()
