"""Every night: makes one customer of two who are one person beyond doubt, and asks a human about the others."""

from datetime import UTC, datetime

from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars.wiring import consolidation


@flow(name="consolidate people", log_prints=False)
def consolidate_people() -> int:
    """Return how many customers were merged into others. Raises DependencyAway; what was done before stays done."""
    log = get_run_logger()
    merged = 0
    for done in consolidation(Parts().settings).run(datetime.now(UTC)):
        log.info("gallery %s: %d merged, %d proposed", done.scope_id, done.merged, done.proposed)
        merged += done.merged
    return merged
