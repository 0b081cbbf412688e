"""What answers in recognize's place without being it, as a proxy's own page does, counts as recognize being away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from functions.gateway.faces.client import FaceQuestions
from regulars.adapters.recognize_http import RecognizeOverHttp
from regulars.errors import DependencyAway
from regulars.ids import new_id
from tests.event_receiver import EventReceiver

Ask = Callable[[FaceQuestions, RecognizeOverHttp], object]


@pytest.fixture
def nobody() -> Iterator[EventReceiver]:
    """Something that answers every POST with 200 and nothing."""
    with EventReceiver() as receiver:
        yield receiver


@pytest.mark.parametrize(
    "ask",
    [
        lambda faces, _: faces.search(b"a picture", new_id()),
        lambda faces, _: faces.add_photograph(b"a picture", new_id(), new_id(), "user:x"),
        lambda faces, _: faces.run_again("tracks/x/track.json"),
        lambda _, told: told.tell("tracks/x/track.json"),
    ],
    ids=["search", "add a photograph", "run again", "tell"],
)
def test_a_success_without_an_answer_is_none(nobody: EventReceiver, ask: Ask) -> None:
    url = nobody.url.removesuffix("/events")
    with ExitStack() as closing:
        faces, told = FaceQuestions(url, nobody.token), RecognizeOverHttp(url, nobody.token)
        closing.callback(faces.close)
        closing.callback(told._client.close)
        with pytest.raises(DependencyAway):
            ask(faces, told)


def test_who_is_refused_is_told_by_which_status(nobody: EventReceiver) -> None:
    told = RecognizeOverHttp(nobody.url.removesuffix("/events"), "another token")
    with pytest.raises(DependencyAway, match="401"):
        told.tell("tracks/x/track.json")
    told._client.close()
