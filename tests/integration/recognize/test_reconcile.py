"""Tracks whose event was lost are found and run; those that are done, young or set aside are left alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.errors import DependencyAway
from regulars.steps.going_on import IN_A_ROW
from regulars.steps.lost_tracks import YOUNGEST
from regulars.steps.recognize import Recognizer
from regulars.steps.reconcile import Reconciled, reconcile
from tests.shop import Shop, at
from tests.visits_seen import visits_of

DAY = at(0).date()


def run(recognizer: Recognizer, shop: Shop, later: timedelta = YOUNGEST * 2) -> list[Reconciled]:
    """Reconcile the shop's day as if it were that much later."""
    there = replace(recognizer, clock=lambda: datetime.now(UTC) + later)
    return list(reconcile(there, DAY, DAY, tenant_name=shop.tenant.name))


def test_lost_tracks_are_recognized_once(shop: Shop, recognizer: Recognizer) -> None:
    recognizer.handle(shop.walk_in(1, at(0)))
    for person in (2, 3):
        shop.walk_in(person, at(person), camera=1)
    found = run(recognizer, shop)
    assert [(one.manifests, len(one.handled)) for one in found] == [(1, 0), (2, 2)]
    assert len(visits_of(shop)) == 3
    assert all(not one.handled for one in run(recognizer, shop))


def test_a_track_of_this_moment_is_left_to_its_own_event(shop: Shop, recognizer: Recognizer) -> None:
    shop.walk_in(1, at(0))
    assert [one.manifests for one in run(recognizer, shop, later=timedelta())] == [0, 0]


def test_what_is_set_aside_is_not_tried_again_and_again(shop: Shop, recognizer: Recognizer) -> None:
    key = shop.write(shop.manifest(at(0)), b"junk")
    assert [one.result for found in run(recognizer, shop) for one in found.handled] == ["set_aside"]
    assert all(not one.handled for one in run(recognizer, shop))
    assert recognizer.handle(key).reason == "not_a_picture"


def test_other_days_are_not_looked_at(shop: Shop, recognizer: Recognizer) -> None:
    shop.walk_in(1, at(-60 * 24))
    assert all(not one.handled for one in run(recognizer, shop))


def test_a_track_that_does_not_answer_holds_up_no_other(
    shop: Shop, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sorted(shop.walk_in(person, at(person)) for person in (1, 2, 3))
    handle = Recognizer.handle

    def first_is_away(self: Recognizer, key: str) -> object:
        if key == keys[0]:
            raise DependencyAway("its pictures do not come")
        return handle(self, key)

    with monkeypatch.context() as patch:
        patch.setattr(Recognizer, "handle", first_is_away)
        with pytest.raises(DependencyAway, match="its pictures do not come"):
            run(recognizer, shop)
    assert len(visits_of(shop)) == 2
    run(recognizer, shop)
    assert len(visits_of(shop)) == 3


def test_where_nothing_answers_few_are_tried(
    shop: Shop, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = [shop.walk_in(person, at(person)) for person in range(IN_A_ROW + 2)]

    def away(_: Recognizer, key: str) -> object:
        tried.remove(key)
        raise DependencyAway("nothing answers")

    monkeypatch.setattr(Recognizer, "handle", away)
    with pytest.raises(DependencyAway):
        run(recognizer, shop)
    assert len(tried) == 2
