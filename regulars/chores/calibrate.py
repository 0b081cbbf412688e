"""Every week: measures whether the pack's impostor table is right for the people who come here."""

from regulars import wiring
from regulars.chores.shift import Numbers, Shift, chore
from regulars.steps.calibrate import FAR
from regulars.steps.calibrate import calibrate as measure


@chore("database_url", "sealing_keys")
def calibrate(shift: Shift) -> Numbers:
    """Count how many pairs of different customers are as alike as one in a thousand should be."""
    numbers = {"galleries": 0, "people": 0, "pairs": 0, "alike": 0, "alike_expected": 0}
    [(digest, thresholds)] = wiring.pack_thresholds(shift.settings).items()
    for done in measure(engine=shift.engine, pack=digest, thresholds=thresholds, actor=shift.actor, now=shift.now):
        shift.say(
            f"gallery {done.scope_id}: {done.people} people, {done.alike} of {done.pairs} pairs as alike as one in a "
            f"thousand should be, {done.factor:.2f} times what the table of the pack says"
        )
        numbers["galleries"] += 1
        numbers["people"] += done.people
        numbers["pairs"] += done.pairs
        numbers["alike"] += done.alike
        numbers["alike_expected"] += round(done.pairs * FAR)
    return numbers
