"""Every hour, since somewhere a day has just ended: rolls up closed days, and again what has changed of them."""

from datetime import date

from regulars.chores.shift import Numbers, Shift, chore, in_order
from regulars.domain.reports.buckets import Range
from regulars.errors import InputRefused
from regulars.steps.roll_up import roll_up as roll_up_tenant


@chore("database_url", "objects_url")
def roll_up(shift: Shift, first: date | None = None, last: date | None = None) -> Numbers:
    """Roll up what is due; from `first` to `last` (a site's days) all closed days anew, changed or not.

    Raises InputRefused for days that are no range.
    """
    if last and not first:
        raise InputRefused("no_first_day", "A last day alone says nothing: give the first one too. Nothing was done.")
    span = Range(*in_order(first, last or shift.now.date())) if first else None
    days = visits = 0
    for tenant in shift.tenants():
        with shift.apart(tenant):
            done_here = roll_up_tenant(
                tenant.tenant_id, engine=shift.engine, objects=shift.objects, now=shift.now, span=span
            )
            for done in done_here:
                shift.say(f"chain {tenant.tenant_id}, {done.month:%Y-%m}: {done.days} site-days, {done.visits} visits")
                days, visits = days + done.days, visits + done.visits
    return {"site_days": days, "visits": visits}
