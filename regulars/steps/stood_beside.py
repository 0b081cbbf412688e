"""Before recognize decides: whom a track cannot show, because they were in the same picture elsewhere."""

from uuid import UUID

from regulars.domain.companions import Glimpse, Presence, are_two_people
from regulars.domain.tracks import TrackManifest
from regulars.store.session import Connection
from regulars.store.sightings import customers_of_tracks, seen_beside


def stood_beside(connection: Connection, track: TrackManifest) -> set[UUID]:
    """Return the customers who stood elsewhere in the same picture at the same time.

    How long an ongoing track lasts is not known here yet, so the worker names those that it saw side by side.
    """
    here = Presence(track.started_at, track.ended_at, tuple(Glimpse(shot.at, shot.box) for shot in track.shots))
    others = seen_beside(connection, track.tenant_id, track.camera_id, track.started_at, track.ended_at)
    named = customers_of_tracks(connection, track.tenant_id, track.beside)
    return named | {customer_id for customer_id, presence in others if are_two_people(here, presence)}
