"""…/export of a customer or a member of staff: all that is kept of one person, for them; called by the portal."""

import tempfile
from collections.abc import Iterator
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from functions.gateway.auth.caller import Caller, may
from functions.gateway.customers.acting import putting_right
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.visits.pictures import kept_since
from regulars.steps.export_member import export_member
from regulars.steps.export_person import Told, export_person, write_archive

router = APIRouter(prefix="/v1", tags=["rights"], responses=problem_responses(401, 403, 404, 422, 503))
_IN_MEMORY_BYTES = 10_000_000
_PIECE_BYTES = 65_536
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"description": "`about.json` and the pictures still kept.", "content": {"application/zip": {}}}
}


@router.get("/customers/{customer_id}/export", response_class=StreamingResponse, responses=_ZIP)
def export_customer(
    parts: PartsDep, caller: Annotated[Caller, may("customers.export")], customer_id: UUID
) -> StreamingResponse:
    """Return all that this chain keeps of a customer as a ZIP: no vectors, and what looks are known by in words."""
    with putting_right(parts, caller, customers=[customer_id]) as (connection, by):
        since = kept_since(connection, parts, caller.tenant_id)
        told = export_person(connection, customer_id, by=by, pictures_since=since)
    return _archive_of(told, f"customer-{customer_id}", parts)


@router.get("/staff/{staff_id}/export", response_class=StreamingResponse, responses=_ZIP)
def export_staff_member(
    parts: PartsDep, caller: Annotated[Caller, may("customers.export")], staff_id: UUID
) -> StreamingResponse:
    """Return all that this chain keeps of a member of staff as a ZIP: no vectors."""
    with putting_right(parts, caller, staff=[staff_id]) as (connection, by):
        since = kept_since(connection, parts, caller.tenant_id)
        told = export_member(connection, staff_id, by=by, pictures_since=since)
    return _archive_of(told, f"staff-{staff_id}", parts)


def _archive_of(told: Told, name: str, parts: Parts) -> StreamingResponse:
    # Written before the answer begins: what fails is told as a problem, not as half an archive.
    archive = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115 - the answer closes it
    write_archive(told, archive, objects=parts.objects)
    archive.seek(0)
    named = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return StreamingResponse(_pieces(archive), media_type="application/zip", headers=named)


def _pieces(archive: IO[bytes]) -> Iterator[bytes]:
    with archive:
        while piece := archive.read(_PIECE_BYTES):
            yield piece
