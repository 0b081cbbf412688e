"""Every hour, since somewhere a week or a month has just ended: makes saved reports, mails them, lets old ones go."""

from regulars import wiring
from regulars.chores.shift import Numbers, Shift, chore
from regulars.steps.purge_reports import purge_reports
from regulars.steps.send_reports import Sending
from regulars.steps.send_reports import send_reports as send


@chore("database_url", "objects_url")
def send_reports(shift: Shift) -> Numbers:
    """Make the reports that are due and mail them, to no suspended chain; remove what was kept for long enough."""
    mail = wiring.mail_sender(shift.settings)
    parts = (shift.engine, shift.objects, mail.send if mail else None, shift.settings.public_url, shift.actor)
    numbers = {"made": 0, "mailed": 0, "unsent": 0, "removed": 0, "files_removed": 0}
    for tenant in shift.tenants():
        with shift.apart(tenant):
            if tenant.suspended_at is None:
                sent = send(tenant.tenant_id, parts=Sending(*parts), now=shift.now)
                shift.say(
                    f"chain {tenant.tenant_id}: {sent.issued} reports made, {sent.mailed} letters sent, "
                    f"{sent.unsent} not taken by the mail server"
                )
                numbers["made"] += sent.issued
                numbers["mailed"] += sent.mailed
                numbers["unsent"] += sent.unsent
            gone = purge_reports(tenant.tenant_id, engine=shift.engine, objects=shift.objects, now=shift.now)
            shift.say(f"chain {tenant.tenant_id}: {gone.issues} reports and {gone.files} files removed")
            numbers["removed"] += gone.issues
            numbers["files_removed"] += gone.files
    return numbers
