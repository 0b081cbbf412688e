"""DuckDB between PostgreSQL and the object store: reads many days at once, and writes them as Parquet."""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import duckdb
import numpy as np
from sqlalchemy import Engine

from regulars.domain.reports.columns import Columns as DayColumns
from regulars.domain.reports.site_days import GENDERS, HOURLY, STATUSES
from regulars.domain.tracks import LONGEST_TRACK
from regulars.errors import DependencyAway
from regulars.ids import new_id
from regulars.store.attaching import attach, scanner
from regulars.store.report_rows import STATEMENTS, Columns

_PARAMETER = re.compile(r":(\w+)")
_LATEST = np.iinfo(np.int32).max
_SLACK = timedelta(minutes=1)
# Only what the statements look at, and only the days asked for, is fetched; the statements then run on the copies. By
# PostgreSQL's own plan: DuckDB's would read each table from end to end, however few its days are. A crossing lies
# within seconds of its track (`read_track.CLOCK_SLACK`), so of tracks that began before, those are needed that ended
# since; and of crossings those shortly before too, for a track that has one does not count in its camera's direction.
# Words come as their first letters, two in one number: DuckDB takes a quarter of its copying time for short texts.
_COPIES = {
    "sightings": "select site_id, track_id, visit_id, started_at, ended_at,"
    " ascii(direction) * 256 + ascii(outcome) as words from public.sightings"
    " where {tenant}{of_sites} and started_at >= '{long_before}' and started_at < '{until}'"
    " and ended_at >= '{just_before}'",
    "crossings": 'select site_id, track_id, "at", direction from public.crossings'
    " where {tenant}{of_sites} and \"at\" >= '{just_before}' and \"at\" < '{until}'",
    "visitor_numbers": "select customer_id, number from public.visitor_numbers where {tenant}",
    "visits": "select site_id, visit_id, customer_id, started_at, ascii(status) * 256 + ascii(gender) as words"
    " from public.visits where {tenant}{of_sites} and started_at >= '{since}' and started_at < '{until}'",
}
# A site's tracks lie scattered among those of others, and PostgreSQL takes them for few. One by one as the index has
# them, or with all of the table, takes it longer than to read the pages that have any in the order in which they lie.
_PLANS = (
    "select set_config(name, '{allowed}', true) as said from unnest('{{enable_indexscan,enable_seqscan}}'::text[]) name"
)
_READ = "from postgres_query($pg, $query)"
_COPY = "create or replace temp table {table}_copied as select * from postgres_query($pg, $query)"
_NUMBERED = " left join visitor_numbers_copied using (customer_id)"
_KIND = (
    "case words >> 8 when ascii('new') then 0 when ascii('returning') then 3 else 6 end"
    " + case words & 255 when ascii('male') then 0 when ascii('female') then 1 else 2 end as kind"
)
_SAID = (
    "words >> 8 = ascii('in') as came_in, words >> 8 = ascii('out') as went_out,"
    " words & 255 = ascii('rejected') as rejected, words & 255 = ascii('staff') as of_staff"
)
_VIEWS = {
    "crossings": "* from crossings_copied",
    "numbered_visits": f"*, {_KIND} from visits_copied",
    "tracks": f"*, {_SAID} from sightings_copied",
}
_VIEW = "create or replace temp view {view} as select cast('{tenant_id}' as uuid) as tenant_id, {said}"
# Of a chain with a long past few people come on one day.
_WHO_COMES = (
    " and customer_id in (select customer_id from public.visits"
    " where {tenant}{of_sites} and started_at >= '{since}' and started_at < '{until}')"
)
_FEW = 4
"""How many times as many people as tracks a chain must know for looking those up who came to be the quicker way."""
_LAST_NUMBER = "select coalesce(max(number), 0) as last from public.visitor_numbers where {tenant}"
_UNNUMBERED = """
select '{' || string_agg(cast(customer_id as varchar), ',' order by customer_id) || '}' from (
    select customer_id, (row_number() over (order by customer_id) - 1) // $many as part from (
        select distinct customer_id from visits_copied where customer_id is not null and number is null
    )
) group by part order by part
"""
_AT_ONCE = 250_000
_NEW_NUMBERS = """
update visits_copied v set number = n.number from postgres_query($pg, $query) n
where v.number is null and v.customer_id = n.customer_id
"""
_ASKED_SITES = """
create or replace temp table asked_sites as
select unnest($sites) as site_id, unnest(range(1, len($sites) + 1)) as site
"""
_AWAY = "PostgreSQL went away; what was rolled up before is kept."
# The lowest level of zstd takes a fifth of the time and makes files of the same size.
_PARQUET = "(format parquet, compression zstd, compression_level 1)"
_VISITS_PARQUET = """
copy (
    select $sites[site] as site_id, date '1970-01-01' + day as day, hour, nullif(visitor, 0) as visitor,
        $statuses[status + 1] as status, $genders[gender + 1] as gender,
        cast(nullif(dwell_s, -1) as integer) as dwell_s
    from visit_columns
) to '{path}' {parquet}
"""
_HOURS_PARQUET = """
copy (
    select site_id, date '1970-01-01' + cast(day as integer) as day, cast(hour as utinyint) as hour, {columns}
    from hour_columns order by day, hour
) to '{path}' {parquet}
"""


class RollupEngine:
    """DuckDB for one tenant, whose rows of PostgreSQL it sees as row-level security shows them. Use it with `with`.

    Raises DependencyAway when PostgreSQL cannot be reached.
    """

    def __init__(self, engine: Engine, tenant_id: UUID) -> None:
        self._tenant_id = tenant_id
        self._last_number = 0
        self._pg = f"pg_{new_id().hex}"
        self._duck = _of_process().cursor()
        self._duck.execute("set timezone = 'UTC'")
        self._duck.execute("create temp macro at_us(moment) as epoch_us(moment)")
        options = f"-c app.tenant_id={tenant_id} -c timezone=UTC"
        attach(self._duck, engine, self._pg, options=options, writes=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closed within a transaction whose PostgreSQL is away, DuckDB ends the whole process.
        with suppress(duckdb.Error):
            self._duck.rollback()
        self._duck.close()
        with _of_process().cursor() as duck:
            duck.execute(f"detach {self._pg}")

    def fetch(
        self, sites: Collection[UUID], since: datetime, until: datetime, *, others: Collection[UUID]
    ) -> list[str]:
        """Copy what PostgreSQL has of these sites between two moments (UTC), all of one state of it.

        `others` are all that the tenant has beside them. Returns the visitors without a number, as `number_visitors`
        takes them.
        """
        # PostgreSQL would work out a difference of times anew for each row.
        moments = {"long_before": since - LONGEST_TRACK, "just_before": since - _SLACK, "since": since, "until": until}
        # Of most sites PostgreSQL reads all the quicker: those of one lie scattered among the others.
        which, ids = ("= any", sites) if len(sites) < len(others) else ("<> all", others)
        of_sites = f" and site_id {which}('{{{','.join(map(str, ids))}}}'::uuid[])"
        try:
            self._duck.execute("begin")
            self._copy(_READ, _PLANS, allowed="off").fetchall()
            for table, query in _COPIES.items():
                if table == "crossings":
                    self._copy(_READ, _PLANS, allowed="on").fetchall()
                numbered = _NUMBERED if table == "visits" else ""
                whose = _WHO_COMES if table == "visitor_numbers" and self._few_come() else ""
                self._copy(_COPY.format(table=table) + numbered, query + whose, of_sites=of_sites, **moments)
            self._duck.execute("commit")
        except duckdb.Error as failure:
            raise DependencyAway(_AWAY) from failure
        for view, said in _VIEWS.items():
            self._duck.execute(_VIEW.format(view=view, said=said, tenant_id=self._tenant_id))
        return [some for (some,) in self._duck.execute(_UNNUMBERED, {"many": _AT_ONCE}).fetchall()]

    def fetch_numbers(self) -> None:
        """Copy also the visitors' numbers that were given since: each is higher than all before it."""
        query = _COPIES["visitor_numbers"] + " and number > {last}"
        try:
            self._copy(_NEW_NUMBERS, query, last=self._last_number)
        except duckdb.Error as failure:
            raise DependencyAway(_AWAY) from failure

    def _few_come(self) -> bool:
        asked = "select last, (select count(*) from sightings_copied) from postgres_query($pg, $query)"
        self._last_number, tracks = self._copy(asked, _LAST_NUMBER).fetchall()[0]
        return self._last_number > _FEW * tracks

    def _copy(self, statement: str, query: str, **said: object) -> duckdb.DuckDBPyConnection:
        tenant = f"tenant_id = '{self._tenant_id}'"
        return self._duck.execute(statement, {"pg": self._pg, "query": query.format(tenant=tenant, **said)})

    def answers(
        self, sites: Sequence[UUID], since: datetime, until: datetime, left_until: datetime
    ) -> dict[str, Columns]:
        """Return the answers of `report_rows.STATEMENTS` between these moments (UTC) from what was fetched."""
        given = {"tenant_id": self._tenant_id, "since": since, "until": until, "left_until": left_until}
        self._duck.execute(_ASKED_SITES, {"sites": list(sites)})
        found: dict[str, Columns] = {}
        for name, statement in STATEMENTS.items():
            asked = {name: given[name] for name in _PARAMETER.findall(statement)}
            answer = self._duck.execute(_PARAMETER.sub(r"$\1", statement), asked).fetchnumpy()
            found[name] = {key: np.asarray(column) for key, column in answer.items()}
        return found

    def write_visits(self, days: DayColumns, path: Path) -> None:
        """Write the visits of these days, one row each, as a Parquet file."""
        sizes, cell = np.diff(days.edges), days.cells
        kind = cell // np.uint8(24)
        day, hour = np.repeat(days.day.astype(np.int32), sizes), cell - kind * np.uint8(24)
        # By day and hour: numbers of two bytes numpy puts in order in one pass.
        order = np.argsort(((day - day.min(initial=_LATEST)) * 24 + hour).astype(np.uint16), kind="stable")
        site = (days.site_row + 1).astype(np.min_scalar_type(len(days.sites)))
        # Each in its order before the next is made, and small: of a month there are many.
        columns: dict[str, Any] = {
            "site": np.repeat(site, sizes)[order],
            "day": day[order],
            "hour": hour[order],
            "visitor": days.visitor_of_chain[order],
            "status": (kind // np.uint8(len(GENDERS)))[order],
            "gender": (kind % np.uint8(len(GENDERS)))[order],
            "dwell_s": days.dwell_s[order],
        }
        self._duck.register("visit_columns", columns)
        said = {"statuses": list(STATUSES), "genders": list(GENDERS), "sites": [str(one) for one in days.sites]}
        self._duck.execute(_VISITS_PARQUET.format(path=path, parquet=_PARQUET), said)

    def write_hours(self, days: DayColumns, path: Path) -> None:
        """Write the hourly sums of these days, one row per clock hour, as a Parquet file."""
        sites = np.array([str(one) for one in days.sites], dtype=object)
        hour_columns: dict[str, Any] = {
            "site_id": np.repeat(sites[days.site_row], 24),
            "day": np.repeat(days.day.astype(np.int32), 24),
            "hour": np.tile(np.arange(24, dtype=np.int32), days.day.size),
        }
        hour_columns |= {name: np.ascontiguousarray(days.hours[:, row]).reshape(-1) for row, name in enumerate(HOURLY)}
        self._duck.register("hour_columns", hour_columns)
        columns = ", ".join(f'"{name}"' for name in HOURLY)
        self._duck.execute(_HOURS_PARQUET.format(path=path, columns=columns, parquet=_PARQUET))


@cache
def _of_process() -> duckdb.DuckDBPyConnection:
    """Return the DuckDB of this process: to start one and check the extension's signature takes 0.2 s.

    What a cursor of it holds no other one sees but what is attached, which has a name of its own each time.
    """
    duck = duckdb.connect()
    duck.execute(f"load '{scanner()}'")
    duck.execute("set threads = 1")
    # The smaller side of each join stands on the right: DuckDB does not know how much comes from PostgreSQL.
    duck.execute("set disabled_optimizers = 'build_side_probe_side'")
    return duck
