"""What was put right about a chain's people is seen by that chain and its gallery, and by nobody else."""

import pytest
from sqlalchemy import Engine, text

from regulars.steps.correct_visit import not_this_person
from regulars.steps.recognize import Recognizer
from regulars.store.merge_proposals import propose_merge
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.people_seen import MUCH_LATER, put_right
from tests.recognizing import OpenShop
from tests.shop import Shop, at
from tests.visits_seen import visits_of

OF_A_TENANT = ("corrections", "merge_proposals", "dirty_days")
OF_A_GALLERY = ("corrections", "merge_proposals", "kept_apart", "looks_wanted")


@pytest.fixture
def corrected(shop: Shop, recognizer: Recognizer) -> Shop:
    """A shop of an isolated chain with a row in each of the tables."""
    for day, likeness in ((0, 100), (1, 46)):
        recognizer.handle(shop.walk_in(7, at(day * 24 * 60), likeness_percent=likeness))
    put_right(shop, not_this_person, visits_of(shop)[1].visit_id)
    pair = tuple(visit.customer_id for visit in visits_of(shop))
    assert pair[0]
    assert pair[1]
    with transaction(shop.engine, shop.tenancy()) as connection:
        propose_merge(connection, shop.tenant.scope_id, shop.tenant.tenant_id, (pair[0], pair[1]), "alike", MUCH_LATER)
    return shop


@pytest.fixture
def another(opens: OpenShop) -> Shop:
    """A shop of another isolated chain."""
    return opens()


def seen(engine: Engine, tenancy: Tenancy, table: str, scope_or_tenant: str, value: object) -> int:
    with transaction(engine, tenancy) as connection:
        statement = text(f"select count(*) from {table} where {scope_or_tenant} = :value")  # noqa: S608
        return connection.scalar(statement, {"value": value}) or 0


@pytest.mark.parametrize("table", OF_A_TENANT)
def test_a_chain_sees_its_own_without_its_gallery_and_another_chain_none(
    table: str, corrected: Shop, another: Shop
) -> None:
    own = corrected.tenant.tenant_id
    assert seen(corrected.engine, Tenancy(own), table, "tenant_id", own) > 0
    for stranger in (another.tenancy(), Tenancy(another.tenant.tenant_id), PLATFORM):
        assert seen(corrected.engine, stranger, table, "tenant_id", own) == 0


@pytest.mark.parametrize("table", OF_A_GALLERY)
def test_a_gallerys_corrections_are_seen_in_that_gallery_only(table: str, corrected: Shop, another: Shop) -> None:
    scope = corrected.tenant.scope_id
    assert seen(corrected.engine, Tenancy(None, scope), table, "scope_id", scope) > 0
    for stranger in (another.tenancy(), PLATFORM):
        assert seen(corrected.engine, stranger, table, "scope_id", scope) == 0
