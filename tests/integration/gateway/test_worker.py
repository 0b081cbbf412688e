"""Workers and the gateway: leases taken over, tracks fenced off, links that really write."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from regulars.domain.cameras import LEASE_TTL_S, LeasedCamera, LinksAnswer
from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.store.leases import note_restored
from regulars.store.report_rows import watches
from regulars.store.session import transaction
from regulars.tenancy import PLATFORM, Tenancy
from tests.integration.gateway.conftest import Chain, World


def told(camera: LeasedCamera, state: str, reason: str = "none") -> dict[str, Any]:
    return {
        "camera_id": str(camera.camera_id),
        "lease_id": str(camera.lease_id),
        "state": state,
        "reason": reason,
        "counters": {"tracks": 3},
    }


def ask_links(
    world: World, key: str, camera: LeasedCamera, *, started_s: float = 0.0, track: UUID | None = None
) -> httpx.Response:
    return world.client().post(
        f"/v1/worker/tracks/{track or new_id()}/links",
        headers={"Authorization": f"Bearer {key}"},
        json={
            "camera_id": str(camera.camera_id),
            "lease_id": str(camera.lease_id),
            "started_at": (world.clock() + timedelta(seconds=started_s)).isoformat(),
            "shots": 2,
        },
    )


def test_two_workers_never_hold_one_camera(world: World, chain: Chain) -> None:
    cameras = {world.add_camera(chain) for _ in range(3)}
    first = world.beat(chain.worker_key, "one", 2)
    second = world.beat(chain.worker_key, "two", 2)
    held = [camera.camera_id for camera in (*first.cameras, *second.cameras)]
    assert len(first.cameras) == 2
    assert sorted(held) == sorted(cameras)


def test_a_camera_that_is_black_or_silent_does_not_see(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    (held,) = world.beat(chain.worker_key, "one", 1).cameras
    begun = world.clock()
    for reason in ("none",) * 4 + ("black_picture",) * 4 + ("none",) * 4:
        world.clock.pass_by(10)
        world.beat(chain.worker_key, "one", 1, [told(held, "running", reason)])
    world.clock.pass_by(60)
    with transaction(world.parts.engine, Tenancy(chain.tenant_id)) as connection:
        now = world.clock()
        (watch,) = watches(connection, chain.tenant_id, [chain.site_id], begun, now, now)[chain.site_id]
    assert [tuple(round(at - begun.timestamp()) for at in span) for span in watch.spans] == [(10, 40), (90, 120)]


def test_many_workers_at_once_share_the_cameras_out_without_an_overlap(world: World, chain: Chain) -> None:
    cameras = {world.add_camera(chain) for _ in range(12)}

    def beat(number: int) -> list[UUID]:
        return [camera.camera_id for camera in world.beat(chain.worker_key, f"w{number}", 3).cameras]

    held = list[UUID]()
    for _ in range(5):
        with ThreadPoolExecutor(6) as pool:
            held = [camera_id for answer in pool.map(beat, range(6)) for camera_id in answer]
        assert len(held) == len(set(held))
        world.clock.pass_by(LEASE_TTL_S + 1)  # now all of them may be taken over, all at once
    assert held
    assert set(held) <= cameras


def test_a_lease_is_kept_while_its_worker_lives(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    lease_ids = set[UUID]()
    for _ in range(4):
        lease_ids |= {camera.lease_id for camera in world.beat(chain.worker_key, "one", 1).cameras}
        assert world.beat(chain.worker_key, "two", 1).cameras == ()
        world.clock.pass_by(LEASE_TTL_S - 1)
    assert len(lease_ids) == 1


def test_a_silent_worker_loses_its_camera_and_may_not_send_what_began_later(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    [lost] = world.beat(chain.worker_key, "one", 1).cameras
    world.clock.pass_by(LEASE_TTL_S + 1)
    assert ask_links(world, chain.worker_key, lost).status_code == 200  # nobody else counts it yet
    [won] = world.beat(chain.worker_key, "two", 1).cameras
    assert won.camera_id == lost.camera_id
    assert won.lease_id != lost.lease_id
    assert world.beat(chain.worker_key, "one", 1).cameras == ()
    refused = ask_links(world, chain.worker_key, lost, started_s=0)
    assert (refused.status_code, refused.json()["code"]) == (409, "lease_lost")
    assert ask_links(world, chain.worker_key, lost, started_s=-0.001).status_code == 200
    assert ask_links(world, chain.worker_key, won, started_s=1).status_code == 200


def test_recorded_footage_is_sent_by_the_last_lease_only(world: World, chain: Chain) -> None:
    recorded = world.clock() - timedelta(days=300)
    world.add_camera(chain, type="file", webcam_index=None, file_path="/clip.mp4", file_starts_at=recorded)
    [first] = world.beat(chain.worker_key, "one", 1).cameras
    long_ago = timedelta(days=-300).total_seconds()
    assert ask_links(world, chain.worker_key, first, started_s=long_ago).status_code == 200
    world.clock.pass_by(LEASE_TTL_S + 1)
    [second] = world.beat(chain.worker_key, "two", 1).cameras
    assert ask_links(world, chain.worker_key, first, started_s=long_ago).status_code == 409
    assert ask_links(world, chain.worker_key, second, started_s=long_ago).status_code == 200


def test_an_unknown_lease_is_lost(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    for lease_id in (new_id(), UUID(int=2**128 - 1)):
        invented = camera.model_copy(update={"lease_id": lease_id})
        assert ask_links(world, chain.worker_key, invented).json()["code"] == "lease_lost"


def test_a_lease_given_in_the_time_that_a_restore_took_away_is_believed_until_its_successor(
    world: World, chain: Chain
) -> None:
    world.add_camera(chain)
    [known] = world.beat(chain.worker_key, "one", 1).cameras
    world.clock.pass_by(1)
    given_at, second = world.clock(), timedelta(seconds=1)
    forgotten = known.model_copy(update={"lease_id": _minted(given_at)})
    with transaction(world.parts.engine, PLATFORM) as connection:
        note_restored(connection, given_at - 9 * second, given_at - 5 * second)
    assert ask_links(world, chain.worker_key, forgotten).status_code == 409, "it was given after the restore"
    with transaction(world.parts.engine, PLATFORM) as connection:
        note_restored(connection, given_at - second, given_at + second)
    assert ask_links(world, chain.worker_key, forgotten).status_code == 200
    assert ask_links(world, chain.worker_key, known).status_code == 200, "it was renewed meanwhile"
    world.clock.pass_by(LEASE_TTL_S + 1)
    world.beat(chain.worker_key, "two", 1)
    assert ask_links(world, chain.worker_key, forgotten, started_s=-1).status_code == 200
    assert ask_links(world, chain.worker_key, forgotten, started_s=1).status_code == 409


def _minted(moment: datetime) -> UUID:
    milliseconds = round(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (new_id().int & ((1 << 80) - 1)))


def test_another_chains_worker_gets_no_camera_and_no_link(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    other = world.add_chain("Bún Chả")
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    assert world.beat(other.worker_key, "one", 9).cameras == ()
    assert ask_links(world, other.worker_key, camera).json()["code"] == "lease_lost"


def test_lower_capacity_gives_the_newest_back_and_zero_all(world: World, chain: Chain) -> None:
    for _ in range(2):
        world.add_camera(chain)
    [oldest] = world.beat(chain.worker_key, "one", 1).cameras
    world.clock.pass_by(1)
    assert len(world.beat(chain.worker_key, "one", 2).cameras) == 2
    world.clock.pass_by(1)
    assert [camera.lease_id for camera in world.beat(chain.worker_key, "one", 1).cameras] == [oldest.lease_id]
    assert len(world.beat(chain.worker_key, "two", 5).cameras) == 1
    assert world.beat(chain.worker_key, "one", 0).cameras == ()
    assert len(world.beat(chain.worker_key, "two", 5).cameras) == 2


def test_a_finished_file_is_not_handed_out_again_until_it_is_set_up_anew(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain, type="file", webcam_index=None, file_path="/clip.mp4")
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    assert world.beat(chain.worker_key, "one", 1, [told(camera, "stopped", "finished")]).cameras == ()
    assert world.beat(chain.worker_key, "two", 1).cameras == ()
    owner = world.logged_in(chain.emails["owner"])
    shown = owner.get(f"/v1/cameras/{camera_id}").json()
    assert (shown["state"], shown["reason"], shown["counters"]["tracks"]) == ("stopped", "finished", 3)
    assert owner.patch(f"/v1/cameras/{camera_id}", json={"wanted_state": "running"}).status_code == 200
    assert len(world.beat(chain.worker_key, "two", 1).cameras) == 1


def test_a_camera_switched_off_is_taken_from_its_worker(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    owner = world.logged_in(chain.emails["owner"])
    owner.patch(f"/v1/cameras/{camera_id}", json={"wanted_state": "stopped"})
    assert world.beat(chain.worker_key, "one", 1, [told(camera, "running")]).cameras == ()
    shown = owner.get(f"/v1/cameras/{camera_id}").json()
    assert (shown["state"], shown["reason"], shown["worker"]) == ("stopped", "switched_off", None)


def test_states_of_a_lease_that_is_past_are_ignored(world: World, chain: Chain) -> None:
    camera_id = world.add_camera(chain)
    [lost] = world.beat(chain.worker_key, "one", 1).cameras
    world.clock.pass_by(LEASE_TTL_S + 1)
    [won] = world.beat(chain.worker_key, "two", 1).cameras
    world.beat(chain.worker_key, "two", 1, [told(won, "running")])
    world.beat(chain.worker_key, "one", 1, [told(lost, "failed", "internal")])
    shown = world.logged_in(chain.emails["owner"]).get(f"/v1/cameras/{camera_id}").json()
    assert (shown["state"], shown["worker"]) == ("running", "two")


def test_a_camera_that_cannot_start_does_not_keep_the_others_waiting(world: World, chain: Chain) -> None:
    world.add_camera(chain, type="rtsp", webcam_index=None, rtsp_url_sealed=b"sealed elsewhere")
    good = world.add_camera(chain)
    assert world.beat(chain.worker_key, "one", 1).cameras == ()
    assert [camera.camera_id for camera in world.beat(chain.worker_key, "one", 1).cameras] == [good]


def test_links_write_the_track_and_nothing_else(world: World, chain: Chain) -> None:
    world.add_camera(chain)
    [camera] = world.beat(chain.worker_key, "one", 1).cameras
    track_id = new_id()
    links = LinksAnswer.model_validate(ask_links(world, chain.worker_key, camera, track=track_id).json())
    day = world.clock().strftime("%Y/%m/%d")
    prefix = f"tracks/{chain.tenant_id}/{chain.site_id}/{camera.camera_id}/{day}/{track_id}/"
    assert [put.key for put in (*links.shots, links.manifest)] == [
        prefix + name for name in ("shot-0.jpg", "shot-1.jpg", "track.json")
    ]
    for put in (*links.shots, links.manifest):
        sent = httpx.put(put.url, content=put.key.encode(), headers={"Content-Type": put.content_type})
        assert sent.status_code == 200, sent.text
        assert world.parts.objects.get(put.key, 1000) == put.key.encode()
    elsewhere = links.manifest.url.replace("track.json", "other.json")
    assert httpx.put(elsewhere, content=b"x", headers={"Content-Type": "application/json"}).status_code == 403
    with pytest.raises(InputRefused):
        world.parts.objects.get(prefix + "other.json", 1000)
