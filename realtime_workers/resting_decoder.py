"""Inside a source: while nothing goes on, most pictures are held undecoded, until they turn out to be needed or not.

A picture builds on the one before it, up to the last key picture. So the pictures before a key picture that shows
nothing new never have to be decoded. One that shows something, or a second without a picture looked at, and they all
are: whoever changes the picture for longer than that is not missed, and is followed from the first picture with them.
"""

from collections.abc import Iterator
from dataclasses import replace

from realtime_workers.decoder import Arrived, Decoder
from realtime_workers.source import Picture, Rest

UNSEEN_S = 1.05
"""A second, and how much the stamps of a camera tremble that sends a key picture every second."""
LONGEST_GROUP_S, LARGEST_GROUP_BYTES = 5.0, 8_000_000
"""Of a camera whose key pictures are farther apart every picture is decoded: little would be saved, much be held."""


class RestingDecoder:
    """Decodes a stream for somebody who rests now and then."""

    def __init__(self, decoder: Decoder, rest: Rest) -> None:
        self._decoder, self._rest = decoder, rest
        self._group: list[Arrived] = []
        self._decoded = self._bytes = 0
        self._hands_out_at_once = True
        self._key: Arrived | None = None
        self._keys_apart_s = 0.0

    def pictures(self, arrived: Arrived) -> Iterator[Picture]:
        """Yield the pictures that are to be looked at once this packet has come. Raises SourceFailedError."""
        if arrived.packet.is_keyframe:
            self._keys_apart_s = max(_later_s(self._key, arrived)) if self._key else 0.0
            self._key = arrived
        if arrived.packet.size == 0 or not self._hands_out_at_once or not self._rest.resting():
            yield from self.left()
            self._begin()
            yield from self._decoder.pictures(arrived)
        elif arrived.packet.is_keyframe:
            yield from self._key_picture(arrived)
        elif not self._group:  # a rest begins with a key picture
            yield from self._decoder.pictures(arrived)
        else:
            self._group.append(arrived)
            self._bytes += arrived.packet.size
            if self._must_be_seen(arrived):
                yield from self.left()
            if self._is_too_long(arrived):
                yield from self.left()
                self._begin()

    def left(self) -> Iterator[Picture]:
        """Decode and yield what is held. Raises SourceFailedError."""
        while self._decoded < len(self._group):
            self._decoded += 1
            for picture in self._decoder.pictures(self._group[self._decoded - 1]):
                yield replace(picture, held=True)

    def _begin(self, *group: Arrived) -> None:
        self._group = list(group)
        self._decoded = len(group)
        self._bytes = sum(one.packet.size for one in group)

    def _key_picture(self, arrived: Arrived) -> Iterator[Picture]:
        if self._decoded < len(self._group):
            self._decoder.forget()
            seen = list(self._decoder.pictures(arrived))
            self._hands_out_at_once = len(seen) == 1  # not so where pictures come in another order than they are shown
            if self._hands_out_at_once and self._rest.unchanged(seen[0]):
                self._begin(arrived)
                yield seen[0]
                return
            yield from self._over_again()
        self._begin(arrived)
        yield from self._decoder.pictures(arrived)

    def _over_again(self) -> Iterator[Picture]:
        """Decode the whole group, whose first pictures were seen already, and yield the others."""
        self._decoder.forget()
        for number, earlier in enumerate(self._group):
            for picture in self._decoder.pictures(earlier):
                if number >= self._decoded:
                    yield replace(picture, held=True)

    def _must_be_seen(self, arrived: Arrived) -> bool:
        first, last = self._group[0], self._group[self._decoded - 1]
        if any(not 0 <= later_s < UNSEEN_S for later_s in _later_s(last, arrived)):
            return True
        # From here on the next key picture is near enough, if it comes as far behind as this one did.
        return max(_later_s(first, last)) < self._keys_apart_s - UNSEEN_S <= max(_later_s(first, arrived))

    def _is_too_long(self, arrived: Arrived) -> bool:
        return max(_later_s(self._group[0], arrived)) > LONGEST_GROUP_S or self._bytes > LARGEST_GROUP_BYTES


def _later_s(one: Arrived, other: Arrived) -> list[float]:
    """Return how much later `other` is: by the stream's stamps, which may stand still, and by its arrival."""
    pairs = (one.stamp_s, other.stamp_s), (one.at_s, other.at_s)
    return [later - earlier for earlier, later in pairs if earlier is not None and later is not None] or [UNSEEN_S]
