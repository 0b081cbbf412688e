"""One-time links to choose a password: made for who is invited or has forgotten it, mailed where there is mail."""

import logging
from datetime import datetime, timedelta

from functions.gateway.auth.letters import letter
from functions.gateway.parts import Parts
from regulars.errors import DependencyAway
from regulars.store.one_time_links import Purpose, add_link
from regulars.store.session import Connection
from regulars.store.tenants import find_tenant
from regulars.store.users import User
from regulars.tenancy import PLATFORM

GOOD_FOR: dict[Purpose, timedelta] = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}
_log = logging.getLogger("regulars.gateway")


def make_link(parts: Parts, connection: Connection, user: User, purpose: Purpose, now: datetime) -> str:
    """Return the link: at the configured address of the portal, a path alone where none is.

    The token stands behind `#`, which browsers send to nobody: not into logs, not to the page's other addresses. The
    address is never taken from the request, whose sender may have chosen it.
    """
    token = add_link(connection, user.user_id, user.tenant_id, purpose, now + GOOD_FOR[purpose])
    return f"{parts.settings.public_url.rstrip('/')}/password#token={token}"


def mail_link(parts: Parts, user: User, purpose: Purpose, link: str) -> bool:
    """Send the link to the account's address; return False when there is no mail here or it could not be sent."""
    if parts.mail is None:
        return False
    with parts.transaction(PLATFORM) as connection:
        tenant = find_tenant(connection, user.tenant_id) if user.tenant_id else None
    subject, text = letter(purpose, tenant.name if tenant else "Regulars", link, tenant.language if tenant else "en")
    try:
        parts.mail.send(user.email, subject, text)
    except DependencyAway:
        _log.warning("a link could not be mailed: the mail server does not take it", extra={"purpose": purpose})
        return False
    return True
