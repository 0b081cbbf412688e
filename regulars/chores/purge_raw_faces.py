"""Every night: deletes pictures of faces that are too old, lists what remains, and proves that nothing older does."""

from regulars.chores.shift import Numbers, Shift, chore
from regulars.errors import ConfigurationRefused
from regulars.steps.purge_photographs import purge_photographs
from regulars.steps.purge_raw_faces import purge_raw_faces as purge


@chore("database_url", "objects_url")
def purge_raw_faces(shift: Shift) -> Numbers:
    """Delete pictures that are older than their chain keeps them, orphans too, and look again.

    The bucket's own rule is set first, so that it is there again when somebody has taken it away.
    """
    numbers = {"lifecycle_rules": 0, "objects": 0, "sightings": 0, "kept": 0, "older": 0}
    days = shift.settings.retention_days
    try:
        shift.objects.ensure_bucket(days)
        numbers["lifecycle_rules"] = 1
    except ConfigurationRefused as refusal:
        shift.say(f"the object store's own rule could not be set: {refusal}")
    for done in purge(engine=shift.engine, objects=shift.objects, now=shift.now, actor=shift.actor, longest_days=days):
        whose = f"chain {done.tenant_id}" if done.tenant_id else "chains that are no more"
        shift.say(
            f"{whose}: {done.objects} objects deleted, shots of {done.sightings} sightings forgotten, "
            f"{done.kept} younger objects kept, {done.older} older remain"
        )
        for name in ("objects", "sightings", "kept", "older"):
            numbers[name] += getattr(done, name)
    numbers["photographs"], kept = purge_photographs(engine=shift.engine, objects=shift.objects, now=shift.now)
    shift.say(f"{numbers['photographs']} photographs of no member of staff deleted, {kept} kept")
    return numbers
