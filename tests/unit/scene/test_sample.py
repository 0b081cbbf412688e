"""The sample scene's plan: everybody comes, some together, everybody leaves, and nobody is twice in the room."""

import random
from itertools import combinations

import pytest

from compose.onebox.scene import SAMPLE_LINE
from compose.onebox.scene.paths import true_crossings
from compose.onebox.scene.people import CAST
from compose.onebox.scene.sample import plan
from compose.onebox.scene.ways import WIDTH

NAMES = [role.name for role in CAST]
SECONDS = 90.0
SEEDS = range(1, 9)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_fits_the_film_and_nobody_is_in_it_twice_at_once(seed: int) -> None:
    walks = plan(random.Random(seed), NAMES, SECONDS)
    assert {walk.person for walk in walks} == set(NAMES)
    assert all(0 <= walk.start_s < walk.end_s <= SECONDS for walk in walks)
    for one, other in combinations(walks, 2):
        if one.person == other.person:
            assert one.end_s < other.start_s or other.end_s < one.start_s


@pytest.mark.parametrize("seed", SEEDS)
def test_every_walk_passes_the_line_once_and_who_came_in_goes_out(seed: int) -> None:
    ways: dict[str, list[str]] = {name: [] for name in NAMES}
    for walk in sorted(plan(random.Random(seed), NAMES, SECONDS), key=lambda walk: walk.start_s):
        ways[walk.person] += [crossing.direction for crossing in true_crossings(walk, SAMPLE_LINE)]
    assert set(map(tuple, ways.values())) == {("in", "out")}


def test_in_a_longer_film_they_come_again() -> None:
    walks = plan(random.Random(1), NAMES, 2 * SECONDS)
    assert len(walks) > 3 * len(NAMES)


@pytest.mark.parametrize("seed", SEEDS)
def test_some_come_together(seed: int) -> None:
    walks = plan(random.Random(seed), NAMES, SECONDS)
    assert any(abs(one.start_s - other.start_s) < 0.5 for one, other in combinations(walks, 2))


def test_faces_are_large_enough_at_their_best() -> None:
    for walk in plan(random.Random(1), NAMES, SECONDS):
        assert 60 <= max(step.face for step in walk.path if 0 <= step.x <= 1 and step.y <= 1) * WIDTH <= 200


def test_the_same_seed_is_the_same_plan_and_another_is_not() -> None:
    assert plan(random.Random(3), NAMES, SECONDS) == plan(random.Random(3), NAMES, SECONDS)
    assert plan(random.Random(3), NAMES, SECONDS) != plan(random.Random(4), NAMES, SECONDS)
