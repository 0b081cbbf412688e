"""`./run count` from the outside: what it prints of clips whose truth is known, and how it fails."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from tests.conftest import CHECKOUT
from tests.story.films import LINE, Film, cast, comes_in, goes_out, make_film
from tests.story.stage import data_folder

CLIP_KEYS = ["clip", "tracks", "visits", "crossings"]
VISIT_KEYS = ["customer_id", "status", "gender", "direction", "at"]
TOTAL_KEYS = ["clips", "tracks", "visits", "customers", "in", "out"]
ON_THE_LINE = ("--line", ",".join(map(str, LINE)))
NEAR_S = 1.0
"""A face is followed from its third picture or so on; in the clip's own time."""
GIVE_UP_S = 600


@dataclass(frozen=True)
class Counted:
    """What one call printed: the objects of its lines, and what it said meanwhile."""

    code: int
    clips: list[dict[str, Any]]
    total: dict[str, int]
    said: str


@dataclass(frozen=True)
class Media:
    """Two films, in the order in which they happened, and a file that is none."""

    morning: Film
    evening: Film
    broken: Path


def count(*words: str | Path) -> Counted:
    done = subprocess.run(
        [sys.executable, "-m", "compose.onebox.count", "--json", *map(str, words)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=GIVE_UP_S,
        check=False,
    )
    *clips, last = [json.loads(line) for line in done.stdout.splitlines()] or [{"total": {}}]
    assert list(last) == ["total"], done.stderr
    return Counted(done.returncode, clips, last["total"], done.stderr)


def shown(clip: dict[str, Any], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(visit[key] for key in keys) for visit in clip["visits"]]


def ids(clip: dict[str, Any]) -> list[str | None]:
    return [visit["customer_id"] for visit in clip["visits"]]


def check_shape(counted: Counted, paths: Sequence[Path]) -> None:
    """Every object has the promised keys, in their order, with values of the promised kinds."""
    assert [clip["clip"] for clip in counted.clips] == [str(path) for path in paths]
    for clip in counted.clips:
        assert list(clip) == CLIP_KEYS
        assert list(clip["crossings"]) == ["in", "out"]
        assert all(type(number) is int for number in (clip["tracks"], *clip["crossings"].values()))
        for visit in clip["visits"]:
            assert list(visit) == VISIT_KEYS
            assert visit["status"] in ("new", "returning", "undetermined", "staff")
            assert visit["gender"] in ("male", "female", "unknown")
            assert visit["direction"] in ("in", "out", "unknown")
            assert isinstance(visit["customer_id"], str) == (visit["status"] in ("new", "returning"))
            assert isinstance(visit["at"], float)
    assert list(counted.total) == TOTAL_KEYS
    assert all(type(number) is int for number in counted.total.values())


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Media:
    folder = tmp_path_factory.mktemp("clips")
    broken = folder / "broken.mp4"
    broken.write_bytes(b"this is no film " * 1000)
    return Media(
        make_film(folder / "morning.mp4", comes_in("ash", 0.3), goes_out("birch", 3.4), comes_in("ash", 7.5)),
        make_film(folder / "evening.mp4", comes_in("cedar", 0.3), comes_in("ash", 3.5), goes_out("birch", 6.7)),
        broken,
    )


@pytest.fixture
def kept() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


@pytest.fixture
def birch_at_work(tmp_path: Path) -> Path:
    """A folder for `--staff`: one member with two photographs, cut out of the sample pictures."""
    photographs = tmp_path / "staff" / "Birch"
    photographs.mkdir(parents=True)
    figure = cast()["birch"].figure
    for side, ground in ((900, "white"), (600, "steelblue")):
        picture = PIL.Image.new("RGB", figure.size, ground)
        picture.paste(figure, (0, 0), figure)
        head_and_chest = picture.crop((0, 0, figure.width, figure.width))
        head_and_chest.resize((side, side)).save(photographs / f"{ground}.jpg")
    return photographs.parent


@pytest.fixture(scope="module")
def each_arrival(media: Media) -> Counted:
    """Both films with a broken one between them, each arrival a visit of its own, with a line."""
    return count("--gap", "0", *ON_THE_LINE, media.morning.path, media.broken, media.evening.path)


def test_every_object_has_exactly_the_promised_shape(each_arrival: Counted, media: Media) -> None:
    check_shape(each_arrival, [media.morning.path, media.evening.path])


def test_with_gap_0_every_arrival_is_a_visit_of_its_own(each_arrival: Counted, media: Media) -> None:
    morning, evening = each_arrival.clips
    ash, birch, again = ids(morning)
    cedar, ash_later, birch_later = ids(evening)
    assert ash == again == ash_later
    assert birch == birch_later
    assert len({ash, birch, cedar}) == 3
    assert [status for (status,) in shown(morning, "status")] == ["new", "new", "returning"]
    assert [status for (status,) in shown(evening, "status")] == ["new", "returning", "returning"]
    for clip, film in ((morning, media.morning), (evening, media.evening)):
        assert [at for (at,) in shown(clip, "at")] == pytest.approx(film.begins_s(), abs=NEAR_S)


def test_crossings_and_directions_are_those_of_the_walks(each_arrival: Counted, media: Media) -> None:
    for clip, film in zip(each_arrival.clips, (media.morning, media.evening), strict=True):
        went = film.directions()
        assert [direction for (direction,) in shown(clip, "direction")] == went
        assert clip["crossings"] == {"in": went.count("in"), "out": went.count("out")}
    went = [*media.morning.directions(), *media.evening.directions()]
    assert (each_arrival.total["in"], each_arrival.total["out"]) == (went.count("in"), went.count("out"))


def test_the_total_is_the_sum_of_the_clips(each_arrival: Counted) -> None:
    tracks = sum(clip["tracks"] for clip in each_arrival.clips)
    total = {name: each_arrival.total[name] for name in TOTAL_KEYS[:4]}
    assert total == {"clips": 2, "tracks": tracks, "visits": 6, "customers": 3}


def test_a_broken_clip_is_told_and_fails_the_call_but_the_others_are_counted(
    each_arrival: Counted, media: Media
) -> None:
    assert each_arrival.code == 1
    (about,) = [line for line in each_arrival.said.splitlines() if line.startswith(f"count: {media.broken}: ")]
    assert "not a video" in about
    assert "Traceback" not in each_arrival.said
    assert each_arrival.total["clips"] == 2


def test_a_kept_state_knows_who_came_before(media: Media, kept: Path, birch_at_work: Path) -> None:
    first = count("--state", kept, "--staff", birch_at_work, media.morning.path)
    assert first.code == 0, first.said
    check_shape(first, [media.morning.path])
    (morning,) = first.clips
    assert shown(morning, "status", "direction") == [("new", "unknown"), ("staff", "unknown")]
    assert [at for (at,) in shown(morning, "at")] == pytest.approx(media.morning.begins_s()[:2], abs=NEAR_S)
    assert morning["crossings"] == {"in": 0, "out": 0}
    assert (first.total["visits"], first.total["customers"]) == (1, 1)

    second = count("--state", kept, *ON_THE_LINE, media.evening.path)
    assert second.code == 0, second.said
    check_shape(second, [media.evening.path])
    (evening,) = second.clips
    assert shown(evening, "status", "direction") == [("new", "in"), ("returning", "in"), ("staff", "out")]
    cedar, ash, _ = ids(evening)
    assert ash == ids(morning)[0] != cedar
    assert (second.total["visits"], second.total["customers"]) == (2, 2)


def test_the_shared_clips_give_exactly_the_right_people_and_visits(testdata: Path) -> None:
    described = json.loads((testdata / "faces" / "clips.json").read_text())
    alone = {testdata / "faces" / clip["file"]: clip["who"][0]["identity"] for clip in described if clip["people"] == 1}
    crowd = testdata / "faces" / "clips" / "facenet_opera_house_walk.mp4"
    counted = count("--gap", "0", *alone, crowd)
    assert counted.code == 0, counted.said
    check_shape(counted, [*alone, crowd])
    *singles, walk = counted.clips
    who: dict[str, set[str | None]] = {}
    for clip, person in zip(singles, alone.values(), strict=True):
        assert len(clip["visits"]) == 1, clip
        who.setdefault(person, set()).update(ids(clip))
    assert all(len(found) == 1 for found in who.values()), who
    assert len({customer for found in who.values() for customer in found if customer}) == len(who)
    known = [customer for customer in ids(walk) if customer]
    assert len(known) >= 3
    assert len(known) == len(set(known))
