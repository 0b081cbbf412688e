"""After counting without recognizing, an objection or an erasure: nothing stays of pictures that nobody may see."""

from regulars.domain.tracks import MAX_SHOTS
from regulars.ports import ObjectStore
from regulars.store.session import Engine, transaction
from regulars.store.sightings import Sighting, forget_shots, with_shots_to_drop
from regulars.store.tenants import list_tenants
from regulars.tenancy import PLATFORM, Tenancy

NO_PICTURE_OF = frozenset({"recognition_off", "objected", "erased"})
"""Why a sighting keeps no picture: only counted, of somebody who objected, of somebody who was erased."""


def drop_shots(sighting: Sighting, *, engine: Engine, objects: ObjectStore) -> None:
    """Delete the shots of a sighting that keeps no picture, then forget them; any other keeps its own.

    Every name that a shot may have is deleted, whatever the sighting says: a worker that was cut off sends them again.
    The manifest stays only where a track was counted: what it says of a face is of nobody who asked not to be known.
    Raises DependencyAway.
    """
    if sighting.reason not in NO_PICTURE_OF:
        return
    folder = sighting.manifest_key.removesuffix("track.json")
    manifest = [] if sighting.reason == "recognition_off" else [sighting.manifest_key]
    objects.delete([*(f"{folder}shot-{number}.jpg" for number in range(MAX_SHOTS)), *manifest])
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
