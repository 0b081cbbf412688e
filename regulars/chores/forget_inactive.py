"""Every night: the looks of people who have not come for their chain's months are forgotten; visits stay."""

from regulars.chores.shift import Numbers, Shift, chore
from regulars.settings import INDEX_NEEDS
from regulars.steps.forget_inactive import forget_inactive as forget


@chore("database_url", "sealing_keys", *INDEX_NEEDS)
def forget_inactive(shift: Shift) -> Numbers:
    """Forget by face who has not come to a chain for longer than it wants to know them."""
    customers = looks = 0
    for gone in forget(engine=shift.engine, vectors=shift.vectors, now=shift.now, actor=shift.actor):
        shift.say(f"chain {gone.tenant_id}: {gone.looks} looks of {gone.customers} customers forgotten")
        customers, looks = customers + gone.customers, looks + gone.looks
    return {"customers": customers, "looks": looks}
