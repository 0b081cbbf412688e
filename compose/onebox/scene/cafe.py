"""The sample scene's room: a café seen from above its counter, with the street behind an open door.

A pinhole camera at 2 m looks level into the room. Floor places are (x, z) in metres: x to the right of the camera's
axis, z away from it. Everything is drawn by code, so nothing of it needs a licence or a file.
"""

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from compose.onebox.scene.video import Backdrop

CAMERA_HEIGHT_M = 2.0
FACE_HEIGHT_M = 1.6
FACE_WIDTH_M = 0.15
WALL_Z_M = 6.0
ROOM_HALF_M = 2.9
CEILING_M = 2.75
DOOR_HALF_M = 0.85
DOOR_HEIGHT_M = 2.15
SHARPER = 2

Colour = tuple[int, int, int]
Place = tuple[float, float, float]
"""(x, height, z) in metres."""

WALL, SIDE_WALL, CEILING, FLOOR = (226, 208, 180), (206, 186, 158), (240, 232, 216), (150, 112, 80)
WOOD, DARK_WOOD, LEAF, BRICK, SKY = (128, 88, 58), (84, 58, 42), (86, 124, 80), (178, 112, 88), (196, 220, 234)


@dataclass(frozen=True, slots=True)
class Camera:
    """Where a place of the room appears in a picture of `width` x `height` pixels."""

    width: int
    height: int

    def picture(self, place: Place) -> tuple[float, float]:
        """Pixel coordinates of a place; z must be above 0."""
        x, height_m, z = place
        scale = 0.78 * self.width / z
        return self.width / 2 + x * scale, 0.15 * self.height + (CAMERA_HEIGHT_M - height_m) * scale

    def face(self, x: float, z: float) -> tuple[float, float, float]:
        """Normalised (x, y, width) of the face of a person standing at (x, z)."""
        left, y = self.picture((x - FACE_WIDTH_M / 2, FACE_HEIGHT_M, z))
        right, _ = self.picture((x + FACE_WIDTH_M / 2, FACE_HEIGHT_M, z))
        return (left + right) / 2 / self.width, y / self.height, (right - left) / self.width


class Room:
    """A picture being drawn at twice its size from places in metres."""

    def __init__(self, width: int, height: int) -> None:
        self._camera = Camera(width * SHARPER, height * SHARPER)
        self.image = Image.new("RGB", (width * SHARPER, height * SHARPER), WALL)
        self._draw = ImageDraw.Draw(self.image)

    def fill(self, places: list[Place], colour: Colour) -> None:
        """Fill the polygon through these places."""
        self._draw.polygon([self._camera.picture(place) for place in places], fill=colour)

    def upright(self, x: tuple[float, float], height: tuple[float, float], z: float, colour: Colour) -> None:
        """Fill a rectangle that faces the camera."""
        self.fill([(x[0], height[0], z), (x[1], height[0], z), (x[1], height[1], z), (x[0], height[1], z)], colour)

    def on_side(self, x: float, height: tuple[float, float], z: tuple[float, float], colour: Colour) -> None:
        """Fill a rectangle on a side wall."""
        self.fill([(x, height[0], z[0]), (x, height[0], z[1]), (x, height[1], z[1]), (x, height[1], z[0])], colour)

    def ball(self, place: Place, radius_m: float, colour: Colour) -> None:
        """Fill a circle."""
        x, y = self._camera.picture(place)
        radius = radius_m * 0.78 * self._camera.width / place[2]
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def lettering(self, place: Place, height_m: float, text: str, colour: Colour) -> None:
        """Write a word with its middle at `place`."""
        font = ImageFont.load_default(height_m * 0.78 * self._camera.width / place[2])
        self._draw.text(self._camera.picture(place), text, fill=colour, font=font, anchor="mm")

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        size = (self.image.width // SHARPER, self.image.height // SHARPER)
        return self.image.resize(size, Image.Resampling.LANCZOS)


def draw_cafe(width: int, height: int) -> Backdrop:
    """The empty café; people farther away than its wall are seen through the door only."""
    room = Room(width, height)
    _street(room)
    _shell(room)
    _left_side(room)
    _right_side(room)
    _door_frame(room)
    _lamps(room)
    doorway = Image.new("L", (width, height), 0)
    camera = Camera(width, height)
    left, top = camera.picture((-DOOR_HALF_M, DOOR_HEIGHT_M, WALL_Z_M))
    right, bottom = camera.picture((DOOR_HALF_M, 0, WALL_Z_M))
    ImageDraw.Draw(doorway).rectangle((left, top, right, bottom), fill=255)
    # A lens has its sharpness in front; the room behind the people is a little soft.
    picture = room.finished().filter(ImageFilter.GaussianBlur(width / 1600))
    return Backdrop(picture, doorway, camera.face(0, WALL_Z_M)[2])


def _street(room: Room) -> None:
    door = (-DOOR_HALF_M, DOOR_HALF_M)
    room.upright((-9, 9), (0, 9), 14, SKY)
    room.upright((-9, -0.7), (0, 4.2), 13.5, BRICK)
    room.upright((0.9, 9), (0, 3.6), 13.5, (196, 170, 142))
    for x in (-3.4, -2.2, -1.5, 1.3, 2.2, 3.1):
        room.upright((x, x + 0.45), (1.4, 2.4), 13.4, (120, 138, 150))
    room.fill([(-9, 0, 13.5), (9, 0, 13.5), (9, 0, WALL_Z_M), (-9, 0, WALL_Z_M)], (172, 168, 162))
    room.fill([(-9, 0, 10.5), (9, 0, 10.5), (9, 0, 8.4), (-9, 0, 8.4)], (132, 132, 134))
    room.ball((0.75, 2.3, 11.2), 0.75, LEAF)
    room.ball((1.2, 2.0, 11.2), 0.6, (102, 140, 90))
    room.upright((0.85, 1.0), (0, 1.7), 11.2, DARK_WOOD)
    # The wall around the door hides the rest of the street.
    room.upright((-ROOM_HALF_M, door[0]), (0, CEILING_M), WALL_Z_M, WALL)
    room.upright((door[1], ROOM_HALF_M), (0, CEILING_M), WALL_Z_M, WALL)
    room.upright(door, (DOOR_HEIGHT_M, CEILING_M), WALL_Z_M, WALL)


def _shell(room: Room) -> None:
    near = 0.6
    for side in (-ROOM_HALF_M, ROOM_HALF_M):
        room.on_side(side, (0, CEILING_M), (near, WALL_Z_M), SIDE_WALL)
    room.fill(
        [
            (-9, CEILING_M, near),
            (9, CEILING_M, near),
            (ROOM_HALF_M, CEILING_M, WALL_Z_M),
            (-ROOM_HALF_M, CEILING_M, WALL_Z_M),
        ],
        CEILING,
    )
    room.fill([(-9, 0, near), (9, 0, near), (ROOM_HALF_M, 0, WALL_Z_M), (-ROOM_HALF_M, 0, WALL_Z_M)], FLOOR)
    planks = 14
    for plank in range(planks):
        left = -ROOM_HALF_M + 2 * ROOM_HALF_M * plank / planks
        right = left + 2 * ROOM_HALF_M / planks
        tone = (0, 9, -7, 4)[plank * 7 % 4]
        colour = (FLOOR[0] + tone, FLOOR[1] + tone, FLOOR[2] + tone)
        room.fill(
            [(left, 0, near), (right - 0.012, 0, near), (right - 0.012, 0, WALL_Z_M), (left, 0, WALL_Z_M)], colour
        )
    # Daylight falls through the door.
    room.fill(
        [
            (-DOOR_HALF_M, 0, WALL_Z_M),
            (DOOR_HALF_M, 0, WALL_Z_M),
            (DOOR_HALF_M + 0.5, 0, 4.4),
            (-DOOR_HALF_M + 0.2, 0, 4.4),
        ],
        (188, 154, 118),
    )
    room.upright((-ROOM_HALF_M, -DOOR_HALF_M), (0, 0.12), WALL_Z_M, DARK_WOOD)
    room.upright((DOOR_HALF_M, ROOM_HALF_M), (0, 0.12), WALL_Z_M, DARK_WOOD)


def _left_side(room: Room) -> None:
    room.on_side(-ROOM_HALF_M, (0.85, 2.3), (3.3, 5.3), DARK_WOOD)
    room.on_side(-ROOM_HALF_M + 0.01, (0.93, 2.22), (3.4, 4.26), SKY)
    room.on_side(-ROOM_HALF_M + 0.01, (0.93, 2.22), (4.34, 5.2), SKY)
    room.upright((-2.3, -1.4), (1.1, 1.9), WALL_Z_M - 0.02, DARK_WOOD)
    room.upright((-2.24, -1.46), (1.16, 1.84), WALL_Z_M - 0.03, (52, 64, 58))
    for row, length in enumerate((0.5, 0.36, 0.58, 0.44)):
        top = 1.72 - row * 0.14
        room.upright((-2.14, -2.14 + length), (top - 0.04, top), WALL_Z_M - 0.04, (214, 214, 200))
    room.upright((-2.75, -2.45), (0, 0.4), 5.7, (198, 120, 84))
    for x, y, radius in ((-2.6, 0.7, 0.26), (-2.75, 1.0, 0.2), (-2.42, 0.95, 0.2), (-2.58, 1.2, 0.18)):
        room.ball((x, y, 5.7), radius, LEAF)
    for z, x in ((4.6, -2.1), (3.2, -2.2)):
        room.upright((x - 0.05, x + 0.05), (0, 0.72), z, DARK_WOOD)
        room.fill(
            [
                (x - 0.42, 0.74, z - 0.35),
                (x + 0.42, 0.74, z - 0.35),
                (x + 0.42, 0.74, z + 0.35),
                (x - 0.42, 0.74, z + 0.35),
            ],
            WOOD,
        )
        room.ball((x + 0.1, 0.8, z), 0.05, (244, 240, 232))


def _right_side(room: Room) -> None:
    for shelf in (1.35, 1.75, 2.15):
        room.upright((1.25, 2.8), (shelf - 0.04, shelf), WALL_Z_M - 0.05, DARK_WOOD)
        for bottle in range(9):
            x = 1.34 + bottle * 0.155
            colour = ((150, 70, 60), (90, 120, 92), (212, 176, 96), (98, 96, 128))[(bottle * 5 + round(shelf * 10)) % 4]
            room.upright((x, x + 0.09), (shelf, shelf + 0.16 + 0.05 * (bottle % 3)), WALL_Z_M - 0.06, colour)
    front, top = 1.55, 1.05
    room.on_side(front, (0, top), (2.2, 5.4), WOOD)
    for z in (2.2, 2.84, 3.48, 4.12, 4.76):
        room.on_side(front - 0.01, (0.12, top - 0.14), (z + 0.08, z + 0.56), (142, 100, 68))
    room.fill(
        [(front - 0.08, top, 2.2), (ROOM_HALF_M, top, 2.2), (ROOM_HALF_M, top, 5.4), (front - 0.08, top, 5.4)],
        (234, 224, 206),
    )
    room.upright((front, ROOM_HALF_M), (0, top), 2.2, (112, 78, 52))
    room.upright((1.95, 2.65), (top, top + 0.42), 4.3, (186, 64, 56))
    room.upright((2.02, 2.58), (top + 0.05, top + 0.2), 4.29, (60, 56, 58))
    room.upright((2.0, 2.6), (top + 0.42, top + 0.46), 4.3, (222, 222, 222))
    for cup in range(4):
        room.ball((2.08 + cup * 0.14, top + 0.5, 4.3), 0.05, (246, 242, 236))


def _door_frame(room: Room) -> None:
    for x in (-DOOR_HALF_M - 0.1, DOOR_HALF_M):
        room.upright((x, x + 0.1), (0, DOOR_HEIGHT_M + 0.1), WALL_Z_M - 0.01, DARK_WOOD)
    room.upright(
        (-DOOR_HALF_M - 0.1, DOOR_HALF_M + 0.1), (DOOR_HEIGHT_M, DOOR_HEIGHT_M + 0.1), WALL_Z_M - 0.01, DARK_WOOD
    )
    room.upright((-0.66, 0.66), (DOOR_HEIGHT_M + 0.16, DOOR_HEIGHT_M + 0.44), WALL_Z_M - 0.01, (70, 96, 92))
    room.lettering((0.0, DOOR_HEIGHT_M + 0.3, WALL_Z_M - 0.02), 0.2, "REGULARS", (238, 222, 178))


def _lamps(room: Room) -> None:
    for x, z in ((-1.5, 3.4), (1.9, 3.6), (-1.6, 5.0), (2.0, 5.0)):
        room.upright((x - 0.01, x + 0.01), (2.42, CEILING_M), z, DARK_WOOD)
        room.fill([(x - 0.16, 2.3, z), (x + 0.16, 2.3, z), (x + 0.05, 2.45, z), (x - 0.05, 2.45, z)], (70, 96, 92))
        room.ball((x, 2.29, z), 0.055, (255, 240, 190))
