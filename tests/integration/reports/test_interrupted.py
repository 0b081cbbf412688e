"""A roll-up that is broken off goes on at the next run where it was: closed by its caller, or killed outright."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from compose.onebox.servers.seaweed import SeaweedServer
from regulars.errors import DependencyAway
from regulars.steps.roll_up import roll_up
from tests.integration.reports.conftest import NOW, MakeChain, told

CHECKOUT = Path(__file__).resolve().parents[3]


def test_an_interrupted_run_goes_on_where_it_was(make_chain: MakeChain) -> None:
    made = make_chain("interrupted", 2.5, 1, 10)
    running = roll_up(made.tenant_id, engine=made.engine, objects=made.objects, now=NOW)  # pyright: ignore[reportArgumentType]
    first = next(running)
    running.close()
    rest = made.roll_up()
    assert first.month not in [one.month for one in rest]
    assert len(rest) >= 2
    assert told(made.days()) == told(made.days(rolled=False))


CUT = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock' and query like '%crossings%' and pid <> pg_backend_pid()
"""


def test_when_postgres_goes_away_the_next_run_does_it_all(make_chain: MakeChain) -> None:
    made = make_chain("cut off", 1, 1, 5)
    with ThreadPoolExecutor(1) as beside, made.owner.connect() as holding:
        # It waits for its second table, the first one read.
        holding.execute(text("lock table crossings in access exclusive mode"))
        running, latest = beside.submit(made.roll_up), time.monotonic() + 60
        while not made.sql(CUT):
            assert not running.done()
            assert time.monotonic() < latest
            time.sleep(0.02)
        with pytest.raises(DependencyAway):
            running.result()
        holding.rollback()
    assert made.roll_up() != []
    assert told(made.days()) == told(made.days(rolled=False))


ROLL_UP = """
import sys
from datetime import datetime
from uuid import UUID
from regulars.adapters.objects_s3 import S3ObjectStore
from regulars.steps.roll_up import roll_up
from regulars.store.session import connect
tenant_id, database, objects, now = sys.argv[1:]
given = {"engine": connect(database), "objects": S3ObjectStore(objects), "now": datetime.fromisoformat(now)}
for done in roll_up(UUID(tenant_id), **given):
    print(done.month, flush=True)
"""
HELD = """
insert into rollup_days (tenant_id, site_id, day, visitors, dwells, sums, rolled_up_at)
select tenant_id, site_id, '2026-03-10', '', '', '', now() from sites where tenant_id = :tenant_id
"""


def test_a_killed_run_goes_on_where_it_was(
    make_chain: MakeChain, object_store_server: SeaweedServer, killable: Callable[..., "subprocess.Popen[str]"]
) -> None:
    made = make_chain("killed", 2.5, 1, 10)
    rolled = "select to_char(day, 'MM'), count(*) from rollup_days where tenant_id = :tenant_id group by 1 order by 1"
    with made.owner.connect() as holding:
        # Somebody holds a row of March, so that the run comes so far and no farther.
        holding.execute(text(HELD), {"tenant_id": made.tenant_id})
        url = made.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        run = killable(str(made.tenant_id), url, object_store_server.url, NOW.isoformat())
        assert run.stdout is not None
        done = [run.stdout.readline().strip() for _ in range(2)]
        run.kill()
        run.wait()
        holding.rollback()
    before = made.sql(rolled)
    # The first of March was made with February, as the day beside its last.
    assert (done, [month for month, _ in before]) == (["2026-01-01", "2026-02-01"], ["01", "02", "03"])
    assert before[2] == ("03", 1)
    assert [one.month.month for one in made.roll_up()] == [3, 4]
    assert made.sql(rolled)[:2] == before[:2]
    assert made.sql("select * from dirty_days where tenant_id = :tenant_id") == []
    assert told(made.days()) == told(made.days(rolled=False))


@pytest.fixture
def killable() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts a process that rolls a chain up and prints the months."""
    with ExitStack() as ending:

        def start(*words: str) -> "subprocess.Popen[str]":
            command = [sys.executable, "-c", ROLL_UP, *words]
            process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
            ending.callback(process.kill)
            return ending.enter_context(process)

        yield start
