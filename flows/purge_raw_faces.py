"""Every night: deletes pictures of faces that are too old, proves it, and forgets the faces of who comes no more."""

from datetime import UTC, datetime

from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars.steps.forget_inactive import forget_inactive
from regulars.steps.purge_raw_faces import purge_raw_faces as purge

_ACTOR = "flow"


@flow(name="purge raw faces", log_prints=False, retries=3, retry_delay_seconds=300)
def purge_raw_faces(now: datetime | None = None) -> int:
    """Return how many objects were deleted; `now` (UTC) is the present unless given. Raises DependencyAway."""
    log, parts, moment = get_run_logger(), Parts(), now or datetime.now(UTC)
    deleted, days = 0, parts.settings.retention_days
    for done in purge(engine=parts.engine, objects=parts.objects, now=moment, actor=_ACTOR, longest_days=days):
        log.info("chain %s: %d objects deleted, %d kept, %d older", done.tenant_id, done.objects, done.kept, done.older)
        deleted += done.objects
    for gone in forget_inactive(engine=parts.engine, vectors=parts.vectors, now=moment, actor=_ACTOR):
        log.info("chain %s: %d customers forgotten by their face", gone.tenant_id, gone.customers)
    return deleted
