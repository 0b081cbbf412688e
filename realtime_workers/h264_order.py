"""Beside decoding: whether each H.264 picture follows the one before it. The decoder does not tell.

A picture that is missing, or comes twice, goes unnoticed by libavcodec: it shows what builds on it, faces put together
from two people or grey ones with edges. But pictures are numbered (`frame_num`, ITU-T H.264, 7.4.3), so that a break
tells: nothing is whole until the next key picture. H.265 needs no such care, its decoder gives out no picture that
refers to a missing one.
"""

from realtime_workers.h264_units import (
    KEY_SLICE,
    SEQUENCE_PARAMETERS,
    SLICE,
    Numbering,
    frame_num_of,
    numbering_of,
    units_after_lengths,
    units_after_start_codes,
)

LONGEST_BREAK_PICTURES = 900
"""Half a minute of 30 a second without a key picture: this camera sends none, it refreshes its pictures otherwise."""
MOST_BREAKS = 20
"""More breaks than this beyond the pictures in order, and the numbers count something else here."""
STEP_GAIN, STEP_MOST_TIMES = 0.25, 4.0
"""A camera that turns slower for good is followed within a few pictures; one odd stamp changes little."""


class PictureOrder:
    """Follows the numbers of one stream's pictures; where they tell nothing it takes every picture as whole."""

    def __init__(self, parameters: bytes) -> None:
        """`parameters` are what the container says of the stream (Annex B or avcC); empty where it says nothing."""
        self._length_bytes = 0
        self._numbering: Numbering | None = None
        self._reference: int | None = None
        self._before = b""
        self._broken_for = self._doubts = 0
        self._at_s: float | None = None
        self._step_s = 0.0
        self._trusted = True
        if parameters[:1] == b"\x01" and len(parameters) > 8:  # avcC, ISO/IEC 14496-15
            self._length_bytes = (parameters[4] & 3) + 1
            parameters = b"\x00\x00\x01" + parameters[8 : 8 + int.from_bytes(parameters[6:8], "big")]
        for unit in units_after_start_codes(parameters):
            if unit[0] & 31 == SEQUENCE_PARAMETERS:
                self._numbering = numbering_of(unit)

    def whole(self, packet: bytes, at_s: float | None, *, key: bool) -> bool:
        """Say whether the picture in `packet` is to be decoded: it builds on pictures that all came, each once.

        `at_s` is its stamp, `key` tells that it builds on no other. A packet that is not decoded leaves the decoder as
        it was.
        """
        if not self._trusted:
            return True
        if packet == self._before:
            return False
        self._before = packet
        follows = self._is_in_time(at_s) and self._follows(packet)
        if key:
            self._broken_for = 0
        elif self._broken_for or not follows:
            self._broken_for += 1
        self._doubts = max(0, self._doubts - 1) if follows or key else self._doubts + 2
        self._trusted = self._broken_for <= LONGEST_BREAK_PICTURES and self._doubts <= 2 * MOST_BREAKS
        return self._broken_for == 0

    def _is_in_time(self, at_s: float | None) -> bool:
        """Say whether so little time has passed that the numbers cannot have gone round (mostly they do at 16)."""
        before_s, self._at_s = self._at_s, at_s
        if at_s is None or before_s is None or self._numbering is None:
            return True
        step_s = abs(at_s - before_s)
        in_time = self._step_s == 0 or step_s < self._step_s * (1 << self._numbering.bits)
        if self._step_s:
            self._step_s += STEP_GAIN * (min(step_s, STEP_MOST_TIMES * self._step_s) - self._step_s)
        else:
            self._step_s = step_s
        return in_time

    def _follows(self, packet: bytes) -> bool:
        units = (
            units_after_lengths(packet, self._length_bytes) if self._length_bytes else units_after_start_codes(packet)
        )
        for unit in units:
            kind = unit[0] & 31
            if kind == SEQUENCE_PARAMETERS:
                self._numbering = numbering_of(unit)
            elif kind in (SLICE, KEY_SLICE) and self._numbering:
                return self._takes(unit, self._numbering)
        return True

    def _takes(self, unit: bytes, numbering: Numbering) -> bool:
        number, before = frame_num_of(unit, numbering), self._reference
        if number is None:
            return False
        if unit[0] >> 5 & 3:  # others build on this one
            self._reference = number
        if before is None or unit[0] & 31 == KEY_SLICE:
            return True
        step = (number - before) % (1 << numbering.bits)
        return step == 1 or (step == 0 and numbering.fields)
