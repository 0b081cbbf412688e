"""Beside the tracks of a picture: whose faces were seen in it at once, in different places."""

from collections.abc import Sequence
from itertools import combinations

from realtime_workers.track_record import TrackRecord
from regulars.domain.companions import Glimpse, on_each_other


def note_side_by_side(seen: Sequence[tuple[TrackRecord, Glimpse]]) -> None:
    """Let each track of a picture know the others in it; two boxes on one face are no two people."""
    for (one, here), (other, there) in combinations(seen, 2):
        if not on_each_other(here, there):
            one.saw_beside(other.track_id)
            other.saw_beside(one.track_id)
