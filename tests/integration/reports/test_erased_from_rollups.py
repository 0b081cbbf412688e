"""Somebody is erased: with the next roll-up their visits in the rollups and in Parquet are nobody's."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from regulars.domain.reports.buckets import buckets_of
from regulars.domain.reports.counted import counted
from regulars.domain.reports.figures import figures_by
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.store.report_rows import number_visitors
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.reports.conftest import NOW, SPAN, Chain, MakeChain, parquet
from tests.waiting import wait_for

MOST_SEEN = """
select customer_id, count(*) from visits where tenant_id = :tenant_id and customer_id is not null
    and started_at < :until group by 1 order by 2 desc limit 1
"""


def visits_and_visitors(chain: Chain) -> tuple[int, int]:
    (whole,) = figures_by(counted(chain.days()), buckets_of("total", SPAN))
    return whole.visits, whole.visitors


def test_an_erased_person_is_in_no_rollup_and_no_file(make_chain: MakeChain, tmp_path: Path) -> None:
    chain = make_chain("to be erased from", 1.1, 1, 5)
    chain.roll_up()
    ((customer, came),) = chain.sql(MOST_SEEN, until=NOW - timedelta(days=2))
    assert isinstance(customer, UUID)
    asked = {"customer_id": customer}
    number_of = "select number from visitor_numbers where tenant_id = :tenant_id and customer_id = :customer_id"
    ((number,),) = chain.sql(number_of, **asked)
    theirs, all_rows = "select count(*) from visits where visitor = ?", "select count(*) from visits"
    (tmp_path / "before").mkdir()
    before = parquet(chain, "visits", tmp_path / "before")
    assert before.execute(theirs, [number]).fetchone() == (came,)
    visits, visitors = visits_and_visitors(chain)

    acting = Tenancy(chain.tenant_id, chain.tenant_id)  # a simulated chain shares its people with nobody
    with transaction(chain.engine, acting) as connection:
        erase_person(connection, customer, by=By(acting, "user:owner", NOW))
    assert visits_and_visitors(chain) == (visits, visitors - 1), "at once, from visits"
    chain.roll_up()

    (tmp_path / "after").mkdir()
    after = parquet(chain, "visits", tmp_path / "after")
    assert after.execute(theirs, [number]).fetchone() == (0,)
    assert after.execute(all_rows).fetchone() == before.execute(all_rows).fetchone()
    assert visits_and_visitors(chain) == (visits, visitors - 1)
    assert chain.sql(number_of, **asked) == []


NUMBERED = "select count(*) from visitor_numbers where tenant_id = :tenant_id"
WAITS = """
select count(*) from pg_locks l join pg_database d on d.oid = l.database
where d.datname = current_database() and l.locktype = 'advisory' and not l.granted
"""


def until_it_waits(chain: Chain, waiting: "Future[None]") -> None:
    wait_for(lambda: waiting.done() or chain.sql(WAITS) != [(0,)], "it waited")
    assert not waiting.done(), "it did not wait"


def test_who_is_erased_while_numbers_are_given_keeps_none(make_chain: MakeChain) -> None:
    chain = make_chain("erased while numbered", 1, 1, 5)
    acting = Tenancy(chain.tenant_id, chain.tenant_id)
    people = chain.sql("select customer_id from tenant_customers where tenant_id = :tenant_id order by 1 limit 2")
    first, second = (customer for (customer,) in people if isinstance(customer, UUID))
    by = By(acting, "user:owner", NOW)

    def erase(customer: UUID) -> None:
        with transaction(chain.engine, acting) as connection:
            erase_person(connection, customer, by=by)

    def number(customer: UUID) -> None:
        with transaction(chain.engine, acting) as connection:
            number_visitors(connection, chain.tenant_id, [f"{{{customer}}}"])

    with ThreadPoolExecutor(1) as beside:
        with transaction(chain.engine, acting) as numbering:
            number_visitors(numbering, chain.tenant_id, [f"{{{first}}}"])
            assert numbering.scalar(text(NUMBERED), {"tenant_id": chain.tenant_id}) == 1
            waiting = beside.submit(erase, first)
            until_it_waits(chain, waiting)
        waiting.result()
        assert chain.sql(NUMBERED) == [(0,)], "the number was given before"
        with transaction(chain.engine, acting) as erasing:
            erase_person(erasing, second, by=by)
            waiting = beside.submit(number, second)
            until_it_waits(chain, waiting)
        waiting.result()
        assert chain.sql(NUMBERED) == [(0,)], "who is gone gets none"
