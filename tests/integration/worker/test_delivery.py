"""From spool to object store over real HTTP: what is retried, what is set aside, what is counted."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime_workers.emit import LINK_ATTEMPTS, Emitter
from realtime_workers.gateway_client import GatewayClient
from realtime_workers.spool import Spool
from realtime_workers.track_record import FinishedTrack
from regulars.domain.cameras import LeasedCamera
from tests.integration.worker.conftest import leased
from tests.integration.worker.fake_gateway import WORKER_KEY, FakeGateway
from tests.unit.worker.made_tracks import made_track
from tests.waiting import wait_for


class Site:
    """A spool, an emitter and a camera whose tracks are sent."""

    def __init__(self, folder: Path, gateway: FakeGateway, key: str = WORKER_KEY, max_bytes: int = 10_000_000) -> None:
        self.gateway = gateway
        self.camera: LeasedCamera = gateway.lease(leased(type="webcam", webcam_index=0))
        self.spool = Spool(folder, max_bytes)
        self.client = GatewayClient(gateway.url, key)
        self.emitter = Emitter(self.spool, self.client)

    def track(self) -> FinishedTrack:
        return made_track(self.camera, 3_000)

    def counts(self) -> tuple[int, int, int]:
        counted = self.emitter.counts(self.camera.lease_id)
        return counted.sent, counted.waiting, counted.lost

    def close(self) -> None:
        self.emitter.stop(0.0)
        self.client.close()
        self.spool.close()


@pytest.fixture
def site(tmp_path: Path, gateway: FakeGateway) -> Iterator[Site]:
    made = Site(tmp_path, gateway)
    yield made
    made.close()


def test_tracks_are_sent_in_order_shots_before_their_manifest(site: Site) -> None:
    site.emitter.start()
    tracks = [site.track() for _ in range(4)]
    for track in tracks:
        site.emitter.finish(track)
    wait_for(lambda: site.counts() == (4, 0, 0), "all were sent")
    wanted = [
        key
        for track in tracks
        for key in (track.manifest.shots[0].key, track.manifest.shots[0].key.replace("shot-0.jpg", "track.json"))
    ]
    assert site.gateway.heard.order == wanted
    assert site.spool.waiting() == []


def test_an_ongoing_track_is_sent_at_once_and_its_end_without_its_shots(site: Site) -> None:
    site.emitter.start()
    end = site.track()
    early = FinishedTrack(end.manifest.model_copy(update={"ongoing": True}), end.shots)
    site.emitter.hand_over(early)
    wait_for(lambda: site.gateway.manifests() == [early.manifest], "it was sent")
    wait_for(lambda: site.spool.waiting() == [], "it is done with")
    assert site.counts() == (0, 0, 0)
    site.emitter.finish(end)
    wait_for(lambda: site.counts() == (1, 0, 0), "it was counted when it ended")
    assert [key.rsplit("/")[-1] for key in site.gateway.heard.order] == ["shot-0.jpg", "track.json", "track.json"]
    assert site.gateway.manifests() == [end.manifest]


def test_an_ongoing_track_that_is_refused_is_judged_when_it_has_ended(site: Site, tmp_path: Path) -> None:
    site.gateway.refuse_links = 409, "lease_lost"
    site.emitter.start()
    end = site.track()
    site.emitter.hand_over(FinishedTrack(end.manifest.model_copy(update={"ongoing": True}), end.shots))
    wait_for(lambda: site.spool.waiting() == [], "it was tried and dropped")
    site.emitter.finish(end)
    wait_for(lambda: site.counts() == (0, 0, 1), "it was given up")
    assert len(list((tmp_path / "refused").glob("*.zip"))) == 1


def test_a_store_that_is_away_is_asked_again_and_again(site: Site) -> None:
    site.gateway.store_status = 503
    site.emitter.start()
    site.emitter.finish(site.track())
    wait_for(lambda: len(site.gateway.heard.link_requests) >= 2, "it was tried twice")
    assert site.counts() == (0, 1, 0)
    site.gateway.store_status = 200
    wait_for(lambda: site.counts() == (1, 0, 0), "it was sent")


def test_a_lost_lease_sets_the_track_aside_and_the_next_one_goes_through(site: Site, tmp_path: Path) -> None:
    site.gateway.refuse_links = 409, "lease_lost"
    site.emitter.start()
    site.emitter.finish(site.track())
    wait_for(lambda: site.counts() == (0, 0, 1), "it was given up")
    assert [file.read_text() for file in (tmp_path / "refused").glob("*.reason")] == ["lease_lost\n"]
    site.gateway.refuse_links = None
    site.emitter.finish(site.track())
    wait_for(lambda: site.counts() == (1, 0, 1), "the next one was sent")


@pytest.mark.parametrize("status", [404, 409, 422])
def test_any_other_refusal_sets_the_track_aside(site: Site, tmp_path: Path, status: int) -> None:
    site.gateway.refuse_links = status, "no_such_camera"
    site.emitter.start()
    site.emitter.finish(site.track())
    wait_for(lambda: site.counts() == (0, 0, 1), "it was given up")
    assert len(list((tmp_path / "refused").glob("*.zip"))) == 1


def test_a_refused_worker_key_keeps_every_track(tmp_path: Path, gateway: FakeGateway) -> None:
    site = Site(tmp_path, gateway, key="rk_another")
    try:
        site.emitter.start()
        site.emitter.finish(site.track())
        wait_for(lambda: gateway.refused_keys >= 2, "it was tried twice")
        assert site.counts() == (0, 1, 0)
    finally:
        site.close()


def test_links_that_the_store_refuses_are_asked_for_anew_and_then_given_up(site: Site) -> None:
    site.gateway.store_status = 400
    site.emitter.start()
    site.emitter.finish(site.track())
    wait_for(lambda: site.counts() == (0, 0, 1), "it was given up")
    assert len(site.gateway.heard.link_requests) == 3


def test_links_that_are_called_expired_wait_until_the_clocks_are_right_again(site: Site) -> None:
    site.gateway.store_status = 403
    site.emitter.start()
    site.emitter.finish(site.track())
    wait_for(lambda: len(site.gateway.heard.link_requests) > LINK_ATTEMPTS, "it was tried more than three times")
    assert site.counts() == (0, 1, 0)
    site.gateway.store_status = 200
    wait_for(lambda: site.counts() == (1, 0, 0), "it was sent")


class _FullDisk(Spool):
    """A spool whose disk takes nothing while `full`; a real full disk needs root (tests/torture has one)."""

    full = True

    def add(self, track: FinishedTrack) -> bool:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().add(track)


def test_a_disk_without_room_loses_no_track_that_can_be_sent_or_held(tmp_path: Path, gateway: FakeGateway) -> None:
    site = Site(tmp_path, gateway)
    site.spool.close()
    site.spool = disk = _FullDisk(tmp_path, 10_000_000)
    site.emitter = Emitter(disk, site.client)
    try:
        gateway.store_status = 503
        site.emitter.start()
        for _ in range(3):
            site.emitter.finish(site.track())
        wait_for(lambda: len(gateway.heard.link_requests) >= 2, "it was tried twice from memory")
        assert site.counts() == (0, 3, 0)
        gateway.store_status = 200
        wait_for(lambda: site.counts() == (3, 0, 0), "they were sent without a disk")
        gateway.store_status = 503
        site.emitter.finish(site.track())
        disk.full = False
        wait_for(lambda: len(disk.waiting()) == 1, "it was put on the disk as soon as there was room")
        gateway.store_status = 200
        wait_for(lambda: site.counts() == (4, 0, 0), "it was sent from there")
    finally:
        site.close()


def test_a_track_that_cannot_be_set_aside_holds_up_no_other(site: Site, tmp_path: Path) -> None:
    for _ in range(2):
        site.emitter.finish(site.track())
    broken = site.spool.waiting()[0]
    broken.write_bytes(b"no zip")
    (tmp_path / "refused" / f"{broken.stem}.reason").mkdir()
    site.emitter.start()
    wait_for(lambda: site.counts() == (1, 1, 0), "the one behind it was sent")
    assert site.spool.waiting() == [broken]


class _Vanishing(Spool):
    """A spool from which a file goes while it is looked through for old ones."""

    def purge_old_faces(self, now_s: float | None = None) -> int:
        raise FileNotFoundError


def test_what_goes_wrong_while_old_faces_are_purged_keeps_no_track_waiting(
    tmp_path: Path, gateway: FakeGateway
) -> None:
    site = Site(tmp_path, gateway)
    site.spool.close()
    site.spool = _Vanishing(tmp_path, 10_000_000)
    site.emitter = Emitter(site.spool, site.client)
    try:
        site.emitter.start()
        site.emitter.finish(site.track())
        wait_for(lambda: site.counts() == (1, 0, 0), "it was sent")
    finally:
        site.close()


def test_a_full_spool_counts_what_it_turns_away(tmp_path: Path, gateway: FakeGateway) -> None:
    site = Site(tmp_path, gateway, max_bytes=10_000)
    try:
        for _ in range(4):
            site.emitter.finish(site.track())
        assert site.counts() == (0, 2, 2)
        site.emitter.start()
        wait_for(lambda: site.counts() == (2, 0, 2), "the oldest were sent")
    finally:
        site.close()


def test_what_an_earlier_process_left_is_sent_first(tmp_path: Path, gateway: FakeGateway) -> None:
    before = Site(tmp_path, gateway)
    old = before.track()
    before.emitter.finish(old)
    before.close()
    site = Site(tmp_path, gateway)
    try:
        site.emitter.start()
        wait_for(lambda: gateway.manifests() == [old.manifest], "it was sent")
        assert site.counts() == (0, 0, 0)
    finally:
        site.close()
