"""An attacker who knows sums over hidden counts, and says which of them can have one value only."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

linprog: Any = vars(optimize)["linprog"]
MANY = 10**6


def given_away(sums: Sequence[Sequence[float]], true: Sequence[int], watched: Sequence[int]) -> list[int]:
    """Return those of the `watched` counts of which only one value fits, [m] of [n].

    `sums` [s, n] are the weights with which the counts `true` [n], none below 0, add up to what is known.
    """
    if not sums or not true:
        return []
    matrix, values = np.array(sums, dtype=float), np.array(true, dtype=float)
    suspects = [place for place in watched if not _moves(matrix, values, place)]
    found: list[int] = []
    for place in suspects:
        aim = np.eye(values.size)[place]
        ends = [linprog(sign * aim, A_eq=matrix, b_eq=matrix @ values, bounds=(0, MANY)) for sign in (1, -1)]
        if all(one.status == 0 for one in ends) and sum(one.fun for one in ends) > -0.5:
            found.append(place)
    return found


def _moves(matrix: NDArray[np.float64], values: NDArray[np.float64], place: int) -> bool:
    """Say whether the count can be changed by a half together with others, the sums and the empty ones as they are.

    It finds most that are safe without a linear program, and never calls one safe that is not.
    """
    if not values[place]:
        return False
    free = np.flatnonzero(values > 0)
    within = matrix[:, free]
    aim = (free == place).astype(float)
    # The aim without what the sums hold fast is the way along which it moves most.
    way = aim - np.linalg.pinv(within) @ (within @ aim)
    way[np.abs(way) < 1e-9] = 0
    speed = float(way[aim > 0][0])
    if speed <= 0:
        return False
    falls, rises = way < 0, way > 0
    up = float((values[free][falls] / -way[falls]).min(initial=MANY))
    down = float((values[free][rises] / way[rises]).min(initial=MANY))
    return (up + down) * speed > 0.51
