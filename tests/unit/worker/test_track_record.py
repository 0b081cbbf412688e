"""What a track's manifest says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from realtime_workers.side_by_side import note_side_by_side
from realtime_workers.track_record import BESIDE_PICTURES, FinishedTrack, TrackRecord
from regulars.domain.cameras import LeasedCamera, Line
from regulars.domain.companions import Glimpse
from regulars.domain.quality import Quality
from regulars.domain.tracks import manifest_prefix
from regulars.ids import new_id
from tests.unit.worker.made_faces import detection

ZERO = datetime(2025, 3, 4, 23, 59, 58, 123_456, tzinfo=UTC)
FRAME = np.full((480, 640, 3), 90, np.uint8)


def camera(**fields: Any) -> LeasedCamera:
    ids: dict[str, Any] = {name: new_id() for name in ("camera_id", "tenant_id", "site_id", "lease_id")}
    return LeasedCamera(name="door", type="file", file_path="clip.mp4", **ids, **fields)


BLURRED = Quality(0.5, ("blurred", "turned_away"))


def walked(leased: LeasedCamera, *xs: float, quality: Quality = BLURRED) -> TrackRecord:
    record = TrackRecord(leased, ZERO, 640, 480, 0)
    for number, x in enumerate(xs):
        at, face = ZERO + timedelta(seconds=number), detection(x, 240)
        record.saw(at, face)
        record.offer_shot(FRAME, face, quality, at)
    record.end()
    return record


def test_the_manifest_tells_times_counts_crossings_and_keys() -> None:
    leased = camera(line=Line(x1=0.5, y1=0.0, x2=0.5, y2=1.0))
    track = walked(leased, 500, 400, 200, 100).finished("w-1", "yunet")
    manifest = track.manifest
    assert (manifest.started_at, manifest.ended_at) == (ZERO, ZERO + timedelta(seconds=3))
    assert (manifest.detections, manifest.direction, len(manifest.crossings)) == (4, "in", 1)
    assert [shot.key for shot in manifest.shots] == [f"{manifest_prefix(manifest)}shot-{n}.jpg" for n in range(4)]
    assert len(track.shots) == 4
    assert manifest.lease_id == leased.lease_id


def test_without_a_line_the_role_is_the_direction() -> None:
    assert walked(camera(role="out"), 100, 500).finished("w", "d").manifest.direction == "out"
    assert walked(camera(), 100, 500).finished("w", "d").manifest.direction == "unknown"


def test_a_recording_read_again_gives_the_same_track_ids_and_two_people_two() -> None:
    leased = camera(file_starts_at=ZERO)
    again = leased.model_copy(update={"lease_id": new_id()})
    first = TrackRecord(leased, ZERO, 640, 480, 0).track_id
    assert TrackRecord(again, ZERO, 640, 480, 0).track_id == first
    assert TrackRecord(leased, ZERO, 640, 480, 1).track_id != first
    assert TrackRecord(leased, ZERO + timedelta(milliseconds=40), 640, 480, 0).track_id != first
    assert first.version == 7
    assert first.variant == "specified in RFC 4122"
    assert first.int >> 80 == int(ZERO.timestamp() * 1000)


def test_a_live_camera_gives_a_new_id_each_time() -> None:
    leased = camera()
    assert TrackRecord(leased, ZERO, 640, 480, 0).track_id != TrackRecord(leased, ZERO, 640, 480, 0).track_id


def test_a_face_never_seen_well_says_what_was_wrong_most_of_the_time() -> None:
    record = walked(camera(), 100, 200, 300)
    record.offer_shot(FRAME, detection(400, 240), Quality(0.2, ("too_small",)), ZERO)
    assert record.finished("w", "d").manifest.lost_because == "blurred"
    record.offer_shot(FRAME, detection(400, 240), Quality(0.9, ()), ZERO)
    assert record.finished("w", "d").manifest.lost_because is None, "one good look is enough"
    unsure = TrackRecord(camera(), ZERO, 640, 480, 0)
    unsure.saw(ZERO, detection(100, 240))
    assert unsure.finished("w", "d").manifest.lost_because == "unsure_detection"


def test_a_camera_that_only_counts_sends_fewer_pictures() -> None:
    walk = range(100, 600, 50)
    assert len(walked(camera(), *walk).finished("w", "d").shots) == 5
    assert len(walked(camera(recognition=False), *walk).finished("w", "d").shots) == 3


def seen(record: TrackRecord, *looks: tuple[float, float]) -> None:
    """Let the record see and be offered looks of (seconds, quality)."""
    for second, quality in looks:
        at = ZERO + timedelta(seconds=second)
        record.saw(at, detection(300, 240))
        record.offer_shot(FRAME, detection(300, 240), Quality(quality, ()), at)


def decided(record: TrackRecord, second: float) -> bool:
    return record.is_decided(ZERO + timedelta(seconds=second))


def test_three_good_shots_of_which_the_best_is_not_surpassed_decide_a_track() -> None:
    record = TrackRecord(camera(), ZERO, 640, 480, 0)
    seen(record, (0, 0.8), (0.4, 0.9), (0.8, 0.8))
    assert not decided(record, 0.8), "a better one may still come"
    assert decided(record, 0.9)
    seen(record, (1.0, 0.95))
    assert not decided(record, 1.1), "it has come"
    assert decided(record, 1.5)


def test_few_good_shots_decide_only_when_the_face_is_away() -> None:
    record = TrackRecord(camera(), ZERO, 640, 480, 0)
    seen(record, (0, 0.9), (0.4, 0.5), (0.8, 0.5))
    assert not decided(record, 1.2)
    assert decided(record, 1.3)


def test_who_may_still_come_nearer_is_waited_for() -> None:
    record = TrackRecord(camera(), ZERO, 640, 480, 0)
    seen(record, *((0.4 * number, 0.85) for number in range(5)))
    assert not decided(record, 60)


def test_the_shots_of_a_track_that_was_handed_over_stay_and_its_end_follows() -> None:
    record = TrackRecord(camera(), ZERO, 640, 480, 0)
    seen(record, (0, 0.8), (0.4, 0.9), (0.8, 0.8))
    early = record.hand_over("w", "d")
    assert early.manifest.ongoing
    assert not decided(record, 5), "once is enough"
    seen(record, (9, 1.0))
    record.end()
    end = record.finished("w", "d")
    ended = {"ongoing": False, "ended_at": ZERO + timedelta(seconds=9), "detections": 4}
    assert end == FinishedTrack(early.manifest.model_copy(update=ended), early.shots)


def test_who_is_seen_at_once_in_several_pictures_stands_beside() -> None:
    one, other, newcomer = (walked(camera(), 100) for _ in range(3))
    left, right = Glimpse(ZERO, (0, 0, 50, 60)), Glimpse(ZERO, (200, 0, 50, 60))
    for _ in range(BESIDE_PICTURES):
        note_side_by_side([(one, left), (other, right)])
    note_side_by_side([(one, left), (newcomer, right)])
    assert [made.finished("w", "d").manifest.beside for made in (one, other, newcomer)] == [
        (other.track_id,),
        (one.track_id,),
        (),
    ]


def test_two_boxes_on_one_face_are_nobody_beside() -> None:
    one, other = (walked(camera(), 100) for _ in range(2))
    for _ in range(BESIDE_PICTURES):
        note_side_by_side([(one, Glimpse(ZERO, (0, 0, 50, 60))), (other, Glimpse(ZERO, (5, 0, 50, 60)))])
    assert one.finished("w", "d").manifest.beside == ()
