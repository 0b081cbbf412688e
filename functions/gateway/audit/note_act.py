"""Adds to the audit log what a caller has done through a route."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from functions.gateway.auth.caller import Caller
from regulars.store.audit import AuditEntry, record
from regulars.store.session import Connection


def note_act(
    connection: Connection,
    caller: Caller,
    action: str,
    kind: str,
    subject: UUID | str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    *,
    tenant_id: UUID | None = None,
) -> None:
    """Note, in the transaction that does it, that the caller did `action` to a subject of this kind at `now` (UTC).

    It is noted in the log of the caller's own tenant, or of `tenant_id` where the platform acts on a chain. `detail` is
    JSON without faces: which fields were given, not what they say.
    """
    owner = tenant_id or caller.tenancy.tenant_id
    record(connection, AuditEntry(owner, caller.actor, action, kind, str(subject), dict(detail or {}), now))
