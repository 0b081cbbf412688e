"""Made pictures of a camera: a still scene, and who stands before it."""

import numpy as np

from regulars.domain.faces import Image

SCENERY = np.repeat(np.linspace(80, 170, 16).astype(np.uint8)[None, :, None], 9, axis=0).repeat(3, axis=2)


def scene(number: int, shade: int = 0, size: tuple[int, int] = (360, 640)) -> Image:
    """A still scene whose first pixels hold the picture's number, so that the script knows which one it sees."""
    height, width = size
    picture = np.kron(SCENERY, np.ones((height // 9, width // 16, 1), np.uint8)).astype(np.uint8)
    picture = np.roll(picture, shade, axis=1)
    picture[0, 0] = number % 256, number // 256, 0
    return picture


def sharp(picture: Image) -> Image:
    """A checkered face where `made_faces.detection(300, 180)` sees one: nothing is blurred there."""
    rows, columns = np.indices((160, 160)) // 2
    picture[100:260, 220:380] = np.where((rows + columns) % 2, 220, 60)[:, :, None]
    return picture


def with_person(picture: Image, x: int, y: int) -> Image:
    """A head and a coat of one colour each, where `made_faces.detection(x, y)` sees a face."""
    picture[y - 60 : y + 45, x - 40 : x + 40] = 120, 150, 200
    picture[y + 45 : y + 160, x - 60 : x + 60] = 160, 40, 40
    return picture
