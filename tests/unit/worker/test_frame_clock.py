"""The time of a picture: from the stream where it can be believed, else from its arrival."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from realtime_workers.frame_clock import LiveClock, RecordedClock

STARTS = datetime(2025, 3, 4, 9, tzinfo=UTC)


def recorded(*stamps: float | None) -> list[float]:
    clock = RecordedClock(STARTS)
    return [round((clock.time_of(stamp, 0.0) - STARTS).total_seconds(), 3) for stamp in stamps]


def test_a_recording_has_the_times_of_its_pictures() -> None:
    assert recorded(0.0, 0.04, 0.5, 60.0) == [0.0, 0.04, 0.5, 60.0]
    assert recorded(0.85, 0.9) == [0.85, 0.9]


def test_a_recording_never_goes_backwards_and_follows_on_after_a_wrap() -> None:
    assert recorded(10.0, 10.04, 0.0, 0.04, 0.08) == [10.0, 10.04, 10.08, 10.12, 10.16]


def test_a_missing_or_unbelievable_stamp_follows_on() -> None:
    assert recorded(0.0, None, 0.08) == [0.0, 0.04, 0.08]
    assert recorded(0.0, 95_443.7, 95_443.74) == [0.0, 0.04, 0.08]


def test_live_pictures_keep_the_even_pace_of_the_stream() -> None:
    clock = LiveClock()
    late = [0.0, 0.11, 0.02, 0.3, 0.0]
    times = [clock.time_of(100 + number / 10, 5000 + number / 10 + late[number]) for number in range(5)]
    steps = [(after - before).total_seconds() for before, after in pairwise(times)]
    assert steps == [pytest.approx(0.1, abs=0.01)] * 4


@pytest.mark.parametrize("jumped", [0.0, 95_443.7])
def test_a_live_stream_clock_that_jumps_is_taken_up_at_the_wall_clock(jumped: float) -> None:
    clock = LiveClock()
    before = clock.time_of(1000.0, 5000.0)
    after = clock.time_of(jumped, 5000.1)
    assert after - before == pytest.approx(timedelta(seconds=0.1), abs=timedelta(milliseconds=1))


def test_a_live_picture_without_stamp_has_the_time_of_its_arrival() -> None:
    assert LiveClock().time_of(None, 5000.0) == datetime.fromtimestamp(5000.0, UTC)


def test_stamps_out_of_order_give_way_to_the_arrival() -> None:
    clock = LiveClock()
    stamps = [0.0, 0.133, 0.067, 0.033, 0.1, 0.267, 0.2, 0.167, 0.233]
    times = [clock.time_of(stamp, 5000 + number / 30) for number, stamp in enumerate(stamps)]
    steps = [(after - before).total_seconds() for before, after in pairwise(times)]
    assert all(step > 0 for step in steps)
    assert steps[5:] == [pytest.approx(1 / 30, abs=0.001)] * 3, "once the clock has caught up"


def test_live_times_never_step_back_whatever_the_stream_says() -> None:
    clock = LiveClock()
    times = [clock.time_of(stamp, 5000.0) for stamp in (10.0, 10.4, None, 9.0, 0.0, 0.0, 10.2)]
    assert all(before < after for before, after in pairwise(times))


def test_a_wall_clock_that_was_a_day_ahead_and_is_set_right_is_followed_at_once() -> None:
    clock = LiveClock()
    arrivals = [5000.0, 5000.1, 91_400.2, 91_400.3, 5000.4, 5000.5]
    times = [clock.time_of(100 + number / 10, arrived_s).timestamp() for number, arrived_s in enumerate(arrivals)]
    assert times == [pytest.approx(arrived_s, abs=0.01) for arrived_s in arrivals]
