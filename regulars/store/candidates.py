"""Inside the gallery's lock: the exact looks of who was proposed, and what the search may have missed, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from regulars.store.data_keys import data_keys_of
from regulars.store.templates import Gallery, StoredTemplate, opened


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who of a gallery was proposed by a search that knew of all looks up to the number `seq`.

    `unindexed_too`: but for those that the index had not taken yet.
    """

    gallery: Gallery
    subjects: Sequence[UUID]
    seq: int
    unindexed_too: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """All looks of who was proposed, and the looks that the search may have missed; both oldest first."""

    proposed: list[StoredTemplate]
    missed: list[StoredTemplate]


_LOOKS = (
    "select {missed} as missed, t.*, k.data_key_wrapped from {source} face_templates t"
    " join face_template_keys k using (scope_id, template_id)"
    " where t.scope_id = g.scope_id and t.kind = g.kind and t.pack = g.pack and t.withdrawn_by is null and {which}"
)
_OF_PROPOSED = _LOOKS.format(
    missed="false",
    source="unnest(cast(:places as bigint[]), cast(:subjects as uuid[])) as s(place, subject_id) cross join",
    which="s.place = g.place and t.subject_id = s.subject_id",
)
_NEWER = _LOOKS.format(missed="true", source="", which="t.seq > g.seq")
_NOT_INDEXED = _LOOKS.format(
    missed="true", source="", which="g.unindexed_too and t.seq <= g.seq and t.indexed_at is null"
)
_CANDIDATES = text(
    "select g.place, c.* from unnest(cast(:scopes as uuid[]), cast(:kinds as text[]), cast(:packs as text[]),"  # noqa: S608 - our own words
    " cast(:seqs as bigint[]), cast(:unindexed as boolean[]))"
    " with ordinality as g(scope_id, kind, pack, seq, unindexed_too, place)"
    f" cross join lateral ({_OF_PROPOSED} union all {_NEWER} union all {_NOT_INDEXED}) c order by g.place, c.seq"
).execution_options(binary=True)


def read_candidates(connection: Connection, wanted: Sequence[Wanted]) -> list[Candidates]:
    """Return the candidates of each gallery as this transaction sees them."""
    asked: dict[str, Any] = {
        "scopes": [one.gallery.scope_id for one in wanted],
        "kinds": [one.gallery.kind for one in wanted],
        "packs": [one.gallery.pack for one in wanted],
        "seqs": [one.seq for one in wanted],
        "unindexed": [one.unindexed_too for one in wanted],
        "places": [place for place, one in enumerate(wanted, start=1) for _ in one.subjects],
        "subjects": [subject_id for one in wanted for subject_id in one.subjects],
    }
    found = [Candidates([], []) for _ in wanted]
    data_keys = data_keys_of(connection)
    for row in connection.execute(_CANDIDATES, asked).mappings():
        candidates = found[int(row["place"]) - 1]
        (candidates.missed if row["missed"] else candidates.proposed).append(opened(row, data_keys))
    return found
