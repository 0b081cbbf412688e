"""What changed in galleries since somebody last read them: how a copy in memory follows PostgreSQL, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, func, select, text

from regulars.domain.faces import FloatArray
from regulars.store.data_keys import data_keys_of
from regulars.store.tables import face_templates
from regulars.store.templates import Gallery, templates_in
from regulars.tenancy import NETWORK_SCOPE_ID

_T = face_templates.c


@dataclass(frozen=True, slots=True)
class ReadUpTo:
    """How far a gallery was read: looks up to the number `seq`, and those that left in transactions before `gone_in`.

    `database` names the database and its server's start: after a restore or a failover numbers may come a second time.
    `at` is when it was read, by PostgreSQL's clock.
    """

    seq: int = 0
    gone_in: int = 0
    database: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """Looks by `seq`, whose they are, and their vectors, float32 [n, d]."""

    seqs: list[int]
    people: list[UUID]
    vectors: FloatArray


@dataclass(frozen=True, slots=True)
class Changes:
    """What came and went since. `whole`: nothing else is missing from what this transaction sees.

    `people_elsewhere` have looks of other packs only.
    """

    added: Added | None
    gone: list[int]
    whole: bool
    people_elsewhere: int
    up_to: ReadUpTo


_DATABASE = (
    "(select oid from pg_database where datname = current_database())::text || ' ' || pg_postmaster_start_time()::text"
)
_ASKED = (
    "unnest(cast(:scopes as uuid[]), cast(:kinds as text[]), cast(:packs as text[]), cast(:seqs as bigint[]),"
    " cast(:gone_ins as bigint[])) with ordinality as g(scope_id, kind, pack, seq, gone_in, place)"
)
_GONE = (
    "select x.seq, null::uuid, null::uuid, null::bytea, null::bytea from templates_gone x where x.scope_id = g.scope_id"
    " and x.kind = g.kind and x.pack = g.pack and g.gone_in > 0 and x.gone_in >= g.gone_in"
)
_NOW = f"{_DATABASE}, now(), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
# Templates of a scope are written under its lock, whatever their kind, so `seq` rises in the order of commits. Removals
# need no lock: what an unfinished transaction takes out is read again (`pg_snapshot_xmin`) until it has ended.
_CHANGES = text(
    f"select g.place, {_NOW}, l.last, e.people, c.* from {_ASKED}"  # noqa: S608 - our own words
    " cross join lateral (select coalesce(max(t.seq), 0) as last from face_templates t"
    " where t.scope_id = g.scope_id and t.pack = g.pack) l"
    # Mostly there is one pack only, which both ends of an index say; to count people of others reads the whole gallery.
    " cross join lateral (select case when coalesce((select min(n.pack) from face_templates n"
    " where n.scope_id = g.scope_id), g.pack) = g.pack and coalesce((select max(n.pack) from face_templates n"
    " where n.scope_id = g.scope_id), g.pack) = g.pack then 0 else (select count(distinct o.subject_id)"
    " from face_templates o"
    " where o.scope_id = g.scope_id and (o.pack < g.pack or o.pack > g.pack) and o.kind = g.kind"
    " and o.withdrawn_by is null and not exists (select from face_templates s where s.scope_id = g.scope_id"
    " and s.kind = g.kind and s.subject_id = o.subject_id and s.pack = g.pack and s.withdrawn_by is null)) end"
    # `offset 0`: once for a gallery; without it PostgreSQL asks again for every look that is returned.
    " as people offset 0) e"
    " left join lateral ((select t.seq, t.template_id, t.subject_id, t.vector, k.data_key_wrapped"
    " from face_templates t join face_template_keys k using (scope_id, template_id)"
    " where t.scope_id = g.scope_id and t.pack = g.pack and t.kind = g.kind and t.seq > g.seq"
    " and t.withdrawn_by is null order by t.seq limit :most)"
    f" union all ({_GONE})) c on true order by g.place, c.seq"
).execution_options(binary=True)
_ONLY_GONE = text(
    "select g.place, x.seq, exists (select from tenants n where n.tenant_id = g.scope_id or g.scope_id = :network),"  # noqa: S608 - our own words
    f" {_NOW} from {_ASKED} left join lateral ({_GONE}) x on true order by g.place"
)


def read_changes(connection: Connection, wanted: Sequence[tuple[Gallery, ReadUpTo]], most: int) -> list[Changes]:
    """Return for each gallery at most `most` looks that are newer, and all that left; for who may see them."""
    if not wanted:
        return []
    found: list[list[Any]] = [[] for _ in wanted]
    for row in connection.execute(_CHANGES, _asked(wanted) | {"most": most + 1}):
        found[row[0] - 1].append(row)
    return [_changes(connection, rows, most) for rows in found]


def has_more_than(connection: Connection, gallery: Gallery, looks: int) -> bool:
    """Say whether the gallery has more than so many looks."""
    wanted = select(_T.template_id).where(*templates_in(gallery)).limit(looks + 1).subquery()
    return (connection.scalar(select(func.count()).select_from(wanted)) or 0) > looks


def read_gone(
    connection: Connection, wanted: Sequence[tuple[Gallery, ReadUpTo]]
) -> list[tuple[list[int], ReadUpTo] | None]:
    """Return for each gallery the looks that left, and how far that is read now; None: its chain has left.

    For the platform.
    """
    if not wanted:
        return []
    found: list[list[Any]] = [[] for _ in wanted]
    for row in connection.execute(_ONLY_GONE, _asked(wanted) | {"network": NETWORK_SCOPE_ID}):
        found[row[0] - 1].append(row)
    return [_gone(rows, before) for (_, before), rows in zip(wanted, found, strict=True)]


def _gone(rows: Sequence[Any], before: ReadUpTo) -> tuple[list[int], ReadUpTo] | None:
    _, _, is_there, database, at, gone_in = rows[0]
    gone = [row[1] for row in rows if row[1] is not None]
    return (gone, ReadUpTo(before.seq, gone_in, database, at)) if is_there else None


def _asked(wanted: Sequence[tuple[Gallery, ReadUpTo]]) -> dict[str, Any]:
    return {
        "scopes": [gallery.scope_id for gallery, _ in wanted],
        "kinds": [gallery.kind for gallery, _ in wanted],
        "packs": [gallery.pack for gallery, _ in wanted],
        "seqs": [before.seq for _, before in wanted],
        "gone_ins": [before.gone_in for _, before in wanted],
    }


def _changes(connection: Connection, rows: Sequence[Any], most: int) -> Changes:
    _, database, at, gone_in, last, elsewhere, *_ = rows[0]
    newer = [row for row in rows if row[7] is not None]
    whole, newer = len(newer) <= most, newer[:most]
    added = _opened(connection, newer) if newer else None
    gone = [row[6] for row in rows if row[6] is not None and row[7] is None]
    up_to = ReadUpTo(last if whole else newer[-1][6], gone_in, database, at)
    return Changes(added, gone, whole, elsewhere, up_to)


def _opened(connection: Connection, rows: Sequence[Any]) -> Added:
    data_keys = data_keys_of(connection)
    opened = [data_keys.open(bytes(row[10]), bytes(row[9]), row[7].bytes) for row in rows]
    vectors = np.stack([np.frombuffer(one, "<f4") for one in opened]).astype(np.float32)
    return Added([row[6] for row in rows], [row[8] for row in rows], vectors)
