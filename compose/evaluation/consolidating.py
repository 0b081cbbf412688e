"""Within the quarter: what the nightly flow does to a gallery, by the rules of `regulars.domain.consolidation`."""

from dataclasses import dataclass
from uuid import UUID

from compose.evaluation.gallery import Gallery
from regulars.domain.consolidation import Pair, likeness, pair_bars, sort_pairs
from regulars.steps.consolidate import HITS, MOST_ROUNDS


@dataclass(frozen=True, slots=True)
class Consolidated:
    """`merged`: (kept, gone) in order; `proposed`: the pairs left for a human."""

    merged: tuple[tuple[UUID, UUID], ...]
    proposed: tuple[Pair, ...]


def consolidate(gallery: Gallery) -> Consolidated:
    """Merge the people of a gallery that are one beyond doubt, the younger into the older."""
    bars = pair_bars(gallery.thresholds, gallery.wanted_fpir, gallery.people)
    merged: list[tuple[UUID, UUID]] = []
    proposed: tuple[Pair, ...] = ()
    for _ in range(MOST_ROUNDS):
        found = sort_pairs(gallery.pairs(HITS), bars)
        proposed = tuple(pair for pair, _ in found.propose)
        for pair in found.merge:
            if likeness(gallery.person(pair.one_id), gallery.person(pair.other_id)) >= bars.merge_cosine:
                gallery.merge(pair.one_id, pair.other_id)
                merged.append((pair.one_id, pair.other_id))
        if not found.merge:
            break
    return Consolidated(tuple(merged), proposed)
