"""A shop for tests: tenant, site and cameras in a real PostgreSQL, and tracks written to a real object store."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert

from regulars.domain.opening_hours import WEEKDAYS, OpeningHours, OpenSpan
from regulars.domain.tracks import Crossing, Direction, Shot, TrackManifest, manifest_prefix, track_prefix
from regulars.ids import new_id
from regulars.ports import ObjectStore
from regulars.steps.set_up import open_tenant
from regulars.store.session import transaction
from regulars.store.tables import cameras
from regulars.store.tenants import Sharing, Site, Tenant, add_site, change_tenant
from regulars.tenancy import PLATFORM, Tenancy
from tests.fake_pack import LANDMARKS, face_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def at(minutes: float, seconds: float = 0.0) -> datetime:
    """Return the moment that many minutes and seconds after NOON."""
    return NOON + timedelta(minutes=minutes, seconds=seconds)


def open_until(closes_at: time | None) -> OpeningHours:
    """Return hours that end at this time every day, after twelve hours; None: nobody has set any."""
    if closes_at is None:
        return ()
    opens = closes_at.replace(hour=(closes_at.hour + 12) % 24)
    return tuple(OpenSpan(weekday, opens, closes_at) for weekday in WEEKDAYS)


@dataclass
class Shop:
    """One site of a tenant of its own, with two cameras."""

    engine: Engine
    objects: ObjectStore
    tenant: Tenant
    site_id: UUID
    camera_ids: list[UUID] = field(default_factory=list[UUID])

    def tenancy(self) -> Tenancy:
        return Tenancy(self.tenant.tenant_id, self.tenant.scope_id)

    def open_another_site(self, **different: Any) -> "Shop":
        """Open a second shop of the same chain, with a camera."""
        site = Site(self.tenant.tenant_id, new_id(), f"shop {new_id()}", "UTC", 30.0, NOON)
        with transaction(self.engine, self.tenancy()) as connection:
            add_site(connection, replace(site, **different))
        other = Shop(self.engine, self.objects, self.tenant, site.site_id)
        other.add_camera()
        return other

    def add_camera(self, *, recognition: bool = True) -> UUID:
        camera_id = new_id()
        values: dict[str, Any] = {
            "tenant_id": self.tenant.tenant_id,
            "camera_id": camera_id,
            "site_id": self.site_id,
            "name": f"door {len(self.camera_ids)}",
            "type": "rtsp",
            "role": "both",
            "recognition": recognition,
            "wanted_state": "running",
            "state": "running",
            "state_reason": "none",
            "state_detail": "",
            "counters": {},
            "created_at": NOON,
        }
        with transaction(self.engine, self.tenancy()) as connection:
            connection.execute(insert(cameras).values(**values))
        self.camera_ids.append(camera_id)
        return camera_id

    def manifest(
        self,
        started_at: datetime,
        *,
        seconds: float = 4.0,
        camera: int = 0,
        shots: int = 3,
        quality: float = 0.8,
        direction: Direction = "in",
        box_x: float = 100.0,
        crossings: tuple[Crossing, ...] = (),
        track_id: UUID | None = None,
    ) -> TrackManifest:
        track = track_id or new_id()
        camera_id = self.camera_ids[camera]
        prefix = track_prefix(self.tenant.tenant_id, self.site_id, camera_id, started_at, track)
        taken = _shots(prefix, shots, started_at, timedelta(seconds=seconds), quality, box_x)
        return TrackManifest(
            track_id=track,
            tenant_id=self.tenant.tenant_id,
            site_id=self.site_id,
            camera_id=camera_id,
            lease_id=new_id(),
            worker_id="test-worker",
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=seconds),
            direction=direction,
            crossings=crossings,
            shots=taken,
            detections=20,
            frame_width=640,
            frame_height=480,
            detector_digest="fake",
        )

    def write(self, manifest: TrackManifest, *pictures: bytes) -> str:
        """Write the shots (the last picture for all that are left), then the manifest; return its key."""
        for number, shot in enumerate(manifest.shots):
            self.objects.put(shot.key, pictures[min(number, len(pictures) - 1)], "image/jpeg")
        key = f"{manifest_prefix(manifest)}track.json"
        self.objects.put(key, manifest.model_dump_json().encode(), "application/json")
        return key

    def walk_in(self, person: int, started_at: datetime, *, likeness_percent: int = 100, **how: Any) -> str:
        """Write a track of `person`; return its manifest's key."""
        return self.write(self.manifest(started_at, **how), face_of(person, likeness_percent))


def _shots(
    prefix: str, shots: int, began: datetime, lasts: timedelta, quality: float, box_x: float
) -> tuple[Shot, ...]:
    return tuple(
        Shot(
            key=f"{prefix}shot-{number}.jpg",
            at=began + lasts * number / max(1, shots),
            box=(box_x, 80.0, 48.0, 48.0),
            landmarks=LANDMARKS,
            detection_score=0.95,
            quality=quality,
        )
        for number in range(shots)
    )


def open_shop(
    engine: Engine,
    objects: ObjectStore,
    *,
    gap_minutes: float = 30.0,
    sharing: Sharing = "isolated",
    cameras_there: int = 2,
    closes_at: time | None = None,
    recognition: bool = True,
) -> Shop:
    """Open a shop with a new tenant, so that tests sharing one database do not see each other."""
    with transaction(engine, PLATFORM) as connection:
        opened = open_tenant(
            connection,
            name=f"chain {new_id()}",
            site_name="shop",
            now=NOON,
            sharing=sharing,
            visit_gap_minutes=gap_minutes,
        )
    tenant_id = opened.tenant.tenant_id
    with transaction(engine, Tenancy(tenant_id)) as connection:
        add_site(connection, replace(opened.site, opening_hours=open_until(closes_at)))
        change_tenant(connection, tenant_id, recognition=recognition)
    shop = Shop(engine, objects, opened.tenant, opened.site.site_id)
    for _ in range(cameras_there):
        shop.add_camera()
    return shop
