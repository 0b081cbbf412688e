"""PostgreSQL goes away in the middle: nothing is half written, the sender is asked to come again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from regulars.errors import DependencyAway
from regulars.steps.recognize import Recognizer
from regulars.store.templates import lock_gallery
from tests.shop import Shop, at
from tests.visits_seen import people, sightings_of, visits_of
from tests.waiting import PATIENCE_S, wait_for

WAITING = text("select pid from pg_stat_activity where wait_event = 'advisory' and datname = current_database()")
OTHERS = text(
    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
    " where usename = 'regulars_app' and datname = current_database()"
)


def test_a_connection_cut_inside_the_decision_asks_for_the_event_again(
    shop: Shop, owner: Engine, recognizer: Recognizer
) -> None:
    key = shop.walk_in(7, at(0))
    with ThreadPoolExecutor(1) as pool, owner.connect() as holding, owner.connect() as watching:
        lock_gallery(holding, shop.tenant.scope_id)
        handling = pool.submit(recognizer.handle, key)

        def waits() -> bool:
            watching.rollback()
            return bool(watching.scalars(WAITING).all())

        wait_for(waits, "it waited for the gallery's lock")
        watching.execute(OTHERS)
        watching.rollback()
        with pytest.raises(DependencyAway):
            handling.result(PATIENCE_S)
        holding.rollback()
    assert sightings_of(shop) == []
    assert people(shop) == 0
    assert recognizer.handle(key).result == "recognized"
    assert len(visits_of(shop)) == 1


def test_connections_cut_while_idle_are_not_even_noticed(shop: Shop, owner: Engine, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(7, at(0)))
    with owner.connect() as cutting:
        cutting.execute(OTHERS)
        cutting.rollback()
    assert recognizer.handle(shop.walk_in(8, at(1))).result == "recognized"
