"""docs/schema.md says what the migrations make."""

from sqlalchemy import Engine, text

from compose.documentation.schema import PAGE
from regulars.store.describe import describe


def test_the_page_is_fresh(owner: Engine) -> None:
    with owner.connect() as connection:
        assert PAGE.read_text("utf-8") == describe(connection), "write it anew: ./run docs"


def test_a_change_of_an_index_or_a_rule_would_be_seen(owner: Engine) -> None:
    with owner.connect() as connection:
        before = describe(connection)
        connection.execute(text("create index surprise on sites (tenant_id, address)"))
        connection.execute(text("drop policy staff_sites_sites on staff_sites"))
        after = describe(connection)
        connection.rollback()
    assert "`(tenant_id, address)`" in after
    assert len(before.splitlines()) == len(after.splitlines())
    assert sum(one != other for one, other in zip(before.splitlines(), after.splitlines(), strict=True)) == 2
