"""DuckDB as it reads many days at once from PostgreSQL: what a night rolls up."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

import duckdb
import numpy as np
from sqlalchemy import Engine

from regulars.domain.tracks import LONGEST_TRACK
from regulars.errors import DependencyAway
from regulars.ids import new_id
from regulars.store.attaching import attach, duck_of_process
from regulars.store.report_rows import STATEMENTS, Columns

_PARAMETER = re.compile(r":(\w+)")
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
_WORK_MEM = "64MB"
"""PostgreSQL can note the wanted rows of ten million visits' pages in it; else it looks at every row of these pages."""
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
_SINCE = " and number > {last}"
_MORE_NUMBERS = "insert into visitor_numbers_copied select * from postgres_query($pg, $query)"
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


class RollupEngine:
    """DuckDB for one tenant, whose rows of PostgreSQL it sees as row-level security shows them. Use it with `with`.

    Raises DependencyAway when PostgreSQL cannot be reached.
    """

    def __init__(self, engine: Engine, tenant_id: UUID) -> None:
        self._tenant_id = tenant_id
        self._last_number = self._held_number = 0
        self._pg = f"pg_{new_id().hex}"
        self._duck = duck_of_process().cursor()
        self._duck.execute("set timezone = 'UTC'")
        self._duck.execute("create temp macro at_us(moment) as epoch_us(moment)")
        options = f"-c app.tenant_id={tenant_id} -c timezone=UTC -c work_mem={_WORK_MEM}"
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
        with duck_of_process().cursor() as duck:
            duck.execute(f"detach {self._pg}")

    def fetch(
        self, sites: Collection[UUID], since: datetime, until: datetime, *, others: Collection[UUID]
    ) -> list[str]:
        """Copy what PostgreSQL has of these sites between two moments (UTC), all of one state of it.

        `others` are all that the tenant has beside them. Returns the visitors without a number, as `number_visitors`
        takes them.
        """
        # PostgreSQL would work out a difference of times anew for each row.
        asked: dict[str, object] = {"since": since, "until": until, "just_before": since - _SLACK}
        asked["long_before"] = since - LONGEST_TRACK
        # Of most sites PostgreSQL reads all the quicker: those of one lie scattered among the others.
        which, ids = ("= any", sites) if len(sites) < len(others) else ("<> all", others)
        asked["of_sites"] = f" and site_id {which}('{{{','.join(map(str, ids))}}}'::uuid[])"
        try:
            self._duck.execute("begin")
            self._copy(_READ, _PLANS, allowed="off").fetchall()
            self._copy_table("sightings", asked)
            self._copy(_READ, _PLANS, allowed="on").fetchall()
            self._copy_table("crossings", asked)
            self._copy_numbers(asked)
            self._copy_table("visits", asked, joined=_NUMBERED)
            self._duck.execute("commit")
        except duckdb.Error as failure:
            raise DependencyAway(_AWAY) from failure
        for view, said in _VIEWS.items():
            self._duck.execute(_VIEW.format(view=view, said=said, tenant_id=self._tenant_id))
        return [some for (some,) in self._duck.execute(_UNNUMBERED, {"many": _AT_ONCE}).fetchall()]

    def fetch_numbers(self) -> None:
        """Copy also the visitors' numbers that were given since: each is higher than all before it."""
        try:
            self._copy(_NEW_NUMBERS, _COPIES["visitor_numbers"] + _SINCE, last=self._last_number)
        except duckdb.Error as failure:
            raise DependencyAway(_AWAY) from failure

    def _copy_numbers(self, said: Mapping[str, object]) -> None:
        """Copy the numbers of those who come, or of everybody: then the next ones find all but the new ones here."""
        asked = "select last, (select count(*) from sightings_copied) from postgres_query($pg, $query)"
        self._last_number, tracks = self._copy(asked, _LAST_NUMBER).fetchall()[0]
        table, held = "visitor_numbers", self._held_number
        if self._last_number - held > _FEW * tracks:
            self._copy_table(table, said, whose=_WHO_COMES)
            self._held_number = 0
            return
        if held:
            self._copy(_MORE_NUMBERS, _COPIES[table] + _SINCE, last=held)
        else:
            self._copy_table(table, said)
        self._held_number = self._last_number

    def _copy_table(self, table: str, said: Mapping[str, object], *, joined: str = "", whose: str = "") -> None:
        self._copy(_COPY.format(table=table) + joined, _COPIES[table] + whose, **said)

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
