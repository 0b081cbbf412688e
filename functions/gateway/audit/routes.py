"""GET /v1/audit: who did what to whom, and who saw which face and why; called by the portal."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel

from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.listing import AS_CSV, ListAsked, Page, answer_list
from functions.gateway.parts import PartsDep
from functions.gateway.visits.schema import UtcTime
from regulars.store.audit import AuditFilter, NotedAct, page_of_audit

router = APIRouter(prefix="/v1", tags=["audit"], responses=problem_responses(401, 403, 422, 503))
Exactly = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[\w.:@/+-]+$")]


class AuditedAct(BaseModel):
    """One act, at `at` (UTC). `actor` is `user:<id>`, `key:<id>` or a process's name.

    `actor_name` is the account's e-mail or the key's name, null when there is none any more. `detail` says more of the
    act (of `face.seen`: `why`), never what a face or a field looked like.
    """

    audit_id: UUID
    at: AwareDatetime
    actor: str
    actor_name: str | None
    action: str
    subject_kind: str
    subject_id: str
    detail: dict[str, Any]


class AuditPage(Page[AuditedAct]):
    """Acts, the newest first unless asked otherwise. Nobody can change or remove one."""


@router.get("/audit", response_model=AuditPage, responses=AS_CSV)
def list_audit(
    parts: PartsDep,
    caller: Annotated[Caller, may("audit.see")],
    asked: ListAsked,
    since: Annotated[UtcTime | None, Query(alias="from", description="At or after this time.")] = None,
    until: Annotated[UtcTime | None, Query(alias="to", description="Before this time.")] = None,
    actor: Exactly | None = None,
    action: Exactly | None = None,
    subject_kind: Exactly | None = None,
    subject_id: Exactly | None = None,
    sort: Literal["at", "-at"] = "-at",
) -> Response:
    """List what was done; the operator sees what the platform's accounts did."""
    wanted = AuditFilter(since, until, actor, action, subject_kind, subject_id)
    return answer_list(
        parts,
        caller,
        asked,
        "audit",
        sort=sort,
        page=AuditPage,
        read=lambda connection, piece: page_of_audit(connection, caller.tenancy.tenant_id, wanted, piece),
        show=_show,
    )


def _show(noted: NotedAct) -> AuditedAct:
    entry = noted.entry
    told = {name: getattr(entry, name) for name in AuditedAct.model_fields if name not in ("audit_id", "actor_name")}
    return AuditedAct(audit_id=noted.audit_id, actor_name=noted.actor_name, **told)
