"""Who of the people in a film was found: the film knows where each of them is, to the picture."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from compose.onebox.scene.paths import Step, in_sight
from compose.onebox.scene.sample import FPS, LEAST_FACE_PX
from compose.onebox.scene.ways import WIDTH
from regulars.domain.tracks import TrackManifest
from tests.bench.films import Film

PICTURES_APART = 5
"""Every so many pictures it is asked who is seen."""
SEEN_TO_BE_FOUND = 3
"""Pictures, as a track needs."""
Centre = tuple[float, float]
"""Of a face, in parts of the picture's width and height."""
Found = tuple[int, float]
"""How many people were found, and in what share of the pictures in which they are in sight."""


def followed(film: Film, tracks: Sequence[TrackManifest], starts_at: datetime) -> Found:
    """Return who the tracks are of: a person is followed from the first picture of a track of theirs to its last."""
    spans = Counter[tuple[int, float, float]]()
    for track in tracks:
        since_s, until_s = ((at - starts_at).total_seconds() for at in (track.started_at, track.ended_at))
        for shot in track.shots:
            x, y, width, height = shot.box
            centre = (x + width / 2) / track.frame_width, (y + height / 2) / track.frame_height
            at_s = (shot.at - starts_at).total_seconds()
            spans.update((number, since_s, until_s) for number in _of_whom(film, at_s, [centre]))
    covered = {number: [(a, b) for one, a, b in spans if one == number] for number in range(film.people)}
    moments = list(_moments(film))
    hits = [(n, at_s) for n, at_s in moments if any(a <= at_s <= b for a, b in covered[n])]
    return sum(bool(spans) for spans in covered.values()), len(hits) / len(moments)


def detected(film: Film, pictures: Iterator[Any], look: Callable[[Any], Sequence[Centre]]) -> Found:
    """Return who a detector finds that is shown every so many of the film's pictures."""
    wanted = {round(at_s * FPS) for _, at_s in _moments(film)}
    hits = Counter[int]()
    for number, picture in enumerate(pictures):
        if number in wanted:
            hits.update(_of_whom(film, number / FPS, look(picture)))
    people = sum(seen >= SEEN_TO_BE_FOUND for seen in hits.values())
    return people, hits.total() / len(list(_moments(film)))


def _moments(film: Film) -> Iterator[tuple[int, float]]:
    """Yield each person's number with each moment asked about at which the face is in sight and large enough."""
    for number, walk in enumerate(film.walks):
        sight = in_sight(walk, LEAST_FACE_PX / WIDTH)
        for picture in range(0, film.frames, PICTURES_APART):
            if sight and sight[0] <= picture / FPS <= sight[1]:
                yield number, picture / FPS


def _of_whom(film: Film, at_s: float, centres: Sequence[Centre]) -> set[int]:
    """Return the people at whose place, in sight, one of the faces was found."""
    inside: set[int] = set()
    for number, walk in enumerate(film.walks):
        sight, place = in_sight(walk, LEAST_FACE_PX / WIDTH), walk.at(at_s)
        if sight and place and sight[0] <= at_s <= sight[1] and any(_near(film, place, one) for one in centres):
            inside.add(number)
    return inside


def _near(film: Film, place: Step, centre: Centre) -> bool:
    aside = abs(place.x - centre[0])
    below = abs(place.y - centre[1]) * film.size[1] / film.size[0]
    return max(aside, below) <= place.face / 2
