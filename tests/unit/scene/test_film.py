"""Composed pictures: people are where their paths say and behind what is nearer; the film has the asked rate."""

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from compose.onebox.scene import Backdrop, Cutout, Step, Walk, film
from compose.onebox.scene.cafe import WALL_Z_M, Camera, draw_cafe
from regulars.domain.faces import Image as Picture

GREY, RED, BLUE = (128, 128, 128), (220, 30, 30), (30, 30, 220)
SIZE = (320, 180)


def card(name: str, colour: tuple[int, int, int]) -> Cutout:
    """A square of one colour: the "face" fills it."""
    return Cutout(name, Image.new("RGBA", (40, 40), (*colour, 255)), 20, 20, 40)


def pictures(path: Path) -> list[Picture]:
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


def standing(person: str, x: float, y: float, face: float) -> Walk:
    return Walk(person, 0.0, (Step(0.0, x, y, face), Step(2.0, x, y, face)))


def filmed(folder: Path, walks: list[Walk], backdrop: Backdrop | None = None, fps: int = 10) -> list[Picture]:
    people = [card("red", RED), card("blue", BLUE)]
    still = backdrop or Backdrop(Image.new("RGB", SIZE, GREY))
    film(folder / "scene.mp4", still, people, walks, fps=fps, seconds=1.0)
    return pictures(folder / "scene.mp4")


def near(pixel: Picture, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() < 40)


@pytest.mark.parametrize("fps", [5, 10, 25])
def test_rate_and_size_are_as_asked(tmp_path: Path, fps: int) -> None:
    seen = filmed(tmp_path, [], fps=fps)
    assert len(seen) == fps
    assert {picture.shape for picture in seen} == {(SIZE[1], SIZE[0], 3)}
    with av.open(str(tmp_path / "scene.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.average_rate) == ("h264", fps)


def test_a_face_is_where_its_path_says_and_of_that_width(tmp_path: Path) -> None:
    picture = filmed(tmp_path, [standing("red", 0.25, 0.5, 0.2)])[0]
    red = (picture[:, :, 0] > 170) & (picture[:, :, 2] < 90)
    rows, columns = np.nonzero(red)
    assert columns.mean() == pytest.approx(0.25 * SIZE[0], abs=2)
    assert rows.mean() == pytest.approx(0.5 * SIZE[1], abs=2)
    assert np.ptp(columns) == pytest.approx(0.2 * SIZE[0], abs=4)


def test_the_larger_face_is_nearer(tmp_path: Path) -> None:
    walks = [standing("red", 0.5, 0.5, 0.3), standing("blue", 0.5, 0.5, 0.1)]
    assert near(filmed(tmp_path, walks)[0][90, 160], RED)


def test_beyond_the_wall_only_the_doorway_shows_them(tmp_path: Path) -> None:
    doorway = Image.new("L", SIZE, 0)
    doorway.paste(255, (0, 0, 160, 180))
    backdrop = Backdrop(Image.new("RGB", SIZE, GREY), doorway, wall_face=0.2)
    beyond = filmed(tmp_path, [standing("red", 0.25, 0.5, 0.15), standing("blue", 0.75, 0.5, 0.15)], backdrop)[0]
    assert near(beyond[90, 80], RED)
    assert near(beyond[90, 240], GREY)
    inside = filmed(tmp_path, [standing("blue", 0.75, 0.5, 0.25)], backdrop)[0]
    assert near(inside[90, 240], BLUE)


def test_partly_and_wholly_outside_the_picture(tmp_path: Path) -> None:
    picture = filmed(tmp_path, [standing("red", 0.0, 0.5, 0.2), standing("blue", 3.0, 3.0, 0.2)])[0]
    assert near(picture[90, 10], RED)
    assert not (picture[:, :, 2] > 170).any()


def test_the_same_walks_give_the_same_film(tmp_path: Path) -> None:
    walks = [Walk("red", 0.0, (Step(0.0, 0.1, 0.5, 0.1), Step(1.0, 0.9, 0.5, 0.3)))]
    first = filmed(tmp_path, walks)
    assert all(np.array_equal(one, other) for one, other in zip(first, filmed(tmp_path, walks), strict=True))


def test_a_film_that_fails_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        filmed(tmp_path, [standing("nobody", 0.5, 0.5, 0.1)])
    assert not (tmp_path / "scene.mp4").exists()


def test_the_cafe_has_a_doorway_where_its_camera_says() -> None:
    cafe = draw_cafe(640, 360)
    assert cafe.doorway is not None
    camera = Camera(640, 360)
    x, y = camera.picture((0.0, 1.0, WALL_Z_M))
    assert cafe.doorway.getpixel((round(x), round(y))) == 255
    x, y = camera.picture((2.0, 1.0, WALL_Z_M))
    assert cafe.doorway.getpixel((round(x), round(y))) == 0


def test_people_grow_and_come_down_as_they_come_near() -> None:
    camera = Camera(1280, 720)
    far, close = camera.face(0.0, 6.0), camera.face(0.0, 1.5)
    assert far[2] < close[2]
    assert far[1] < close[1]
