"""What recognizing puts into the outbox: each beginning of a visit once, with the visit, and nothing of a face."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from regulars.domain.webhooks import EVENT_TYPES, NEWS_FOR
from regulars.ids import new_id
from regulars.steps.recognize import Recognizer
from regulars.store.session import transaction
from regulars.store.webhooks import Webhook, add_webhook
from tests.shop import Shop, at
from tests.visits_seen import visits_of

DAY = 24 * 60


def listen(shop: Shop) -> None:
    """Let the shop's chain have a webhook for everything."""
    webhook = Webhook(
        shop.tenant.tenant_id, new_id(), "all", "https://example.com/", [*EVENT_TYPES], None, False, True, b"", at(0)
    )
    with transaction(shop.engine, shop.tenancy()) as connection:
        add_webhook(connection, webhook)


def outbox(shop: Shop) -> list[tuple[str, dict[str, Any]]]:
    with transaction(shop.engine, shop.tenancy()) as connection:
        rows = connection.execute(
            text("select type, data from webhook_deliveries where tenant_id = :own order by happened_at, type desc"),
            {"own": shop.tenant.tenant_id},
        )
        return [(row.type, row.data) for row in rows]


def when(recognizer: Recognizer, minutes: float) -> Recognizer:
    return replace(recognizer, clock=lambda: at(minutes))


def test_a_first_visit_and_a_return_are_told_with_count_and_last_visit(shop: Shop, recognizer: Recognizer) -> None:
    listen(shop)
    for minutes in (0, DAY, 2 * DAY):
        when(recognizer, minutes + 1).handle(shop.walk_in(7, at(minutes)))
    told = outbox(shop)
    expected = ["visit.started", "visit.started", "regular.returned", "visit.started", "regular.returned"]
    assert [kind for kind, _ in told] == expected
    assert [data["status"] for kind, data in told if kind == "visit.started"] == ["new", "returning", "returning"]
    returned = [data for kind, data in told if kind == "regular.returned"]
    assert [data["visit_count"] for data in returned] == [2, 3]
    assert [data["last_visit_at"] for data in returned] == [at(0).isoformat(), at(DAY).isoformat()]
    assert {str(visit.visit_id) for visit in visits_of(shop)} == {data["visit_id"] for _, data in told}
    assert set(told[0][1]) == {
        *("visit_id", "site_id", "site_name", "time_zone", "started_at", "customer_id", "handle", "status"),
        "direction",
    }


def test_later_tracks_and_visits_that_become_one_are_no_second_beginning(shop: Shop, recognizer: Recognizer) -> None:
    listen(shop)
    now = when(recognizer, 60)
    for minutes in (0, 50, 10):
        now.handle(shop.walk_in(7, at(minutes)))
    assert len(visits_of(shop)) == 2
    assert [kind for kind, _ in outbox(shop)].count("visit.started") == 2
    now.handle(shop.walk_in(7, at(30)))
    now.handle(shop.walk_in(7, at(-5)))
    assert len(visits_of(shop)) == 1
    assert [kind for kind, _ in outbox(shop)].count("visit.started") == 2
    key = shop.walk_in(8, at(40))
    now.handle(key)
    now.handle(key)
    assert [kind for kind, _ in outbox(shop)].count("visit.started") == 3


def test_what_is_history_is_not_told_and_nothing_without_a_webhook(shop: Shop, recognizer: Recognizer) -> None:
    when(recognizer, 1).handle(shop.walk_in(7, at(0)))
    listen(shop)
    late = replace(recognizer, clock=lambda: at(DAY) + NEWS_FOR + timedelta(seconds=1))
    late.handle(shop.walk_in(7, at(DAY)))
    assert len(visits_of(shop)) == 2
    assert outbox(shop) == []
