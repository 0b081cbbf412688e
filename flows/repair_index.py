"""Every night: compares the vector index with PostgreSQL and writes what it lacks."""

from prefect import flow, get_run_logger

from flows.parts import Parts
from regulars.steps.index_templates import repair_index as repair
from regulars.wiring import pack_identity


@flow(name="repair the vector index", log_prints=False)
def repair_index() -> int:
    """Return how many templates had to be written. Raises DependencyAway."""
    log = get_run_logger()
    parts = Parts()
    digest, dimension = pack_identity(parts.settings)
    written = 0
    for written in repair(engine=parts.engine, vectors=parts.vectors, pack=digest, dimension=dimension):
        log.info("%d templates written to the index", written)
    return written
