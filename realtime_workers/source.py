"""What capture reads from: the shape of a camera, and the one error that says why there is no picture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from regulars.domain.cameras import LONGEST_DETAIL, StateReason
from regulars.domain.faces import Image

SMALLEST_SIDE_PX, LARGEST_SIDE_PX = 16, 16_384


@dataclass(frozen=True, slots=True)
class Brightness:
    """A picture without its colours: `plane` uint8 [height, width], upright, from `black` to `white`."""

    plane: NDArray[np.uint8]
    black: int
    white: int


def _no_brightness() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture. `image()` returns BGR uint8 [height, width, 3], upright; `stream_s` is the stream's time.

    `brightness()` returns what the decoder keeps anyway, None where it keeps none: colours of a picture nobody looks
    for faces in are never made. `arrived_s` is when its data came (Unix), None where that is now; `held` tells that it
    was decoded later than that, with others; `glanced`, how many before it were decoded and left out; `rough`,
    that edges between blocks were not smoothed: good enough to see that something is new.
    """

    stream_s: float | None
    image: Callable[[], Image]
    brightness: Callable[[], Brightness | None] = _no_brightness
    arrived_s: float | None = None
    held: bool = False
    glanced: int = 0
    rough: bool = False


class Rest(Protocol):
    """Whoever looks at the pictures: tells the source when it can do with few of them."""

    def resting(self) -> bool:
        """Say whether nothing goes on, by what was looked at so far."""
        ...

    def unchanged(self, picture: Picture) -> bool:
        """Say whether nothing goes on still, and `picture` shows nothing new."""
        ...


class Source(Protocol):
    """An open camera or file."""

    def pictures(self, rest: Rest | None = None) -> Iterator[Picture]:
        """Yield pictures; return at the end of a file, raise SourceFailedError when a stream breaks.

        With `rest`, pictures may be left out as long as nothing goes on.
        """
        ...

    def close(self) -> None:
        """Let the camera go."""
        ...


class SourceFailedError(Exception):
    """No picture comes; `reason` and `detail` go to the camera's page. The detail never holds a URL or password."""

    def __init__(self, reason: StateReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: StateReason = reason
        self.detail = detail[:LONGEST_DETAIL]
