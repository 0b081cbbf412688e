"""A few frames between two threads: live ones are dropped, recorded ones wait."""

import threading
from datetime import UTC, datetime, timedelta

import numpy as np

from realtime_workers.frame_buffer import LIVE_FRAMES, RECORDED_FRAMES, Frame, FrameBuffer
from realtime_workers.source import Picture
from tests.waiting import PATIENCE_S

ZERO = datetime(2025, 3, 4, tzinfo=UTC)


def frame(number: int, *, held: bool = False) -> Frame:
    return Frame(ZERO + timedelta(seconds=number), Picture(None, lambda: np.zeros((16, 16, 3), np.uint8), held=held))


def test_of_live_frames_the_newest_stay_and_drops_are_counted() -> None:
    buffer = FrameBuffer(live=True)
    for number in range(10):
        buffer.put(frame(number))
    got = [buffer.get(0.0) for _ in range(LIVE_FRAMES)]
    assert [taken.at for taken in got if taken] == [frame(number).at for number in range(10 - LIVE_FRAMES, 10)]
    assert buffer.dropped == 10 - LIVE_FRAMES
    assert buffer.get(0.0) is None


def test_recorded_frames_wait_for_room_and_none_is_dropped() -> None:
    buffer, wanted = FrameBuffer(live=False), 5 * RECORDED_FRAMES

    def decode() -> None:
        for number in range(wanted):
            buffer.put(frame(number))
        buffer.close()

    decoder = threading.Thread(target=decode)
    decoder.start()
    got: list[datetime] = []
    while not buffer.drained:
        taken = buffer.get(1.0)
        got += [taken.at] if taken else []
    decoder.join()
    assert got == [frame(number).at for number in range(wanted)]
    assert buffer.dropped == 0


def test_of_live_frames_that_were_held_none_is_dropped() -> None:
    buffer, wanted = FrameBuffer(live=True), 5 * LIVE_FRAMES
    decoder = threading.Thread(target=lambda: [buffer.put(frame(number, held=True)) for number in range(wanted)])
    decoder.start()
    got = [taken.at for _ in range(wanted) if (taken := buffer.get(30.0))]
    decoder.join()
    assert (got, buffer.dropped) == ([frame(number).at for number in range(wanted)], 0)


def test_all_is_looked_at_once_the_next_frame_is_asked_for() -> None:
    buffer = FrameBuffer(live=True)
    buffer.put(frame(1))
    assert buffer.get(30.0)
    assert not buffer.all_looked_at(0.0)
    asking = threading.Thread(target=buffer.get, args=(30.0,))
    asking.start()
    assert buffer.all_looked_at(30.0)
    buffer.put(frame(2))
    asking.join()
    assert not buffer.all_looked_at(0.0)


def test_closing_frees_a_decoder_that_waits() -> None:
    buffer = FrameBuffer(live=False)
    decoder = threading.Thread(target=lambda: [buffer.put(frame(number)) for number in range(RECORDED_FRAMES + 3)])
    decoder.start()
    buffer.close()
    decoder.join(PATIENCE_S)
    assert not decoder.is_alive()
