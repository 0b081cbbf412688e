"""Two people in one frame are two; one face followed twice is one."""

from datetime import UTC, datetime, timedelta

from regulars.domain.companions import Glimpse, Presence, are_two_people

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def presence(begins_s: float, ends_s: float, x: float) -> Presence:
    begins, ends = NOON + timedelta(seconds=begins_s), NOON + timedelta(seconds=ends_s)
    return Presence(begins, ends, (Glimpse(begins, (x, 50, 40, 40)), Glimpse(ends, (x, 50, 40, 40))))


def test_two_faces_beside_each_other_at_one_time_are_two_people() -> None:
    assert are_two_people(presence(0, 4, x=100), presence(1, 5, x=200))


def test_one_after_the_other_may_be_the_same_person() -> None:
    assert not are_two_people(presence(0, 4, x=100), presence(4.1, 8, x=200))
    assert not are_two_people(presence(0, 4, x=100), presence(3.9, 8, x=200))


def test_two_tracks_on_one_face_are_one_person() -> None:
    assert not are_two_people(presence(0, 4, x=100), presence(0, 4, x=110))
