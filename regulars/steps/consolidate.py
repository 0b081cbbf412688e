"""By the clock and on demand: finds customers of one gallery who are one person, merges them or asks a human."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from regulars.domain.consolidation import Doubt, Pair, PairBars, likeness, pair_bars, sort_pairs
from regulars.domain.matching import Thresholds
from regulars.errors import InputRefused, NotFound
from regulars.ports import VectorIndex
from regulars.steps.change_hands import By, tenants_of_scope, who_knows
from regulars.steps.index_templates import collection_of, follow_gallery
from regulars.steps.merge_people import merge_people, profiles_differ, two_people
from regulars.store.merge_proposals import propose_merge
from regulars.store.people import find_customer
from regulars.store.session import Engine, transaction
from regulars.store.templates import Gallery, lock_gallery, people_of, subjects_of, templates_of
from regulars.store.tenants import gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

ACTOR = "consolidation"
BATCH = 50
"""People whose neighbours are asked of the index at a time."""
HITS = 30
"""Templates asked for each template: its own person's are at most five of them."""
MOST_ROUNDS = 10
"""A merge may show the next one; five customers of one person need three rounds."""


@dataclass(frozen=True, slots=True)
class Consolidated:
    """What was done in one gallery: merges, and proposals that were not there before."""

    scope_id: UUID
    people_before: int
    merged: int
    proposed: int


@dataclass(frozen=True, kw_only=True)
class Consolidation:
    """All that consolidating needs: the pack is known by its digest and impostor table, no model runs."""

    engine: Engine
    vectors: VectorIndex
    pack: str
    thresholds: Thresholds
    wanted_fpir: float

    def run(self, now: datetime) -> Iterator[Consolidated]:
        """Consolidate gallery by gallery; yield what was done in each that has customers. Raises DependencyAway.

        Each merge is a transaction of its own, so what was done before a failure stays done.
        """
        with transaction(self.engine, PLATFORM) as connection:
            scopes = gallery_scopes(list_tenants(connection))
        for scope_id in scopes:
            gallery = Gallery(scope_id, "customer", self.pack)
            with transaction(self.engine, Tenancy(None, scope_id)) as connection:
                people = len(subjects_of(connection, gallery))
            if people:
                yield self._gallery(gallery, By(Tenancy(None, scope_id), ACTOR, now), people)

    def _gallery(self, gallery: Gallery, by: By, people: int) -> Consolidated:
        bars = pair_bars(self.thresholds, self.wanted_fpir, people)
        with transaction(self.engine, by.tenancy) as connection:
            tenants = tenants_of_scope(connection, by)
        merged, doubts = 0, list[tuple[Pair, Doubt]]()
        for _ in range(MOST_ROUNDS):
            follow_gallery(by.scope_id, self.pack, engine=self.engine, vectors=self.vectors)
            found = sort_pairs(self._pairs(gallery, by), bars)
            doubts = list(found.propose)
            done = 0
            for pair in found.merge:
                doubt = self._merge(pair, gallery, bars, by, tenants)
                done += doubt == "merged"
                if doubt in ("alike", "profiles_differ"):
                    doubts.append((pair, doubt))
            merged += done
            if not done:
                break
        follow_gallery(by.scope_id, self.pack, engine=self.engine, vectors=self.vectors)
        return Consolidated(by.scope_id, people, merged, self._propose(doubts, by, tenants))

    def _pairs(self, gallery: Gallery, by: By) -> list[Pair]:
        """Return each two customers of whom the index finds a template of one near a template of the other."""
        with transaction(self.engine, by.tenancy) as connection:
            everyone = subjects_of(connection, gallery)
        pairs: dict[tuple[UUID, UUID], Pair] = {}
        for begin in range(0, len(everyone), BATCH):
            for pair in self._near(gallery, by, everyone[begin : begin + BATCH]):
                pairs[pair.one_id, pair.other_id] = pair
        return list(pairs.values())

    def _near(self, gallery: Gallery, by: By, subjects: Sequence[UUID]) -> Iterator[Pair]:
        with transaction(self.engine, by.tenancy) as connection:
            looks = templates_of(connection, gallery, subjects)
        if not looks:
            return
        stacked = np.stack([one.vector for one in looks])
        hits = self.vectors.search(collection_of(self.pack), gallery.scope_id, gallery.kind, stacked, HITS)
        near = {
            (min(look.subject_id, hit.subject_id), max(look.subject_id, hit.subject_id))
            for look, found in zip(looks, hits, strict=True)
            for hit in found
            if hit.subject_id != look.subject_id
        }
        with transaction(self.engine, by.tenancy) as connection:
            held = templates_of(connection, gallery, {one for pair in near for one in pair})
        people = {person.subject_id: person for person in people_of(held)}
        for one_id, other_id in near:
            if one_id in people and other_id in people:
                yield Pair(one_id, other_id, likeness(people[one_id], people[other_id]))

    def _merge(self, pair: Pair, gallery: Gallery, bars: PairBars, by: By, tenants: Sequence[UUID]) -> Doubt | str:
        """Merge two customers if under the gallery's lock they still are one beyond doubt; return what came of it."""
        with transaction(self.engine, by.tenancy) as connection:
            lock_gallery(connection, by.scope_id)
            people = people_of(templates_of(connection, gallery, [pair.one_id, pair.other_id]))
            if len(people) < 2 or likeness(*people) < bars.merge_cosine:
                return "changed"
            one, other = (find_customer(connection, customer_id) for customer_id in (pair.one_id, pair.other_id))
            if one is None or other is None:
                return "changed"
            if profiles_differ(one, other):
                return "profiles_differ"
            try:
                merge_people(connection, pair.one_id, pair.other_id, by=by, tenants=tenants)
            except (InputRefused, NotFound) as refusal:
                return refusal.code
            return "merged"

    def _propose(self, doubts: Sequence[tuple[Pair, Doubt]], by: By, tenants: Sequence[UUID]) -> int:
        """Ask a human about these pairs, except where they are two people; return how many were not asked before."""
        asked = 0
        for pair, doubt in doubts:
            with transaction(self.engine, by.tenancy) as connection:
                lock_gallery(connection, by.scope_id)
                ids = (pair.one_id, pair.other_id)
                customers = [find_customer(connection, customer_id) for customer_id in ids]
                if any(one is None or one.merged_into for one in customers):
                    continue
                known = who_knows(connection, by, ids, tenants)
                if two_people(connection, by, *ids, known) is None:
                    only = next(iter(known)) if len(known) == 1 else None
                    asked += propose_merge(connection, by.scope_id, only, ids, doubt, by.now)
        return asked
