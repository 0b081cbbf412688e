"""What answers in recognize's place without being it, as a proxy's own page does, counts as recognize being away."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from functions.gateway.faces.client import FaceQuestions
from regulars.adapters.recognize_http import RecognizeOverHttp
from regulars.errors import DependencyAway
from regulars.ids import new_id
from tests.event_receiver import EventReceiver

QUESTIONS: dict[str, Callable[[FaceQuestions], object]] = {
    "search": lambda faces: faces.search(b"a picture", new_id()),
    "add a photograph": lambda faces: faces.add_photograph(b"a picture", new_id(), new_id(), "user:x"),
    "run again": lambda faces: faces.run_again("tracks/x/track.json"),
}


@pytest.fixture
def nobody() -> Iterator[EventReceiver]:
    """Something that answers every POST with 200 and nothing."""
    with EventReceiver() as receiver:
        yield receiver


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_success_without_an_answer_is_none(nobody: EventReceiver, question: str) -> None:
    faces = FaceQuestions(nobody.url.removesuffix("/events"), nobody.token)
    with closing(faces), pytest.raises(DependencyAway):
        QUESTIONS[question](faces)


@pytest.mark.parametrize(("token", "said"), [("", "does not answer"), ("another token", "401")])
def test_who_tells_of_a_track_is_told_why_it_was_not_taken(nobody: EventReceiver, token: str, said: str) -> None:
    told = RecognizeOverHttp(nobody.url.removesuffix("/events"), token or nobody.token)
    with pytest.raises(DependencyAway, match=said):
        told.tell("tracks/x/track.json")
