"""After counting without recognizing: the pictures have been read for a gender, and nothing of them stays."""

from regulars.domain.tracks import MAX_SHOTS
from regulars.ports import ObjectStore
from regulars.store.session import Engine, transaction
from regulars.store.sightings import Sighting, forget_shots, with_shots_to_drop
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM, Tenancy

ONLY_COUNTED = "recognition_off"


def drop_shots(sighting: Sighting, *, engine: Engine, objects: ObjectStore) -> None:
    """Delete the shots of a sighting that was only counted, then forget them; any other keeps its own.

    Every name that a shot may have is deleted, whatever the sighting says: a worker that was cut off sends them again.
    Raises DependencyAway.
    """
    if sighting.reason != ONLY_COUNTED:
        return
    folder = sighting.manifest_key.removesuffix("track.json")
    objects.delete([f"{folder}shot-{number}.jpg" for number in range(MAX_SHOTS)])
    if sighting.shots:
        with transaction(engine, Tenancy(sighting.tenant_id)) as connection:
            forget_shots(connection, sighting.tenant_id, sighting.track_id)


def drop_counted_shots(*, engine: Engine, objects: ObjectStore) -> int:
    """Delete what a crash or an outage has left; return of how many sightings. Raises DependencyAway."""
    dropped = 0
    with transaction(engine, PLATFORM) as connection:
        tenants = list_tenants(connection)
    for tenant in tenants:
        with transaction(engine, Tenancy(tenant.tenant_id)) as connection:
            left = with_shots_to_drop(connection, tenant.tenant_id)
        for sighting in left:
            drop_shots(sighting, engine=engine, objects=objects)
        dropped += len(left)
    return dropped
