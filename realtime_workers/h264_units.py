"""Reads the little of an H.264 stream that its pictures' order needs (ITU-T H.264, 7.3.1, 7.3.2.1 and 7.3.3)."""

from collections.abc import Iterator
from dataclasses import dataclass

SLICE, KEY_SLICE, SEQUENCE_PARAMETERS = 1, 5, 7
_WITH_CHROMA_FORMAT = {44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244}
_FULL_COLOUR = 3
_SLICE_HEADER_BYTES = 32
_MOST_BITS = 16


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a stream numbers its pictures: `frame_num` has `bits`; with `fields` two halves of one picture share it."""

    bits: int
    fields: bool


def units_after_start_codes(data: bytes) -> Iterator[bytes]:
    """Yield the NAL units of Annex B `data` in turn, each without its start code."""
    start = data.find(b"\x00\x00\x01")
    while start >= 0:
        end = data.find(b"\x00\x00\x01", start + 3)
        unit = data[start + 3 : end if end >= 0 else None]
        if unit:
            yield unit
        start = end


def units_after_lengths(data: bytes, length_bytes: int) -> Iterator[bytes]:
    """Yield the NAL units of `data` as in an MP4 file, where `length_bytes` before each give its length."""
    at = 0
    while at + length_bytes < len(data):
        end = at + length_bytes + int.from_bytes(data[at : at + length_bytes], "big")
        unit = data[at + length_bytes : end]
        if unit:
            yield unit
        at = end


def numbering_of(parameters: bytes) -> Numbering | None:
    """Return what the NAL unit of sequence `parameters` tells, None where it is damaged or numbers may have gaps."""
    bits = _Bits(parameters[1:])
    try:
        profile = bits.take(8)
        bits.take(16)
        bits.unsigned()
        if profile in _WITH_CHROMA_FORMAT and _pass_chroma(bits):
            return None
        frame_num_bits = bits.unsigned() + 4
        _pass_picture_order(bits)
        bits.unsigned()
        gaps_allowed = bits.take(1)
        bits.unsigned()
        bits.unsigned()
        frames_only = bits.take(1)
    except ValueError:
        return None
    return None if gaps_allowed or frame_num_bits > _MOST_BITS else Numbering(frame_num_bits, not frames_only)


def frame_num_of(unit: bytes, numbering: Numbering) -> int | None:
    """Return the number of the picture to which the slice `unit` belongs, None where it is damaged."""
    bits = _Bits(unit[1 : 1 + _SLICE_HEADER_BYTES])
    try:
        for _ in range(3):  # the first macroblock, the slice's type, its picture parameters
            bits.unsigned()
        return bits.take(numbering.bits)
    except ValueError:
        return None


class _Bits:
    """Takes bits from the front of a NAL unit's body. Raises ValueError at its end."""

    def __init__(self, body: bytes) -> None:
        content = body.replace(b"\x00\x00\x03", b"\x00\x00")  # 7.4.1: the 3 only keeps start codes out of the body
        self._left = len(content) * 8
        self._value = int.from_bytes(content, "big")

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise ValueError("The unit ends here.")
        return self._value >> self._left & (1 << count) - 1

    def unsigned(self) -> int:
        """Take one number in Exp-Golomb code, 9.1: so many zeros, and as many bits behind the next one."""
        rest = self._value & (1 << self._left) - 1
        zeros = self._left - rest.bit_length()
        return self.take(2 * zeros + 1) - 1

    def signed(self) -> int:
        code = self.unsigned()
        return (code + 1) // 2 if code & 1 else -(code // 2)


def _pass_chroma(bits: _Bits) -> bool:
    """Pass the fields of the high profiles; say whether the three colours are coded apart."""
    chroma_format = bits.unsigned()
    apart = chroma_format == _FULL_COLOUR and bits.take(1) == 1
    bits.unsigned()
    bits.unsigned()
    bits.take(1)
    if bits.take(1):
        for number in range(12 if chroma_format == _FULL_COLOUR else 8):
            if bits.take(1):
                _pass_scaling_list(bits, 16 if number < 6 else 64)
    return apart


def _pass_scaling_list(bits: _Bits, size: int) -> None:
    """Pass a list of 7.3.2.1.1.1, which ends early where the next scale would be 0."""
    scale = 8
    for _ in range(size):
        scale = (scale + bits.signed()) % 256
        if scale == 0:
            return


def _pass_picture_order(bits: _Bits) -> None:
    kind = bits.unsigned()
    if kind == 0:
        bits.unsigned()
    elif kind == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(bits.unsigned()):
            bits.signed()
