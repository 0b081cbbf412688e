"""GET /v1/rollups: called by analysts' DuckDB, pandas and notebooks for the tables behind reports."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime, BaseModel

from functions.gateway.audit.note_act import note_act
from functions.gateway.auth.caller import Caller, may
from functions.gateway.errors import problem_responses
from functions.gateway.parts import Parts, PartsDep
from functions.gateway.rollups.catalogue import SINGLE_VISITS, catalogue_sql
from regulars.domain.reports.files import TOLD_TABLES, each_once, month_in, told_prefix, whole_prefix
from regulars.errors import NotFound
from regulars.store.tenants import find_tenant, list_sites

router = APIRouter(prefix="/v1/rollups", tags=["reports"], responses=problem_responses(401, 403, 404, 422, 503))

EXPIRES_S = 3600
_AS_SQL: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Links to Parquet as JSON, or the DuckDB catalogue over them.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}


class RollupFile(BaseModel):
    """A month of a table as Parquet, or a day of a month that is not over; `month` is its first day.

    The link reads that file and nothing else.
    """

    month: date
    url: str
    bytes: int


class RollupTable(BaseModel):
    """A table: `months`, `days` and `hours` tell of no fewer than `least_people_shown`; `visits` is every visit."""

    name: Literal["months", "days", "hours", "visits"]
    files: list[RollupFile]


class Rollups(BaseModel):
    """The tables that the caller may read, oldest month first; all links work until `expires_at` (UTC)."""

    tables: list[RollupTable]
    least_people_shown: int
    expires_at: AwareDatetime


@router.get("", responses=_AS_SQL, response_model=Rollups)
def read_rollups(
    parts: PartsDep,
    caller: Annotated[Caller, may("rollups.read")],
    format: Annotated[  # noqa: A002
        Literal["json", "sql"], Query(description="`sql`: a script that makes a DuckDB catalogue of views.")
    ] = "json",
) -> Rollups | PlainTextResponse:
    """Return links to the chain's rollups, which work for an hour; the audit log notes who was given them.

    `docs/analysts.md` shows what to ask of them.
    """
    now = parts.clock()
    with parts.transaction(caller.tenancy) as connection:
        tenant = find_tenant(connection, caller.tenant_id)
        if tenant is None:
            raise NotFound("There is no such chain.")
        sites = list_sites(connection, caller.tenant_id)
    tables = _tables(parts, caller, tenant.least_people_shown)
    with parts.transaction(caller.tenancy) as connection:
        told = {"tables": [one.name for one in tables]}
        note_act(connection, caller, "rollups.linked", "tenant", caller.tenant_id, now, told)
    expires_at = now + timedelta(seconds=EXPIRES_S)
    if format == "json":
        return Rollups(tables=tables, least_people_shown=tenant.least_people_shown, expires_at=expires_at)
    links = {table.name: [file.url for file in table.files] for table in tables}
    return PlainTextResponse(catalogue_sql(sites, links, expires_at))


def _tables(parts: Parts, caller: Caller, k: int) -> list[RollupTable]:
    """Return what may be read; every visit only for those who may see each of the chain."""
    tables = [
        RollupTable(name=name, files=_files(parts, f"{told_prefix(caller.tenant_id, k)}{name}/"))
        for name in TOLD_TABLES
    ]
    if "visits.see" in caller.actions and caller.tenancy.site_ids is None:
        prefix = whole_prefix(caller.tenant_id, SINGLE_VISITS)
        tables.append(RollupTable(name=SINGLE_VISITS, files=_files(parts, prefix)))
    return tables


def _files(parts: Parts, prefix: str) -> list[RollupFile]:
    sizes = {one.key: one.size for one in parts.objects.list(prefix)}
    return [
        RollupFile(month=month_in(key), url=parts.objects.sign_get(key, EXPIRES_S), bytes=sizes[key])
        for key in each_once(sizes)
    ]
