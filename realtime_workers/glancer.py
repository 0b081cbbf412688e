"""Inside the resting decoder: decodes pictures of which only one thing is asked, whether they show anything new.

It does so without the loop filter, as long as that does not deceive: such pictures differ from a key picture, which is
filtered, the more the longer ago that was, and the more the coder leaves to the filter.
"""

from collections.abc import Sequence
from dataclasses import replace

from realtime_workers.decoder import Arrived, Decoder
from realtime_workers.source import Picture, Rest

GLANCES_EVERY_S = 0.2
STEP_TOLERANCE_S = 0.004


class Glancer:
    """Glances at the pictures of one rest, group by group; a group is a key picture with those that build on it."""

    def __init__(self, decoder: Decoder, rest: Rest) -> None:
        self._like, self._rest = decoder, rest
        self._decoder = decoder.another(rough=True)
        self._decoded = 0
        self._alarmed = False
        self.hands_out_at_once = True
        """Whether a key picture came out at once: not so where pictures are shown in another order than they come."""

    def unchanged(self, key: Arrived) -> Picture | None:
        """Begin a group; return its key picture, None where that shows something new. Raises SourceFailedError."""
        self._decoder.forget()
        seen = list(self._decoder.pictures(key))
        glanced, alarmed = max(0, self._decoded - 1), self._alarmed
        self._decoded, self._alarmed = 1, False
        self.hands_out_at_once = len(seen) == 1
        if not self.hands_out_at_once or not self._rest.unchanged(seen[0]):
            return None
        if alarmed:  # by the group before, and yet nothing was new
            self._decoder, self._decoded = self._like.another(rough=False), 0
        return replace(seen[0], glanced=glanced)

    def sees_new(self, group: Sequence[Arrived]) -> bool:
        """Say whether anything is new in those pictures of the group that were not decoded yet.

        The last one is compared, and of the others as many as of any scene at rest. Raises SourceFailedError.
        """
        compared = group[max(0, self._decoded - 1)]
        for one in group[self._decoded :]:
            self._decoded += 1
            seen = list(self._decoder.pictures(one))
            if one is group[-1] or max(one.after_s(compared)) >= GLANCES_EVERY_S - STEP_TOLERANCE_S:
                compared = one
                self._alarmed = not seen or not self._rest.unchanged(seen[-1])
                if self._alarmed:
                    break
        return self._alarmed
