"""What PostgreSQL keeps of each visit, each track's shots and each look, indexes included."""

import json
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from realtime_workers.day_offline import largest_track
from regulars.steps.set_up import open_tenant
from regulars.store.session import transaction
from regulars.store.templates import Gallery
from regulars.tenancy import PLATFORM, Tenancy
from tests.bench.past import long_past
from tests.bench.search_ours import servers
from tests.bench.templates_filled import write_templates
from tests.sealing import DATA_KEYS
from tests.shop import NOON

ROWS, LOOKS_A_PERSON = 20_000, 3
_TABLES = "visits", "sightings", "crossings", "rollup_days", "customers", "tenant_customers", "visitor_numbers"
_LOOKS = "face_templates", "face_template_keys"
_TAKEN = """
select coalesce(sum(pg_total_relation_size(i.inhrelid)), 0) + pg_total_relation_size(cast('{0}' as regclass))
from pg_inherits i where i.inhparent = cast('{0}' as regclass)
"""
_BARE = text("create temp table bare on commit drop as select * from sightings limit :rows")
# Simulated tracks name no manifest and no shots.
_AS_REAL = """
create temp table {name} on commit drop as
select (jsonb_populate_record(b, jsonb_build_object('manifest_key', cast(:key as text), 'shots', {shots}))).*
from bare b
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes: a `visit` with its tracks and in rollups, `shots` of a track while they are kept, a `look` sealed."""

    visit: float
    shots: float
    look: float


def stored(dimension: int, face_px: int) -> Stored:
    """Measure them; a shot's face is so wide, a look has so many dimensions."""
    with long_past() as past, transaction(past.owner, Tenancy(past.tenant_id)) as connection:
        visit, shots = _of_past(connection, face_px)
    return Stored(visit, shots, _look(dimension))


def _of_past(connection: Connection, face_px: int) -> tuple[float, float]:
    taken = sum(_taken(connection, table) for table in _TABLES)
    visits, tracks = (
        int(connection.exec_driver_sql(f"select count(*) from {table}").scalar_one())  # noqa: S608 - names of ours
        for table in ("visits", "sightings")
    )
    key, shots = _as_kept(face_px)
    connection.execute(_BARE, {"rows": ROWS})
    connection.execute(text(_AS_REAL.format(name="named", shots="shots")), {"key": key})
    said = {"key": key, "shots": shots}
    connection.execute(text(_AS_REAL.format(name="shown", shots="cast(:shots as jsonb)")), said)
    bare, named, shown = (_taken(connection, table) / ROWS for table in ("bare", "named", "shown"))
    return (taken + (named - bare) * tracks) / visits, shown - named


def _as_kept(face_px: int) -> tuple[str, str]:
    """Return a manifest's key, and a track's most shots as `record_sighting` keeps them."""
    chance, manifest = np.random.default_rng(1), largest_track(face_px).manifest
    kept = [
        {
            "key": shot.key,
            "at": shot.at.isoformat(),
            # As long as what a detector says of a place, which is seldom a round number.
            "box": [float(side) for side in (np.array(shot.box) + chance.random(4)).astype(np.float32)],
            "quality": float(chance.random()),
            "used": True,
            "refused": None,
        }
        for shot in manifest.shots
    ]
    return manifest.shots[0].key.rpartition("/")[0] + "/track.json", json.dumps(kept)


def _look(dimension: int) -> float:
    with servers() as started:
        with transaction(started.owner, PLATFORM) as connection:
            chain = open_tenant(connection, name="looks", site_name="shop", now=NOON, sharing="isolated").tenant
        gallery = Gallery(chain.scope_id, "customer", "bench")
        vectors = np.zeros((ROWS, dimension), np.float32)
        write_templates(started.owner, gallery, vectors, LOOKS_A_PERSON, DATA_KEYS)
        with transaction(started.owner, PLATFORM) as connection:
            return sum(_taken(connection, table) for table in _LOOKS) / ROWS


def _taken(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(_TAKEN.format(table)).scalar_one())
