"""Films for the stories: people of the sample pictures walk by a camera, and the truth is written beside each film."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compose.onebox.scene import Cutout, Line, Step, Walk, film
from compose.onebox.scene.cafe import draw_cafe
from compose.onebox.scene.paths import in_sight, true_crossings
from compose.onebox.scene.people import cut_out_cast
from tests.real_models import default_pack, sample_photographs

WIDTH, HEIGHT, FPS = 640, 360, 12
FACE_PX = 52
LINE: Line = (0.5, 0.0, 0.5, 1.0)
"""From top to bottom: who goes from the picture's right to its left goes in."""
WALK_S = 2.4


@dataclass(frozen=True)
class Film:
    """A film and who walks in it, in the order of their coming."""

    path: Path
    walks: tuple[Walk, ...]

    @property
    def people(self) -> list[str]:
        return [walk.person for walk in self.walks]

    def directions(self) -> list[str]:
        """Return, walk by walk, which way it crosses LINE; every walk of ours crosses it once."""
        return [crossing.direction for walk in self.walks for crossing in true_crossings(walk, LINE)]

    def begins_s(self) -> list[float]:
        """Return, walk by walk, when the face comes into sight, in seconds from the film's start."""
        sights = [in_sight(walk, 0.0) for walk in self.walks]
        return [sight[0] for sight in sights if sight]


@cache
def cast() -> dict[str, Cutout]:
    """Return the people that can be filmed, by name."""
    return {person.name: person for person in cut_out_cast(sample_photographs(), default_pack().detector)}


def comes_in(person: str, start_s: float) -> Walk:
    """Walk evenly through the picture from its right to its left."""
    return _across(person, start_s, 0.85, 0.15)


def goes_out(person: str, start_s: float) -> Walk:
    """Walk evenly through the picture from its left to its right."""
    return _across(person, start_s, 0.15, 0.85)


def make_film(path: Path, *walks: Walk) -> Film:
    """Write the film, H.264, ending a second after the last walk."""
    seconds = max(walk.end_s for walk in walks) + 1.0
    people = [cast()[name] for name in {walk.person for walk in walks}]
    film(path, draw_cafe(WIDTH, HEIGHT), people, walks, fps=FPS, seconds=seconds)
    return Film(path, walks)


def _across(person: str, start_s: float, begin: float, end: float) -> Walk:
    face = FACE_PX / WIDTH
    return Walk(person, start_s, (Step(0.0, begin, 0.4, face), Step(WALK_S, end, 0.4, face)))
