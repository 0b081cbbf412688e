"""Inside capture: gives every picture its time, from the stream's own clock where that can be believed."""

from datetime import UTC, datetime, timedelta

BELIEVED_DRIFT_S = 1.0
"""A live picture whose stream time says otherwise than its arrival by more than this: the stream clock has jumped."""
SET_BACK_S = 2 * BELIEVED_DRIFT_S
"""No picture can be this much older than the one before it, unless the machine's clock was set back."""
DRIFT_GAIN = 0.02
RECORDED_JUMP_MAX_S = 3600.0
"""A recording may have gaps; a longer jump is a broken time stamp."""
ASSUMED_STEP_S = 1 / 25
LEAST_STEP_S = 0.001


class LiveClock:
    """Wall clock at arrival, smoothed with the stream's time stamps (which tremble less than the network).

    Its times always grow, unless the machine's own clock is set back: waiting for it to catch up would leave the camera
    without times for as long as it was ahead. Stamps that step back a little are stamps of another order than the
    pictures' (streams with B-frames, servers that stamp in sending order): from then on only the arrival is believed.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._last_stream_s: float | None = None
        self._last_at_s = 0.0
        self._out_of_order = False

    def time_of(self, stream_s: float | None, arrived_s: float) -> datetime:
        """Return UTC of a picture stamped `stream_s` (any origin, may be missing) that arrived at Unix `arrived_s`."""
        at_s = arrived_s if stream_s is None else self._smoothed(stream_s, arrived_s)
        set_back = arrived_s < self._last_at_s - SET_BACK_S
        self._last_at_s = at_s if set_back else max(at_s, self._last_at_s + LEAST_STEP_S)
        return datetime.fromtimestamp(self._last_at_s, UTC)

    def _smoothed(self, stream_s: float, arrived_s: float) -> float:
        back_s = 0.0 if self._last_stream_s is None else self._last_stream_s - stream_s
        self._last_stream_s = stream_s
        self._out_of_order |= 0 < back_s <= BELIEVED_DRIFT_S
        if self._out_of_order:
            return arrived_s
        offset_s = arrived_s - stream_s
        if self._offset_s is None or back_s > 0 or abs(offset_s - self._offset_s) > BELIEVED_DRIFT_S:
            self._offset_s = offset_s
        self._offset_s += DRIFT_GAIN * (offset_s - self._offset_s)
        return stream_s + self._offset_s


class RecordedClock:
    """`starts_at` plus the picture's time in the recording; never goes backwards."""

    def __init__(self, starts_at: datetime) -> None:
        self._starts_at = starts_at
        self._shift_s = 0.0
        self._last_s = -ASSUMED_STEP_S

    def time_of(self, stream_s: float | None, arrived_s: float) -> datetime:  # noqa: ARG002 - a LiveClock's question
        """Return UTC of the picture at `stream_s` of the recording (its start is 0); one unbelievable follows on."""
        at_s = self._last_s + ASSUMED_STEP_S
        if stream_s is not None:
            stamped_s = stream_s + self._shift_s
            if self._last_s < stamped_s <= self._last_s + RECORDED_JUMP_MAX_S:
                at_s = stamped_s
            self._shift_s = at_s - stream_s
        self._last_s = at_s
        return self._starts_at + timedelta(seconds=at_s)
