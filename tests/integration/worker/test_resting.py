"""Real streams read by somebody who rests: which pictures come, and that they look as they would otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
import pytest

from realtime_workers.camera import CameraRunner
from realtime_workers.detect import FaceFinder
from realtime_workers.emit import Emitter
from realtime_workers.source import Picture, Rest
from realtime_workers.source_av import open_file
from regulars.domain.faces import Detection, Image
from regulars.vision.detector import Area
from tests.integration.worker.conftest import STARTS_AT, leased
from tests.unit.worker.made_faces import detection
from tests.unit.worker.made_scenes import scene, with_person
from tests.unit.worker.test_camera import KeepingEmitter, Nobody
from tests.waiting import PATIENCE_S

FPS, SECONDS, KEYS_EVERY_S = 10, 8, 2
CODECS: dict[str, tuple[str, str, dict[str, str]]] = {
    "h264": ("libx264", "mp4", {"bf": "0", "sc_threshold": "0"}),
    "h264 in another order": ("libx264", "mp4", {"bf": "2", "sc_threshold": "0"}),
    "h264 of open groups": ("libx264", "mp4", {"bf": "2", "x264-params": "open-gop=1:scenecut=0"}),
    "h264 refreshed in columns": ("libx264", "mp4", {"bf": "0", "x264-params": "intra-refresh=1"}),
    "h265": ("libx265", "mp4", {"x265-params": "bframes=0:scenecut=0:log-level=none"}),
    "mpeg4": ("mpeg4", "avi", {}),
    "mjpeg": ("mjpeg", "avi", {}),
}
SAVES = {"h264", "h265", "mpeg4"}
"""The other H.264 films hand pictures out late or have no key pictures; of the last every picture is one."""


@pytest.fixture(scope="module", params=CODECS)
def film(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    codec, kind, options = CODECS[request.param]
    path = tmp_path_factory.mktemp("film") / f"{request.param}.{kind}"
    shown = [with_person(scene(0), 60 + 6 * number, 160) for number in range(FPS * SECONDS)]
    write(path, shown, codec, options)
    return path


class Sleeper:
    """Always rests, and sees something new in every picture or in none."""

    def __init__(self, *, sees_new: bool) -> None:
        self._sees_new = sees_new
        self.compared: dict[float, tuple[Image, bool]] = {}

    def resting(self) -> bool:
        return True

    def unchanged(self, picture: Picture) -> bool:
        self.compared |= {at_s: (image, picture.rough) for at_s, image in _timed(iter([picture]))}
        return not self._sees_new


def test_who_sees_something_new_in_every_picture_sees_all_of_them(film: Path) -> None:
    plain, at_rest = pictures(film, None), pictures(film, Sleeper(sees_new=True))
    assert list(at_rest) == list(plain)
    assert all(alike(plain[at_s], at_rest[at_s]) for at_s in plain)


def test_what_is_seen_at_rest_looks_as_it_would_otherwise(film: Path) -> None:
    sleeper = Sleeper(sees_new=False)
    plain, at_rest = pictures(film, None), pictures(film, sleeper)
    assert list(at_rest) == sorted(set(at_rest) & set(plain))
    assert np.diff(sorted({*at_rest, *sleeper.compared})).max() < 1.3
    assert all(alike(plain[at_s], at_rest[at_s]) for at_s in at_rest)
    if film.stem in SAVES:
        assert len(at_rest) <= 0.5 * len(plain)


def test_what_is_compared_at_rest_looks_as_it_would_otherwise_or_nearly(film: Path) -> None:
    sleeper = Sleeper(sees_new=False)
    plain, _ = pictures(film, None), pictures(film, sleeper)
    for at_s, (image, rough) in sleeper.compared.items():
        assert alike(plain[at_s], image) or rough
        assert cv2.absdiff(plain[at_s], image).mean() < 1.0
    if film.stem in SAVES:
        assert any(rough for _, rough in sleeper.compared.values())


@pytest.mark.parametrize("turned_deg", [90, 180])
def test_a_film_to_be_turned_is_compared_upright(tmp_path: Path, turned_deg: int) -> None:
    codec, _, options = CODECS["h264"]
    write(tmp_path / "on its side.mp4", [scene(0)] * 60, codec, options, turned_deg)
    sleeper = Sleeper(sees_new=False)
    plain, _ = (pictures(tmp_path / "on its side.mp4", rest) for rest in (None, sleeper))
    assert len({image.shape for image in plain.values()}) == 1
    assert sleeper.compared
    assert all(cv2.absdiff(plain[at_s], image).mean() < 1.0 for at_s, (image, _) in sleeper.compared.items())


def test_of_a_file_that_is_damaged_the_pictures_before_are_seen(tmp_path: Path) -> None:
    codec, _, options = CODECS["mpeg4"]
    write(tmp_path / "whole.avi", [scene(number) for number in range(60)], codec, options)
    cut = tmp_path / "cut.avi"
    cut.write_bytes((tmp_path / "whole.avi").read_bytes()[:-15_000])
    plain, at_rest = pictures(cut, None), pictures(cut, Sleeper(sees_new=False))
    assert 20 < len(plain) < 60
    assert max(at_rest) == max(plain)


@pytest.mark.parametrize("comes_s", [6.2, 6.9, 7.5])
def test_who_is_there_for_little_more_than_a_second_leaves_the_same_track(tmp_path: Path, comes_s: float) -> None:
    there = range(round(comes_s * FPS), round((comes_s + 1.2) * FPS))
    shown = [with_person(scene(0), 300, 180) if number in there else scene(0) for number in range(12 * FPS)]
    codec, _, options = CODECS["h264"]
    write(tmp_path / "door.mp4", shown, codec, options)
    (plain, decoded), (at_rest, fewer) = (tracks(tmp_path / "door.mp4", ahead=ahead) for ahead in (True, False))
    assert len(plain) == 1
    assert at_rest == plain
    assert decoded == 12 * FPS
    assert fewer < decoded


def tracks(film: Path, *, ahead: bool) -> tuple[list[tuple[datetime, datetime, int]], int]:
    """When each track began and ended and how many shots it has, and how many pictures were decoded for it."""
    emitter = KeepingEmitter()
    runner = CameraRunner(
        leased(type="file", file_path=str(film), file_starts_at=STARTS_AT),
        "worker",
        FaceFinder(HeadDetector()),
        cast("Emitter", emitter),
        lambda _: open_file(str(film), ahead=ahead),
        Nobody(),
    )
    runner.start()
    runner.join(PATIENCE_S)
    found = [(one.manifest.started_at, one.manifest.ended_at, len(one.manifest.shots)) for one in emitter.finished]
    return found, runner.state().counters.frames_decoded


class HeadDetector:
    """Sees a face where `with_person` has drawn its head at (300, 180)."""

    digest = "heads"

    def detect(
        self, image: Image, min_score: float = 0.0, max_side: int | None = None, within: Area | None = None
    ) -> list[Detection]:
        blue, _, red = image[180, 300].astype(int)
        return [detection(300, 180)] if red - blue > 40 else []


def pictures(film: Path, rest: Rest | None) -> Mapping[float, Image]:
    with closing(open_file(str(film), ahead=False)) as source:
        return dict(_timed(source.pictures(rest)))


def _timed(read: Iterator[Picture]) -> Iterator[tuple[float, Image]]:
    for picture in read:
        assert picture.stream_s is not None
        yield round(picture.stream_s, 3), picture.image()


def alike(one: Image, other: Image) -> bool:
    return bool(np.array_equal(one, other))


def write(path: Path, shown: Sequence[Image], codec: str, options: Mapping[str, str], turned_deg: float = 0.0) -> None:
    library: Any = av
    with library.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=FPS, options={**options, "g": str(KEYS_EVERY_S * FPS)})
        stream.width, stream.height = 640, 360
        if turned_deg:
            stream.set_display_rotation(turned_deg)
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number, picture in enumerate(shown):
            frame: Any = library.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
