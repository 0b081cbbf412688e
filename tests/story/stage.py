"""A running onebox for the stories, with one chain in it, and what a test looks at: tracks, visits, both indexes."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlalchemy import func, select

from compose.onebox.box import Onebox
from compose.onebox.first_start import open_chain
from compose.onebox.portal import Portal
from compose.onebox.processes import child_environment
from regulars.domain.tracks import parse_manifest_key
from regulars.errors import DependencyAway
from regulars.ids import minted_at
from regulars.settings import CHECKOUT, Settings
from regulars.steps.index_templates import collection_of
from regulars.steps.lost_tracks import YOUNGEST
from regulars.store.paging import Piece
from regulars.store.session import connect, transaction
from regulars.store.set_aside import list_set_aside
from regulars.store.sightings import Sighting, sightings_between
from regulars.store.tables import customers, face_templates
from regulars.store.visit_list import ListedVisit, VisitFilter, page_of_visits
from regulars.tenancy import PLATFORM, Tenancy
from regulars.wiring import object_store, pack_identity, vector_index
from tests.waiting import PATIENCE_S, wait_for

LOOK_EVERY_S = 0.02


@contextmanager
def data_folder() -> Generator[Path]:
    """A folder for a onebox. Not pytest's: each run of pytest closes that one's parent to PostgreSQL's system user."""
    with tempfile.TemporaryDirectory(prefix="regulars-story-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def story_box(folder: Path) -> Onebox:
    """A onebox whose worker tells often what it does."""
    return Onebox(folder, Settings().models_dir, lambda _: None, heartbeat_every_s=0.5)


class SpoolWatch:
    """Notes every track that was ever written to a worker's spool, finished or still followed."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._seen: set[UUID] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="spool-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def ever(self) -> set[UUID]:
        return set(self._seen)

    def now(self, part: str) -> list[str]:
        return [file.stem for file in (self._spool / part).glob("*.zip")]

    def empty(self) -> bool:
        return not self.now("ready") and not self.now("open")

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            self._seen |= {UUID(name) for part in ("ready", "open") for name in self.now(part)}


class Stage:
    """A running onebox with a chain in it; leaving the context stops it."""

    def __init__(self, box: Onebox, *, visit_gap_minutes: float = 30.0) -> None:
        self.box = box
        self._visit_gap_minutes = visit_gap_minutes

    def __enter__(self) -> Self:
        try:
            self.box.start()
            self.settings = self.box.settings()
            self.engine = connect(self.box.database_url, pool_size=2)
            self.chain = open_chain(
                self.box.place,
                self.engine,
                name="Story",
                site_name="Door",
                time_zone="UTC",
                visit_gap_minutes=self._visit_gap_minutes,
            )
            self.portal = Portal(self.box.gateway_url, self.chain.email, self.chain.password)
        except BaseException:
            self.box.supervisor.close()
            raise
        self.objects, self.vectors = object_store(self.settings), vector_index(self.settings)
        self.tenant_id = self.chain.tenant.tenant_id
        self.tenancy = Tenancy(self.tenant_id, self.chain.tenant.scope_id)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.portal.close()
        self.engine.dispose()
        self.box.supervisor.close()

    def add_camera(self, rtsp_url: str) -> str:
        setup: dict[str, Any] = {"site_id": str(self.chain.site.site_id), "name": "door", "type": "rtsp"}
        return str(self.portal.add_camera(setup | {"rtsp_url": rtsp_url})["camera_id"])

    def log(self, part: str) -> str:
        return self.box.place.log(part).read_text(encoding="utf-8")

    def manifests(self) -> dict[UUID, datetime]:
        """Return every track whose manifest is in the object store, with when (UTC) it was written."""
        found = self.objects.list(f"tracks/{self.tenant_id}/")
        return {parse_manifest_key(one.key).track_id: one.modified_at for one in found if one.key.endswith(".json")}

    def has_sent_since(self, moment: datetime) -> bool:
        """Say whether a track that began after `moment` (UTC) is in the store; a store that is away has none."""
        try:
            return any(minted_at(track_id) > moment for track_id in self.manifests())
        except DependencyAway:
            return False

    def reconcile(self) -> None:
        """Run the operator's command for lost events, as soon as no manifest is too young for it."""
        old_enough_at = max(self.manifests().values()) + YOUNGEST + timedelta(seconds=1)
        wait_for(lambda: datetime.now(UTC) > old_enough_at, "all manifests were old enough")
        command = [sys.executable, "-m", "regulars", "reconcile_tracks"]
        environment = child_environment(REGULARS_DATA_DIR=str(self.box.place.root))
        done = subprocess.run(
            command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        assert done.returncode == 0, done.stderr

    def sightings(self) -> list[Sighting]:
        with transaction(self.engine, self.tenancy) as connection:
            return sightings_between(connection, self.tenant_id, *_around_now())

    def visits(self) -> list[ListedVisit]:
        with transaction(self.engine, self.tenancy) as connection:
            return page_of_visits(connection, self.tenant_id, VisitFilter(), Piece("-started_at", 1000)).rows

    def customers(self) -> int:
        with transaction(self.engine, self.tenancy) as connection:
            return connection.scalar(select(func.count()).select_from(customers)) or 0

    def set_aside(self) -> list[str]:
        with transaction(self.engine, PLATFORM) as connection:
            return [one.reason for one in list_set_aside(connection)]

    def templates(self) -> list[UUID]:
        """Return the ids of all face templates in PostgreSQL."""
        with transaction(self.engine, self.tenancy) as connection:
            return sorted(connection.scalars(select(face_templates.c.template_id)))

    def indexed(self) -> list[UUID]:
        """Return the ids of all face templates in Milvus."""
        digest, _ = pack_identity(self.settings)
        return sorted(self.vectors.template_ids(collection_of(digest)))


def repeated(values: Iterable[object]) -> list[object]:
    """Return what occurs more than once."""
    seen = list(values)
    return [value for value in set(seen) if seen.count(value) > 1]


def _around_now() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=1), now + timedelta(days=1)
