"""Every night: makes one customer of two who are one person beyond doubt, and asks a human about the others."""

from regulars import wiring
from regulars.chores.shift import Numbers, Shift, chore
from regulars.settings import INDEX_NEEDS


@chore("database_url", "sealing_keys", *INDEX_NEEDS)
def consolidate_identities(shift: Shift) -> Numbers:
    """Merge customers who are one person, propose the doubtful."""
    merged = proposed = 0
    parts = wiring.consolidation(shift.settings)
    try:
        for done in parts.run(shift.now):
            shift.say(
                f"gallery {done.scope_id}: {done.people_before} customers, {done.merged} merged into others, "
                f"{done.proposed} pairs proposed"
            )
            merged, proposed = merged + done.merged, proposed + done.proposed
    finally:
        parts.engine.dispose()
    return {"merged": merged, "proposed": proposed}
