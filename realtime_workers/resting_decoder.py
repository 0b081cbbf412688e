"""Inside a source: while nothing goes on, most pictures are held undecoded, until they turn out to be needed or not.

A picture builds on the one before it, up to the last key picture. So the pictures before a key picture that shows
nothing new never have to be decoded. Where key pictures are far apart, so many of the first pictures between them are
glanced at that no second passes unseen. What shows something new brings all that is held, decoded as ever: whoever
changes the picture for longer than a second is not missed, and is followed from the first picture with them.
"""

from collections.abc import Iterator
from dataclasses import replace

from realtime_workers.decoder import Arrived, Decoder
from realtime_workers.glancer import Glancer
from realtime_workers.source import Picture, Rest

UNSEEN_S = 1.05
"""A second, and how much the stamps of a camera tremble that sends a key picture every second."""
LONGEST_GROUP_S, LARGEST_GROUP_BYTES = 5.0, 8_000_000
"""Of a camera whose key pictures are farther apart every picture is decoded: little would be saved, much be held."""


class RestingDecoder:
    """Decodes a stream for somebody who rests now and then."""

    def __init__(self, decoder: Decoder, rest: Rest) -> None:
        self._decoder, self._rest = decoder, rest
        self._glancer: Glancer | None = None
        self._group: list[Arrived] = []
        self._decoded = self._bytes = 0
        self._hands_out_at_once = True
        self._seen: Arrived | None = None
        self._key: Arrived | None = None
        self._keys_apart_s = 0.0

    def pictures(self, arrived: Arrived) -> Iterator[Picture]:
        """Yield the pictures that are to be looked at once this packet has come. Raises SourceFailedError."""
        if arrived.packet.is_keyframe:
            self._keys_apart_s = max(arrived.after_s(self._key)) if self._key else 0.0
            self._key = arrived
        if arrived.packet.size == 0 or not self._hands_out_at_once or not self._rest.resting():
            yield from self.left()
            self._group, self._glancer = [], None
            yield from self._decoder.pictures(arrived)
        elif arrived.packet.is_keyframe:
            yield from self._key_picture(arrived)
        elif not self._group:  # a rest begins with a key picture
            yield from self._decoder.pictures(arrived)
        else:
            yield from self._hold(arrived)

    def left(self) -> Iterator[Picture]:
        """Decode and yield what is held, but a key picture, which was seen when it came. Raises SourceFailedError."""
        if self._group and self._decoded == 0:
            self._decoder.forget()
        while self._decoded < len(self._group):
            self._seen = self._group[self._decoded]
            self._decoded += 1
            for picture in self._decoder.pictures(self._seen):
                if self._decoded > 1:
                    yield replace(picture, held=True)

    def _key_picture(self, arrived: Arrived) -> Iterator[Picture]:
        if self._decoded < len(self._group):
            self._glancer = self._glancer or Glancer(self._decoder, self._rest)
            picture = self._glancer.unchanged(arrived)
            self._hands_out_at_once = self._glancer.hands_out_at_once
            if picture:
                self._begin(arrived, decoded=0)
                yield picture
                return
            yield from self.left()
        self._begin(arrived, decoded=1)
        yield from self._decoder.pictures(arrived)

    def _begin(self, key: Arrived, *, decoded: int) -> None:
        self._group, self._bytes = [key], key.packet.size
        self._decoded, self._seen = decoded, key

    def _hold(self, arrived: Arrived) -> Iterator[Picture]:
        self._group.append(arrived)
        self._bytes += arrived.packet.size
        if self._must_be_seen(arrived):
            if self._glancer and self._decoded == 0 and not self._glancer.sees_new(self._group):
                self._seen = arrived
            else:
                yield from self.left()
        if self._is_too_long(arrived):
            yield from self.left()
            self._group = []

    def _must_be_seen(self, arrived: Arrived) -> bool:
        first, last = self._group[0], self._seen or self._group[0]
        if any(not 0 <= later_s < UNSEEN_S for later_s in arrived.after_s(last)):
            return True
        # From here on the next key picture is near enough, if it comes as far behind as this one did.
        return max(last.after_s(first)) < self._keys_apart_s - UNSEEN_S <= max(arrived.after_s(first))

    def _is_too_long(self, arrived: Arrived) -> bool:
        return max(arrived.after_s(self._group[0])) > LONGEST_GROUP_S or self._bytes > LARGEST_GROUP_BYTES
