"""A simulated past into PostgreSQL: the same rows that recognize would have written, without a face in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from compose.simulation.past import STAFF_OF_A_SHOP, Array, Asked, Past
from compose.simulation.people import NOBODY
from compose.simulation.shops import CLOSES, HOURS, OPENS
from regulars.domain.cameras import Line
from regulars.ids import new_id
from regulars.store.bulk_loading import BulkLoading, id_of
from regulars.store.cameras import CameraSetup, add_camera
from regulars.store.rollups import mark_simulated
from regulars.store.session import Engine, transaction
from regulars.store.tenants import Site, Tenant, add_site, add_tenant
from regulars.store.visits import ensure_month
from regulars.tenancy import PLATFORM, Tenancy

VISIT, COMING, LEAVING, PASSING, PERSON = 1, 2, 3, 4, 5
_GAP_MINUTES = 30.0
_WITH_A_LINE = 0
"""Of each shop's two cameras one looks at who comes and one at who leaves; this shop's are crossed lines instead."""

_SAID = "['new', 'returning', 'undetermined'][status + 1]"
_OUTCOME = "['new', 'known', 'undetermined'][status + 1]"
_GENDER = "['male', 'female', 'unknown'][gender + 1]"
_SITE, _CAMERA = "cast($sites[site + 1] as uuid)", "cast($cameras[camera + 1] as uuid)"
_TENANT, _NO_ONE = "cast($tenant_id as uuid)", "cast(null as uuid)"
_PERSON = f"case when person > 0 then {id_of(PERSON, '0', 'person')} end"


def _at(column: str) -> str:
    return f"make_timestamptz({column})"


_VISITS = {
    "tenant_id": _TENANT,
    "visit_id": id_of(VISIT, "at_us", "number"),
    "started_at": _at("at_us"),
    "ended_at": _at("at_us + 1000000 * greatest(dwell_s, 4)"),
    "site_id": _SITE,
    "customer_id": _PERSON,
    "status": _SAID,
    "gender": _GENDER,
    "direction": "'in'",
    "sightings": "1 + cast(dwell_s >= 0 as integer)",
    "created_at": _at("at_us + 6000000"),
}
_SIGHTINGS = {
    "tenant_id": _TENANT,
    "site_id": _SITE,
    "camera_id": _CAMERA,
    "lease_id": _CAMERA,
    "manifest_key": "''",
    "started_at": _at("at_us"),
    "ended_at": _at("at_us + 4000000"),
    "reason": "'simulated'",
    "gender_male_weight": "0",
    "gender_weight": "0",
    "detections": "20",
    "shots": "'[]'",
    "recognized_at": _at("at_us + 6000000"),
}
_OF_VISITS = _SIGHTINGS | {
    "track_id": id_of(COMING, "at_us", "number"),
    "direction": "'in'",
    "outcome": _OUTCOME,
    "customer_id": _PERSON,
    "visit_id": id_of(VISIT, "at_us", "number"),
    "gender": _GENDER,
}
# Who is seen leaving was recognized again, so a new customer is a known one by then.
_LEAVING = _OF_VISITS | {
    "track_id": id_of(LEAVING, "came_us", "number"),
    "direction": "'out'",
    "outcome": "case when person > 0 then 'known' else 'undetermined' end",
    "visit_id": id_of(VISIT, "came_us", "number"),
}
_OTHERS = _SIGHTINGS | {
    "track_id": id_of(PASSING, "at_us", "number"),
    "direction": "'unknown'",
    "outcome": "case when member > 0 then 'staff' else 'rejected' end",
    "staff_id": f"case when member > 0 then {id_of(PERSON, '1', 'site * 100 + member')} end",
    "gender": "'unknown'",
}
_CROSSINGS = {
    "tenant_id": _TENANT,
    "number": "0",
    "site_id": _SITE,
    "camera_id": _CAMERA,
    "at": _at("at_us + 1000000"),
}
_CUSTOMERS = {"scope_id": _TENANT, "customer_id": _PERSON, "gender": "'unknown'", "created_at": _at("at_us")}
_KNOWN = {"tenant_id": _TENANT, "customer_id": _PERSON, "scope_id": _TENANT, "first_visit_at": _at("at_us")}
_STAFF = {
    "tenant_id": _TENANT,
    "staff_id": id_of(PERSON, "1", "site * 100 + member"),
    "name": "printf('Staff %d of shop %d', member, site + 1)",
    "gender": "'unknown'",
    "active": "true",
    "created_at": _at("at_us"),
}
_LEASES = {
    "tenant_id": _TENANT,
    "camera_id": _CAMERA,
    "lease_id": id_of(PASSING, "from_us", "camera"),
    "worker_id": "'simulated'",
    "acquired_at": _at("from_us"),
    "expires_at": _at("to_us"),
    "released_at": _at("to_us"),
}
_SIGHT = {"tenant_id": _TENANT, "camera_id": _CAMERA, "since": _at("from_us"), "until": _at("to_us")}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The tenant that was made, and how many rows of each table."""

    tenant_id: UUID
    rows: dict[str, int]


def load_past(past: Past, asked: Asked, name: str, *, owner: Engine, say: Callable[[str], None]) -> Loaded:
    """Write a simulated past as a tenant of its own, marked as simulated.

    Raises DependencyAway; the tenant stays then, without rows.
    """
    began = datetime.combine(asked.first, time(), UTC)
    tenant = Tenant(new_id(), name, "isolated", began)
    sites = [
        Site(tenant.tenant_id, new_id(), shop.name, shop.time_zone, _GAP_MINUTES, began, HOURS) for shop in past.shops
    ]
    cameras = [new_id() for _ in range(2 * len(sites))]
    with transaction(owner, PLATFORM) as connection:
        add_tenant(connection, tenant)
        mark_simulated(connection, tenant.tenant_id, asked.seed, asked.until)
        for number, site in enumerate(sites):
            add_site(connection, site)
            for place in (0, 1):
                camera = cameras[2 * number + place]
                add_camera(connection, tenant.tenant_id, site.site_id, camera, _camera(number, place), began)
    # East of Greenwich the first day begins on the day before, by UTC.
    for day in (asked.first - timedelta(days=1), *asked.days):
        if day.day == 1 or day in (asked.first - timedelta(days=1), asked.days[0], asked.days[-1]):
            with transaction(owner, Tenancy(tenant.tenant_id)) as connection:
                ensure_month(connection, datetime.combine(day, time(), UTC))
    given = {"tenant_id": str(tenant.tenant_id), "sites": [str(one.site_id) for one in sites]}
    rows = _load_rows(past, asked, given | {"cameras": [str(one) for one in cameras]}, owner, say)
    return Loaded(tenant.tenant_id, rows)


def _load_rows(
    past: Past, asked: Asked, given: dict[str, Any], owner: Engine, say: Callable[[str], None]
) -> dict[str, int]:
    visits = past.visits | {"number": np.arange(past.visits["at_us"].size)}
    visits |= {"camera": visits["site"] * 2, "came_us": visits["at_us"]}
    left = {name: column[visits["dwell_s"] >= 0] for name, column in visits.items()}
    left |= {"at_us": left["at_us"] + (left["dwell_s"] - 4) * 1_000_000, "camera": left["camera"] + 1}
    others = past.others | {"number": np.arange(past.others["at_us"].size), "camera": past.others["site"] * 2}
    met, held = _first_of_each(visits), _leases(past, asked)
    loads = [
        ("staff", _STAFF, _staff(past, asked)),
        ("customers", _CUSTOMERS, met),
        ("tenant_customers", _KNOWN, met),
        ("camera_leases", _LEASES, held),
        ("camera_sight", _SIGHT, held),
        ("sightings", _OTHERS, others),
        ("visits", _VISITS, visits),
        ("sightings", _OF_VISITS, visits),
        ("sightings", _LEAVING, left),
        ("crossings", _CROSSINGS | {"track_id": _OF_VISITS["track_id"], "direction": "'in'"}, _on_line(visits)),
        ("crossings", _CROSSINGS | {"track_id": _LEAVING["track_id"], "direction": "'out'"}, _on_line(left)),
    ]
    rows: dict[str, int] = {}
    with BulkLoading(owner) as loading:
        for table, columns, values in loads:
            rows[table] = rows.get(table, 0) + loading.load(table, columns, values, given)
            say(f"{table}: {rows[table]:,} rows")
    return rows


def _camera(shop: int, place: int) -> CameraSetup:
    has_line = shop == _WITH_A_LINE
    return CameraSetup(
        name=("door", "exit")[place],
        type="webcam",
        webcam_index=place,
        rtsp_url_sealed=None,
        file_path=None,
        file_starts_at=None,
        line=Line(x1=0.1, y1=0.5, x2=0.9, y2=0.5) if has_line else None,
        role="both" if has_line else ("in", "out")[place],
        recognition=True,
        wanted_state="stopped",
    )


def _first_of_each(visits: dict[str, Array]) -> dict[str, Array]:
    told = visits["person"] != NOBODY
    people, first = np.unique(visits["person"][told], return_index=True)
    return {"person": people, "at_us": visits["at_us"][told][first]}


def _on_line(tracks: dict[str, Array]) -> dict[str, Array]:
    return {name: column[tracks["site"] == _WITH_A_LINE] for name, column in tracks.items()}


def _staff(past: Past, asked: Asked) -> dict[str, Array]:
    many = len(past.shops) * STAFF_OF_A_SHOP
    began_us = datetime.combine(asked.first, time(), UTC).timestamp() * 1e6
    site, member = np.arange(many) // STAFF_OF_A_SHOP, np.arange(many) % STAFF_OF_A_SHOP + 1
    return {"site": site, "member": member, "at_us": np.full(many, int(began_us))}


def _leases(past: Past, asked: Asked) -> dict[str, Array]:
    """Return when a worker held each camera: while the shop was open, but for the outages of its first camera."""
    spans: list[tuple[int, datetime, datetime]] = []
    for shop in past.shops:
        zone = ZoneInfo(shop.time_zone)
        down = [(began, ended) for site, began, ended in past.outages if site == shop.number]
        for day in asked.days:
            opens = datetime.combine(day, OPENS, zone).astimezone(UTC) - timedelta(minutes=30)
            closes = datetime.combine(day, CLOSES, zone).astimezone(UTC) + timedelta(minutes=30)
            spans += [(2 * shop.number, *span) for span in _without(opens, min(closes, asked.until), down)]
            spans += [(2 * shop.number + 1, *span) for span in _without(opens, min(closes, asked.until), [])]
    return {
        "camera": np.array([camera for camera, _, _ in spans]),
        "from_us": np.array([int(began.timestamp() * 1e6) for _, began, _ in spans]),
        "to_us": np.array([int(ended.timestamp() * 1e6) for _, _, ended in spans]),
    }


def _without(
    began: datetime, ended: datetime, down: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    spans: list[tuple[datetime, datetime]] = []
    for stops, goes_on in down:
        if began < stops < ended:
            spans.append((began, stops))
        if began < goes_on:
            began = max(began, goes_on) if stops < ended else began
    return [*spans, (began, ended)] if began < ended else spans
