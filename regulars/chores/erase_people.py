"""Every hour, and after every restore: finishes erasures and departures, erases again whom a restore brought back."""

import json

from regulars.chores.shift import Numbers, Shift, chore
from regulars.settings import INDEX_NEEDS
from regulars.steps.carry_out_erasures import carry_out_erasures
from regulars.steps.offboard_tenant import Offboarding
from regulars.steps.replay_erasures import replay_erasures


@chore("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS)
def erase_people(shift: Shift) -> Numbers:
    """Replay the ledger of erasures, then finish those that are asked for and chains that leave."""
    back = replay_erasures(engine=shift.engine, objects=shift.objects, actor=shift.actor, now=shift.now)
    shift.say(
        f"{back.entries} entries learned again, {back.people} people erased again, {back.objects} objects deleted"
    )
    engine, objects, vectors = shift.engine, shift.objects, shift.vectors
    numbers = {"erased": 0, "people_back": back.people, "objects_back": back.objects, "chains_gone": 0}
    for done in carry_out_erasures(engine=engine, objects=objects, vectors=vectors, actor=shift.actor, now=shift.now):
        shift.say(f"erasure {done.erasure_id} done: {json.dumps(done.receipt)}")
        numbers["erased"] += 1
    leaving = Offboarding(engine=engine, objects=objects, vectors=vectors, actor=shift.actor, now=shift.now)
    for gone in leaving.run():
        shift.say(f"chain {gone.tenant_id} is gone: {json.dumps(gone.receipt)}")
        numbers["chains_gone"] += 1
    return numbers
