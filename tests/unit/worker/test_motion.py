"""What has changed in a picture, when the scene was cut, and when the camera itself is ill."""

import numpy as np

from realtime_workers.motion import MOVING_CELLS, change_of_light, changed_cells, same_scene, thumbnail
from realtime_workers.picture_watch import BLACK_AFTER_S, FROZEN_AFTER_S, PictureWatch
from regulars.domain.faces import Image

NOISE = np.random.default_rng(7)


def shop(shade: int = 0) -> Image:
    """A scene with structure, 640 x 360."""
    rows, columns = np.mgrid[0:360, 0:640]
    grey = 90 + 50 * np.sin(columns / 100) + 40 * np.cos(rows / 70) + shade
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def noisy(picture: Image) -> Image:
    return np.clip(picture + NOISE.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def with_person(picture: Image, x: int) -> Image:
    """A head of 8 px (24 px in a picture of 1920) and shoulders below it."""
    changed = picture.copy()
    changed[170:180, x : x + 8] = 20
    changed[180:203, x - 7 : x + 15] = 200
    return changed


def test_sensor_noise_is_no_change() -> None:
    assert not changed_cells(thumbnail(noisy(shop())), thumbnail(noisy(shop()))).any()


def test_a_small_person_far_away_is_a_change_and_stands_where_it_is() -> None:
    rows, columns = np.nonzero(changed_cells(thumbnail(shop()), thumbnail(with_person(shop(), 300))))
    assert len(rows) >= MOVING_CELLS
    assert rows.min() >= 170 // 4 - 1
    assert (abs(columns - 304 // 4) <= 3).all()


def test_a_change_of_the_whole_pictures_light_is_told_apart_from_a_change() -> None:
    before, now = thumbnail(shop()), thumbnail(with_person(shop(15), 300))
    assert abs(change_of_light(before, now) - 15) < 1
    assert 0 < changed_cells(before + change_of_light(before, now), now).sum() < 60
    assert before.max() == thumbnail(shop()).max(), "comparing changes nothing"


def test_noise_light_and_a_person_do_not_cut_the_scene_another_scene_does() -> None:
    scene = thumbnail(shop())
    assert same_scene(scene, thumbnail(noisy(shop(25))))
    assert same_scene(scene, thumbnail(with_person(shop(), 230)))
    assert not same_scene(scene, thumbnail(shop()[:, ::-1, :].copy()))


def test_two_flat_pictures_are_no_cut() -> None:
    assert same_scene(thumbnail(np.zeros((90, 160, 3), np.uint8)), thumbnail(np.full((90, 160, 3), 9, np.uint8)))


def test_a_black_picture_is_told_after_a_while_and_forgotten_when_light_returns() -> None:
    watch, black = PictureWatch(), thumbnail(np.full((90, 160, 3), 16, np.uint8))
    assert watch.judge(0.0, thumbnail(shop())) == "none"
    assert watch.judge(BLACK_AFTER_S - 0.1, black) == "none"
    assert watch.judge(BLACK_AFTER_S, black) == "black_picture"
    assert watch.judge(BLACK_AFTER_S + 1, thumbnail(shop())) == "none"


def test_the_same_picture_for_long_is_frozen_a_noisy_one_is_not() -> None:
    watch, still = PictureWatch(), thumbnail(shop())
    assert watch.judge(0.0, still) == "none"
    assert watch.judge(FROZEN_AFTER_S, still.copy()) == "frozen_picture"
    assert watch.judge(FROZEN_AFTER_S + 1, thumbnail(noisy(shop()))) == "none"
