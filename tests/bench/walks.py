"""Who walks in the films that figures are taken from: they stay as they are when the demo's film changes."""

import random
from collections.abc import Sequence

from compose.onebox.scene.paths import Walk
from compose.onebox.scene.ways import arrive, leave


def mostly_coming(chance: random.Random, names: Sequence[str], seconds: float) -> list[Walk]:
    """Arrivals alone and in pairs, everyone once before anyone again, now and then somebody leaving."""
    walks: list[Walk] = []
    queue = list(names)
    chance.shuffle(queue)
    start_s, turn = 0.5, 0
    while True:
        arrivals = arrive(queue[: 2 if turn % 3 == 1 else 1], start_s, 1 if turn % 2 else -1, chance)
        end_s = max(walk.end_s for walk in arrivals)
        if end_s > seconds:
            return walks
        walks += arrivals
        seen = [walk.person for walk in arrivals]
        queue = queue[len(seen) :] + seen
        if turn % 4 == 2:
            guest = next(walk.person for walk in reversed(walks) if walk.person not in seen)
            leaving = leave([guest], end_s - 1.0, chance)
            if leaving[0].end_s < seconds:
                walks += leaving
                end_s = leaving[0].end_s
        start_s = end_s - chance.uniform(3.5, 4.5)  # the next one comes into the door while this one is near
        turn += 1
