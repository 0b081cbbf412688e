"""A worker that froze for longer than its lease finds its camera taken: no track is lost, nobody is counted twice."""

import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from compose.onebox.processes import Launch, child_environment
from compose.onebox.servers.rtsp import RtspServer
from regulars.ids import minted_at
from regulars.settings import CHECKOUT
from regulars.store.session import transaction
from regulars.store.tables import camera_leases
from tests.story.films import Film, comes_in, goes_out, make_film
from tests.story.stage import SpoolWatch, Stage, data_folder, repeated, story_box
from tests.waiting import wait_for

PEOPLE = ("ash", "birch", "cedar", "elm")
SECOND = "worker-2"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    walks = [(comes_in, goes_out)[number % 2](person, 0.3 + 3.2 * number) for number, person in enumerate(PEOPLE)]
    return make_film(tmp_path_factory.mktemp("media") / "door.mp4", *walks)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with data_folder() as folder, Stage(story_box(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def film_url(stage: Stage, film: Film) -> str:
    """The address at which a real RTSP server plays the film, over and over."""
    server = RtspServer(stage.box.place, stage.box.supervisor, film.path.parent)
    server.start()
    return server.url(film.path.name)


@pytest.fixture
def spool(stage: Stage) -> Iterator[SpoolWatch]:
    with SpoolWatch(stage.box.place.folder("spool")) as watching:
        yield watching


def check_nothing_lost_nobody_twice(stage: Stage, followed: set[UUID]) -> None:
    """Hold what came out against what the worker ever followed, and against who walks in the film."""
    seen = [sighting.track_id for sighting in stage.sightings()]
    assert followed <= set(seen)
    assert sorted(seen) == sorted(stage.manifests())
    assert stage.set_aside() == []
    told_customers = [visit.customer_id for visit in stage.visits()]
    assert None not in told_customers
    assert repeated(told_customers) == []
    assert len(told_customers) == stage.customers() == len(PEOPLE)
    wait_for(lambda: stage.templates() == stage.indexed(), "the index has followed PostgreSQL")
    assert "spool_full" not in stage.log("worker")


@contextmanager
def second_worker(stage: Stage) -> Generator[SpoolWatch]:
    """Run another worker beside the onebox's own, with a spool of its own."""
    folder = stage.box.place.folder("spool-2")
    own = {"REGULARS_WORKER_ID": SECOND, "REGULARS_SPOOL_DIR": str(folder)}
    command = (sys.executable, "-m", "realtime_workers.main")
    log, environment = stage.box.place.log(SECOND), child_environment(**{**stage.box.environment, **own})
    stage.box.supervisor.start(Launch(SECOND, command, cwd=CHECKOUT, log=log, env=environment, stage=2))
    with SpoolWatch(folder) as watching:
        yield watching
    stage.box.supervisor.stop(SECOND)


def leases(stage: Stage, camera_id: str) -> list[tuple[UUID, datetime, datetime | None]]:
    """Return (lease_id, acquired_at, released_at) of the camera, the first lease first."""
    wanted = select(camera_leases.c.lease_id, camera_leases.c.acquired_at, camera_leases.c.released_at)
    of_camera = wanted.where(camera_leases.c.camera_id == UUID(camera_id)).order_by(camera_leases.c.acquired_at)
    with transaction(stage.engine, stage.tenancy) as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(of_camera)]


def test_a_worker_that_was_frozen_finds_its_camera_taken(stage: Stage, film_url: str, spool: SpoolWatch) -> None:
    camera_id = stage.add_camera(film_url)
    wait_for(lambda: stage.customers() == len(PEOPLE), "everybody of the film was seen")
    wait_for(lambda: spool.now("open"), "the first worker follows somebody")
    frozen = stage.box.supervisor.pid("worker")
    assert frozen
    with second_worker(stage) as second_spool:
        os.kill(frozen, signal.SIGSTOP)
        try:
            wait_for(lambda: stage.portal.camera(camera_id)["worker"] == SECOND, "the second worker took over")
            wait_for(lambda: second_spool.now("open"), "the second worker follows somebody")
        finally:
            os.kill(frozen, signal.SIGCONT)
        awake_at = datetime.now(UTC)
        let_go = f'"camera_stopped", "camera_id": "{camera_id}"'
        wait_for(lambda: let_go in stage.log("worker"), "the first one has stopped")
        wait_for(lambda: stage.has_sent_since(awake_at), "the second one goes on")
        stage.portal.change_camera(camera_id, {"wanted_state": "stopped"})
        # A spool may be empty between two people: it stays so when the camera is let go.
        wait_for(lambda: leases(stage, camera_id)[-1][2], "the second one has let the camera go")
        wait_for(lambda: spool.empty() and second_spool.empty(), "both have sent everything")
    (first, _, released_at), (second, taken_at, _) = leases(stage, camera_id)
    assert released_at == taken_at
    stage.reconcile()
    seen = stage.sightings()
    assert {sighting.lease_id for sighting in seen} == {first, second}
    assert all(sighting.ended_at < taken_at for sighting in seen if sighting.lease_id == first)
    assert all(sighting.started_at > taken_at for sighting in seen if sighting.lease_id == second)
    refused = {UUID(name) for name in spool.now("refused")}
    assert all(minted_at(track_id) > taken_at for track_id in refused)
    check_nothing_lost_nobody_twice(stage, (spool.ever() | second_spool.ever()) - refused)
