"""Bad pictures: every kind of file, broken in every way; looked at as photographs and decoded as shots."""

import random
from collections.abc import Callable

from regulars.errors import InputRefused
from regulars.steps.look_at_picture import look_at_picture
from regulars.steps.read_track import MAX_SHOT_SIDE_PX
from regulars.vision.decode import decode_picture
from tests.fake_pack import FakeDetector
from tests.spoiling import spoiled_file
from tests.torture.bad_input.tally import READ, told
from tests.unit.vision.test_hostile_pictures import GOOD, REFUSED

_FILES = [*GOOD.values(), *(content for content, _ in REFUSED.values() if len(content) < 1_000_000)]


def photograph(dice: random.Random) -> str:
    """Look at one broken photograph; a refusal has a sentence."""
    try:
        look_at_picture(spoiled_file(dice.choice(_FILES), dice), FakeDetector())
    except InputRefused as refused:
        return told(refused)
    return READ


def shot(dice: random.Random) -> str:
    """Decode one broken shot of a track."""
    try:
        image = decode_picture(spoiled_file(dice.choice(_FILES), dice), MAX_SHOT_SIDE_PX)
    except InputRefused as refused:
        return told(refused)
    assert max(image.shape[:2]) <= MAX_SHOT_SIDE_PX
    return READ


PICTURES: dict[str, Callable[[random.Random], str]] = {"photographs": photograph, "shots": shot}
