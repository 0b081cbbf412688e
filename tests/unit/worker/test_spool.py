"""The folder between a finished track and the gateway: what survives, what is turned away, what is set aside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime_workers.spool import RAW_FACE_MAX_AGE_S, Spool
from realtime_workers.track_record import FinishedTrack
from regulars.errors import ConfigurationRefused
from regulars.ids import new_id
from tests.unit.worker.made_tracks import made_track


class Opened:
    """One spool folder, opened by one process after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spool: Spool | None = None

    def open(self, max_bytes: int = 10_000_000) -> Spool:
        self.close()
        self.spool = Spool(self.folder, max_bytes)
        self.spool.recover()
        return self.spool

    def close(self) -> None:
        if self.spool:
            self.spool.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    folder = Opened(tmp_path)
    yield folder
    folder.close()


def test_what_was_added_is_read_back_also_by_the_next_process(opened: Opened) -> None:
    spool, tracks = opened.open(), [made_track() for _ in range(3)]
    assert all(spool.add(track) for track in tracks)
    spool = opened.open()
    assert [spool.read(waiting) for waiting in spool.waiting()] == tracks


def test_a_sent_track_is_gone(opened: Opened) -> None:
    spool = opened.open()
    spool.add(made_track())
    spool.sent(spool.waiting()[0])
    assert opened.open().waiting() == []


def test_a_full_spool_keeps_the_oldest_and_takes_new_ones_again_once_there_is_room(opened: Opened) -> None:
    spool, tracks = opened.open(10_000), [made_track(shot_bytes=3_000) for _ in range(4)]
    assert [spool.add(track) for track in tracks] == [True, True, False, False]
    assert [waiting.stem for waiting in spool.waiting()] == [str(track.manifest.track_id) for track in tracks[:2]]
    spool.sent(spool.waiting()[0])
    assert spool.add(made_track(shot_bytes=3_000))


def test_adding_the_same_track_again_replaces_it_and_takes_no_more_room(opened: Opened) -> None:
    spool, track = opened.open(5_000), made_track(shot_bytes=3_000)
    assert all(spool.add(track) for _ in range(5))
    assert len(spool.waiting()) == 1


def test_a_checkpoint_of_a_killed_process_becomes_a_finished_track(opened: Opened) -> None:
    spool, early, late = opened.open(), made_track(), made_track()
    spool.checkpoint(early)
    late = FinishedTrack(late.manifest.model_copy(update={"track_id": early.manifest.track_id}), late.shots)
    spool.checkpoint(late)
    assert spool.waiting() == []
    spool = opened.open()
    assert [spool.read(waiting) for waiting in spool.waiting()] == [late]


def test_a_finished_track_wins_over_its_checkpoint(opened: Opened) -> None:
    spool, track = opened.open(), made_track()
    spool.checkpoint(track)
    spool.add(track)
    assert list((opened.folder / "open").iterdir()) == []
    assert len(opened.open().waiting()) == 1


def test_a_half_written_file_of_a_killed_process_is_no_track(opened: Opened) -> None:
    opened.open()
    (opened.folder / "ready" / f"{new_id()}.zip.part").write_bytes(b"PK half")
    assert opened.open().waiting() == []


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no zip", b"\x00" * 5000])
def test_an_unreadable_file_is_set_aside_with_the_reason(opened: Opened, damage: bytes) -> None:
    spool = opened.open()
    spool.add(made_track())
    spool.waiting()[0].write_bytes(damage)
    assert spool.read(spool.waiting()[0]) is None
    assert spool.waiting() == []
    assert sorted(file.suffix for file in (opened.folder / "refused").iterdir()) == [".reason", ".zip"]


@pytest.mark.parametrize(("field", "value"), [(8, 1), (10, 99)], ids=["a password is asked for", "unknown compression"])
def test_a_file_that_a_flipped_bit_makes_another_kind_of_zip_is_set_aside(
    opened: Opened, field: int, value: int
) -> None:
    spool = opened.open()
    spool.add(made_track())
    content = bytearray(spool.waiting()[0].read_bytes())
    content[content.index(b"PK\x01\x02") + field] = value
    spool.waiting()[0].write_bytes(content)
    assert spool.read(spool.waiting()[0]) is None
    assert spool.waiting() == []


def test_what_cannot_be_set_aside_waits_and_still_counts(opened: Opened) -> None:
    spool = opened.open()
    spool.add(made_track())
    [waiting], held = spool.waiting(), spool.fill().bytes
    (opened.folder / "refused" / f"{waiting.stem}.reason").mkdir()
    with pytest.raises(OSError, match="directory"):
        spool.refuse(waiting, "lease_lost")
    assert (spool.waiting(), spool.fill().bytes) == ([waiting], held)


def test_refused_tracks_are_kept_with_their_reason_within_a_bound(opened: Opened) -> None:
    spool = opened.open(100_000)
    for _ in range(6):
        spool.add(made_track(shot_bytes=3_000))
    for waiting in spool.waiting():
        spool.refuse(waiting, "lease_lost")
    kept = list((opened.folder / "refused").glob("*.zip"))
    assert len(kept) == 2
    assert all(file.with_suffix(".reason").read_text() == "lease_lost\n" for file in kept)


def test_no_face_stays_longer_than_thirty_days(opened: Opened) -> None:
    spool = opened.open()
    for _ in range(3):
        spool.add(made_track())
    spool.refuse(spool.waiting()[0], "lease_lost")
    now_s = spool.waiting()[0].stat().st_mtime
    assert spool.purge_old_faces(now_s + RAW_FACE_MAX_AGE_S - 60) == 0
    assert spool.purge_old_faces(now_s + RAW_FACE_MAX_AGE_S + 60) == 2
    assert [file for file in opened.folder.rglob("*") if file.is_file() and file.name != "lock"] == []


def test_two_processes_cannot_share_a_spool(opened: Opened) -> None:
    opened.open()
    with pytest.raises(ConfigurationRefused, match="REGULARS_SPOOL_DIR"):
        Spool(opened.folder, 10_000_000)
    opened.open()


def ongoing(track: FinishedTrack) -> FinishedTrack:
    return FinishedTrack(track.manifest.model_copy(update={"ongoing": True}), track.shots)


def test_an_ongoing_track_goes_before_its_end_which_takes_its_place(opened: Opened) -> None:
    spool, track = opened.open(), made_track()
    assert spool.add_ongoing(ongoing(track))
    [early] = spool.waiting()
    assert spool.read(early) == ongoing(track)
    spool.add(track)
    assert [spool.read(waiting) for waiting in spool.waiting()] == [track]
    assert spool.read(early) is None, "who was about to send it finds nothing, and nothing is set aside"
    spool.sent(early)
    assert spool.fill().bytes == spool.waiting()[0].stat().st_size
    spool.sent(spool.waiting()[0])
    assert spool.fill().bytes == 0


def test_an_ongoing_track_of_a_killed_process_gets_its_end(opened: Opened) -> None:
    spool, track = opened.open(), made_track()
    spool.add_ongoing(ongoing(track))
    spool = opened.open()
    assert [spool.read(waiting) for waiting in spool.waiting()] == [ongoing(track), track]
    spool.sent(spool.waiting()[0])
    assert [spool.read(waiting) for waiting in opened.open().waiting()] == [track]
