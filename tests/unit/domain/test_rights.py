"""Whom the ledger knows again, how old a picture is, and when somebody who objected is heeded."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.domain.erasure import digest_of
from regulars.domain.matching import Bars, Decision, Ranked
from regulars.domain.objections import decide_with_objectors
from regulars.domain.retention import old_since, tenant_of
from regulars.ids import new_id

BARS = Bars(match_cosine=0.5, grey_cosine=0.4, add_cosine=0.6, lead_cosine=0.05)
SOMEBODY, OBJECTOR = new_id(), new_id()
NEW = Decision("new", "first_seen")
KNOWN = Decision("known", "matched", SOMEBODY, sure=True)
OBJECTED = Decision("undetermined", "objected")


@pytest.mark.parametrize(
    ("objector", "decision", "cosine", "outcome"),
    [
        (0.39, NEW, -1.0, NEW),
        (0.40, NEW, -1.0, OBJECTED),
        (0.90, KNOWN, 0.91, KNOWN),
        (0.91, KNOWN, 0.90, OBJECTED),
        (0.39, KNOWN, 0.30, KNOWN),
    ],
)
def test_an_objector_is_heeded_already_in_the_grey_zone(
    objector: float, decision: Decision, cosine: float, outcome: Decision
) -> None:
    assert decide_with_objectors([Ranked(OBJECTOR, objector)], BARS, decision, cosine) == outcome


def test_without_objectors_every_decision_stands() -> None:
    assert decide_with_objectors([], BARS, NEW, -1.0) == NEW


def test_a_picture_is_as_old_as_its_day_or_its_storing_whichever_was_earlier() -> None:
    tenant_id, stored_at = new_id(), datetime(2026, 3, 5, 12, tzinfo=UTC)
    key = f"tracks/{tenant_id}/site/camera/2026/03/02/{new_id()}/shot-0.jpg"
    assert tenant_of(key) == tenant_id
    assert old_since(key, stored_at) == datetime(2026, 3, 3, tzinfo=UTC)
    assert old_since(key, stored_at - timedelta(days=30)) == stored_at - timedelta(days=30)


def test_a_track_of_the_last_day_there_is_gets_old_from_when_it_was_stored() -> None:
    stored_at = datetime(2026, 3, 5, tzinfo=UTC)
    assert old_since(f"tracks/{new_id()}/site/camera/9999/12/31/{new_id()}/track.json", stored_at) == stored_at


@pytest.mark.parametrize("key", ["tracks/", "tracks/x/y", f"tracks/{'-' * 36}/a/b/2026/13/45/c", "people/x"])
def test_a_key_that_is_no_tracks_is_as_old_as_it_lies_there(key: str) -> None:
    stored_at = datetime(2026, 3, 5, tzinfo=UTC)
    assert (tenant_of(key), old_since(key, stored_at)) == (None, stored_at)


def test_the_ledger_knows_an_id_again_and_does_not_hold_it() -> None:
    one = UUID("01a2050e-e6da-72dd-bacb-857420acbf28")
    assert digest_of(one) == digest_of(UUID(str(one)))
    assert digest_of(one) != digest_of(new_id())
    assert one.hex not in digest_of(one)
