"""Live view: pictures go to those who watch, at every replica, to nobody else, and are gone when nobody does."""

import threading
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from functions.gateway.app import create_app
from regulars.domain.cameras import LeasedCamera
from regulars.domain.watching import KEPT_S, FaceBox, LivePicture, pack_picture
from regulars.ids import new_id
from regulars.store import watching
from regulars.store.audit import entries
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World, serving
from tests.integration.gateway.seeding import add_person, add_visit
from tests.integration.watching.said_worker import SaidWorker, a_jpeg
from tests.integration.watching.viewer import Viewer
from tests.waiting import wait_for


def held_camera(world: World, chain: Chain) -> tuple[SaidWorker, LeasedCamera]:
    world.add_camera(chain)
    worker = SaidWorker(world, chain)
    [camera] = worker.hold()
    return worker, camera


def kept_pictures(world: World, chain: Chain) -> int:
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        return connection.scalar(text("select count(*) from live_pictures")) or 0


def test_pictures_flow_while_somebody_watches_and_end_with_the_last_viewer(world: World, chain: Chain) -> None:
    worker, camera = held_camera(world, chain)
    asked = worker.told_to_watch([camera.camera_id])
    box = FaceBox(track_id=new_id(), x=0.25, y=0.5, width=0.1, height=0.2)
    with Viewer(world.logged_in(chain.emails["manager"]), [camera.camera_id]) as viewer:
        asked.result()
        assert worker.show(camera, a_jpeg(), (box,)).json() == {"watched": True}
        shown = viewer.next("picture")
    assert shown.jpeg == a_jpeg()
    assert shown.facts["camera_id"] == str(camera.camera_id)
    assert [FaceBox.model_validate(one) for one in shown.facts["boxes"]] == [box]
    assert "lease_id" not in shown.facts
    wait_for(lambda: worker.wishes([camera.camera_id]).watched == (), "the worker heard that nobody watches")
    assert worker.show(camera, a_jpeg()).json() == {"watched": False}
    assert kept_pictures(world, chain) == 0


WAITING = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")


def test_a_picture_that_the_last_viewer_overtakes_is_not_kept(
    world: World, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, camera = held_camera(world, chain)
    viewer = Viewer(world.logged_in(chain.emails["owner"]), [camera.camera_id])
    put = watching.put_picture

    def nobody_watches() -> bool:
        with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
            watchers = connection.scalar(text("select count(*) from camera_watchers"))
            return watchers == 0 or connection.scalar(WAITING) != 0

    def put_late(*asked: Any) -> None:
        viewer.leave()
        wait_for(nobody_watches, "the viewer had left, or waited to")
        put(*asked)

    monkeypatch.setattr(watching, "put_picture", put_late)
    assert worker.show(camera, a_jpeg()).json() == {"watched": True}
    wait_for(lambda: kept_pictures(world, chain) == 0, "the picture was forgotten")


def test_viewers_at_several_replicas_see_one_upload(world: World, chain: Chain) -> None:
    worker, camera = held_camera(world, chain)
    client = world.logged_in(chain.emails["owner"])
    with serving(create_app(world.settings, clock=world.clock)) as url:
        away = httpx.Client(base_url=url, cookies=client.cookies, headers=client.headers)
        world.clients.append(away)
        with Viewer(client, [camera.camera_id]) as one, Viewer(client, [camera.camera_id]) as two:
            with Viewer(away, [camera.camera_id]) as three:
                for shade in (10, 200):
                    worker.show(camera, a_jpeg(shade))
                    for viewer in (one, two, three):
                        assert viewer.next("picture", lambda m, s=shade: m.jpeg == a_jpeg(s))
            assert worker.show(camera, a_jpeg(90)).json() == {"watched": True}


def test_a_slow_viewer_skips_pictures_and_gets_the_newest(world: World, chain: Chain) -> None:
    worker, camera = held_camera(world, chain)
    client, read_on = world.logged_in(chain.emails["owner"]), threading.Event()
    with Viewer(client, [camera.camera_id], read_on) as slow, Viewer(client, [camera.camera_id]) as quick:
        sizes = [a_jpeg(shade, (540, 960), noisy=True) for shade in range(2)]
        assert len(sizes[0]) > 200_000
        for number in range(40):
            worker.show(camera, sizes[number % 2])
        worker.show(camera, a_jpeg())
        quick.next("picture", lambda message: message.jpeg == a_jpeg())
        read_on.set()
        skipped_to = 0
        while slow.next("picture").jpeg != a_jpeg():
            skipped_to += 1
    assert skipped_to < 40


def test_who_was_recognized_is_told_after_the_track_has_ended(world: World, chain: Chain) -> None:
    _, camera = held_camera(world, chain)
    customer_id = add_person(world, chain, world.clock())
    with Viewer(world.logged_in(chain.emails["owner"]), [camera.camera_id]) as viewer:
        world.clock.pass_by(0.01)
        add_visit(world, chain, world.clock(), customer_id=customer_id, status="new", camera_id=camera.camera_id)
        told = viewer.next("recognized").facts
    assert (told["state"], told["visit_number"], told["name"]) == ("new", 1, None)
    assert told["handle"] == customer_id.hex[-6:].upper()
    assert set(told) == {"kind", "camera_id", "track_id", "state", "name", "handle", "visit_number"}


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("manager", 200), ("analyst", 403)])
def test_who_may_watch(world: World, chain: Chain, role: Any, status: int) -> None:
    _, camera = held_camera(world, chain)
    client = world.logged_in(chain.emails[role])
    path = f"/v1/live-view?camera_id={camera.camera_id}"
    with client.stream("GET", path) as answer:
        assert answer.status_code == status


def test_another_chains_camera_is_as_good_as_none_and_the_operator_sees_nobody(world: World, chain: Chain) -> None:
    _, camera = held_camera(world, chain)
    path = f"/v1/live-view?camera_id={camera.camera_id}"
    other = world.logged_in(world.add_chain("Bún Chả").emails["owner"])
    assert other.get(path).json()["code"] == "not_found"
    assert world.logged_in(world.operator_email).get(path).status_code == 403
    assert world.logged_in(chain.emails["owner"]).get("/v1/live-view").status_code == 422


def test_each_beginning_is_audited(world: World, chain: Chain) -> None:
    _, camera = held_camera(world, chain)
    client = world.logged_in(chain.emails["owner"])
    for _ in range(2):
        Viewer(client, [camera.camera_id]).leave()
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        noted = [one for one in entries(connection, chain.tenant_id) if one.action == "camera.watched"]
    assert [one.subject_id for one in noted] == [str(camera.camera_id)] * 2


def test_a_picture_is_taken_from_the_holder_of_the_lease_alone(world: World, chain: Chain) -> None:
    worker, camera = held_camera(world, chain)
    other = world.add_chain("Bún Chả")
    with Viewer(world.logged_in(chain.emails["owner"]), [camera.camera_id]):
        assert worker.show(camera, a_jpeg(), lease_id=new_id()).json()["code"] == "lease_lost"
        assert SaidWorker(world, other).show(camera, a_jpeg()).json()["code"] == "lease_lost"
        path = f"/v1/worker/cameras/{camera.camera_id}/picture"
        assert worker.send(path, b"\0" * 7).json()["reason"] == "bad_picture"
        facts = LivePicture(lease_id=camera.lease_id, at=world.clock(), width=1, height=1, recognition=True)
        assert worker.send(path, pack_picture(facts, b"<html>")).json()["reason"] == "bad_picture"
        assert kept_pictures(world, chain) == 0


def test_what_a_dead_replica_left_behind_is_forgotten_with_a_heartbeat(world: World, chain: Chain) -> None:
    worker, camera = held_camera(world, chain)
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        connection.execute(
            text("insert into live_pictures values (:t, :c, :s, 1, :at, '{}', 'x')"),
            {"t": chain.tenant_id, "c": camera.camera_id, "s": chain.site_id, "at": world.clock()},
        )
    worker.hold()
    assert kept_pictures(world, chain) == 1
    world.clock.pass_by(KEPT_S + 1)
    worker.hold()
    assert kept_pictures(world, chain) == 0
    with transaction(world.parts.engine, PLATFORM) as connection:
        assert connection.scalar(text("select count(*) from live_pictures")) == 0


def test_where_answers_must_end_the_newest_picture_is_given(world: World, chain: Chain) -> None:
    worker, camera = held_camera(world, chain)
    client = world.logged_in(chain.emails["owner"])
    with serving(create_app(world.settings, clock=world.clock, holds_streams=False)) as url:
        ending = httpx.Client(base_url=url, cookies=client.cookies, headers=client.headers)
        world.clients.append(ending)
        path = f"/v1/live-view?camera_id={camera.camera_id}"
        assert ending.get(path).content == b""
        assert worker.show(camera, a_jpeg()).json() == {"watched": True}
        assert ending.get(path).content.endswith(a_jpeg())
