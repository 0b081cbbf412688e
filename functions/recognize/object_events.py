"""The route of object events, the same under uvicorn and over Lambda's function URL."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from functions.recognize.answers import body_of
from regulars.events import MAX_BODY_BYTES, parse_events
from regulars.steps.recognize import Handled, Recognizer

Event = Annotated[
    bytes, Depends(body_of(MAX_BODY_BYTES, "event_too_large", f"An event has at most {MAX_BODY_BYTES} bytes."))
]


@dataclass(frozen=True, slots=True)
class Answer:
    """How many of a request's tracks have a sighting now, and how many were set aside."""

    handled: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Watched:
    """What a process does around its events: `busy` is open during one, `told` hears what became of each track."""

    busy: Callable[[], AbstractContextManager[None]] = nullcontext
    told: Callable[[Handled], None] = lambda _one: None


def event_routes(recognizer: Recognizer, authenticated: Callable[[str], None], watched: Watched) -> APIRouter:
    """Return POST /events."""
    router = APIRouter(dependencies=[Depends(authenticated)])

    @router.post("/events")
    def take_events(request: Request, body: Event) -> Answer:
        keys = [event.key for event in parse_events(body, dict(request.headers))]
        with watched.busy():
            handled = [recognizer.handle(key) for key in keys]
        for one in handled:
            watched.told(one)
        aside = [one.result for one in handled].count("set_aside")
        return Answer(len(handled) - aside, aside)

    return router
