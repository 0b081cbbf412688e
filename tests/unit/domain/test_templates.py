"""Which templates a person keeps."""

import numpy as np

from regulars.domain.faces import FloatArray
from regulars.domain.templates import MOST_TEMPLATES, Template, learn
from regulars.ids import new_id


def unit(*values: float) -> FloatArray:
    made = np.array(values, np.float32)
    return (made / np.linalg.norm(made)).astype(np.float32)


def axis(number: int, quality: float = 0.8) -> Template:
    return Template(new_id(), np.eye(8, dtype=np.float32)[number], quality)


def test_the_first_look_is_always_kept() -> None:
    assert learn(unit(1, 0), 0.3, []).add


def test_the_same_look_again_adds_nothing() -> None:
    assert not learn(np.eye(8, dtype=np.float32)[0], 0.9, [axis(0)]).add


def test_an_unlike_look_joins_until_there_are_five() -> None:
    held = [axis(number) for number in range(MOST_TEMPLATES - 1)]
    learning = learn(np.eye(8, dtype=np.float32)[7], 0.8, held)
    assert learning.add
    assert learning.replaces is None


def test_a_sixth_takes_the_place_of_the_worse_of_the_two_most_alike() -> None:
    twin = Template(new_id(), unit(0, 0, 1, 0.6, 0, 0, 0, 0), 0.5)
    held = [axis(0), axis(1), axis(2, quality=0.9), twin, axis(4)]
    learning = learn(np.eye(8, dtype=np.float32)[7], 0.8, held)
    assert learning.add
    assert learning.replaces == twin.template_id


def test_how_the_person_was_enrolled_is_never_replaced() -> None:
    twin = Template(new_id(), unit(1, 0.6, 0, 0, 0, 0, 0, 0), 0.95)
    held = [axis(0, quality=0.1), twin, axis(2), axis(3), axis(4)]
    assert learn(np.eye(8, dtype=np.float32)[7], 0.8, held).replaces == twin.template_id


def test_a_sixth_that_is_itself_the_redundant_one_is_not_added() -> None:
    held = [axis(number) for number in range(MOST_TEMPLATES)]
    assert not learn(unit(0, 0, 0, 1, 0.8, 0, 0, 0), 0.2, held).add
