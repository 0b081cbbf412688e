"""Every night: compares the vector index with PostgreSQL and writes what it lacks; on demand builds it anew."""

from regulars.chores.shift import Numbers, Shift, chore
from regulars.settings import INDEX_NEEDS
from regulars.steps.index_templates import reindex, repair_index
from regulars.wiring import pack_identity


@chore("database_url", "sealing_keys", *INDEX_NEEDS)
def reindex_vectors(shift: Shift, *, anew: bool = False) -> Numbers:
    """Bring the vector index to what PostgreSQL says; `anew`: throw it away first and build it again."""
    digest, dimension = pack_identity(shift.settings)
    work = reindex if anew else repair_index
    written = 0
    for written in work(engine=shift.engine, vectors=shift.vectors, pack=digest, dimension=dimension):
        shift.say(f"{written} templates written")
    return {"written": written}
