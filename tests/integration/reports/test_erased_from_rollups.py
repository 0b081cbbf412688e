"""Somebody is erased: with the next roll-up their visits in the rollups and in Parquet are nobody's."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from regulars.domain.reports.buckets import buckets_of
from regulars.domain.reports.counted import counted
from regulars.domain.reports.figures import figures_by
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.store.session import transaction
from regulars.tenancy import Tenancy
from tests.integration.reports.conftest import NOW, SPAN, Chain, MakeChain, parquet

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
