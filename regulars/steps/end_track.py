"""Second manifest of a track that was recognized while its person was still followed: how it ended, and nothing else.

Who it was stays decided: both manifests name the same shots.
"""

from dataclasses import replace

from regulars.domain.tracks import TrackManifest
from regulars.domain.visits import Stay, figures
from regulars.steps.put_visit import Books, put_visit, stays_of
from regulars.store.live import announce
from regulars.store.session import Connection
from regulars.store.sightings import Sighting, end_sighting, facts_of_visit
from regulars.store.visits import Visit, find_visit, rewrite_visit


def end_track(connection: Connection, sighting: Sighting, manifest: TrackManifest, books: Books) -> Sighting:
    """Return the sighting as its track ended, written with its visit; the same again changes nothing.

    `sighting` was read in this transaction, under the gallery's lock; the caller commits.
    """
    if not sighting.ongoing or manifest.ongoing:
        return sighting
    ended = replace(
        sighting,
        ended_at=manifest.ended_at,
        direction=manifest.direction,
        detections=manifest.detections,
        ongoing=False,
    )
    end_sighting(connection, ended, manifest.crossings)
    held = find_visit(connection, ended.tenant_id, ended.visit_id) if ended.visit_id else None
    if held is None:
        return ended
    own = Stay(held.visit_id, held.started_at, held.ended_at)
    if ended.customer_id is None:
        _prolong(connection, held, own, books)
        return ended
    stays = stays_of(connection, ended, books.site.rule)
    stays = stays if any(stay.visit_id == own.visit_id for stay in stays) else [own]
    ended = replace(ended, visit_id=stays[0].visit_id)
    put_visit(connection, ended, stays, books)
    return ended


def _prolong(connection: Connection, held: Visit, own: Stay, books: Books) -> None:
    """Write the times and the direction of a visit of nobody known, or of somebody erased since."""
    said = figures(facts_of_visit(connection, held.tenant_id, [held.visit_id]))
    rewrite_visit(connection, own, replace(held, ended_at=said.ended_at, direction=said.direction))
    announce(connection, held.tenant_id, held.site_id, "visit_changed", held.visit_id, books.now)
