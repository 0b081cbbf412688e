"""GET /v1/live: server-sent events, held open by every page that shows what happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from functions.gateway.auth.caller import Caller, may
from functions.gateway.auth.held_open import TooManyStreams
from functions.gateway.errors import problem_responses
from functions.gateway.live.fan_out import newest_of_each
from functions.gateway.live.news import CameraNews, News, Reader
from functions.gateway.parts import PartsDep
from regulars.store.live import LiveEvent

router = APIRouter(prefix="/v1", tags=["live"], responses=problem_responses(401, 403, 422, 503))
RETRY_MS = 3000
LastEventId = Annotated[int | None, Header(ge=0, le=2**63 - 1, description="Resume after this event.")]
OneSite = Annotated[UUID | None, Query(description="Tell of this site only.")]


class Joined:
    """A reader that gets all news from now on, and the number of the newest event before."""

    def __init__(self, reader: Reader, last: int) -> None:
        self.reader = reader
        self.last = last


async def _join(
    parts: PartsDep, caller: Annotated[Caller, may("live.watch")], site_id: OneSite = None
) -> AsyncIterator[Joined]:
    """Join before the answer begins, so that PostgreSQL being away is told as 503; leave when the page is gone."""
    assert caller.tenant_id  # refuses an account of the platform  # noqa: S101
    reader = Reader(caller.tenancy, asyncio.get_running_loop(), site_id)
    with parts.held_open.by(caller):
        try:
            yield Joined(reader, await run_in_threadpool(parts.fan_out.join, reader))
        finally:
            parts.fan_out.leave(reader)


@router.get("/live", response_class=EventSourceResponse, responses=problem_responses(TooManyStreams))
async def watch_live(
    parts: PartsDep,
    caller: Annotated[Caller, may("live.watch")],
    joined: Annotated[Joined, Depends(_join)],
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Tell what is new: of visits their ids and a kind, to be read anew; of cameras their state; of sites their counts.

    Begins with `ready` and the counts of today; after a break, `Last-Event-ID` brings the events that were missed, at
    whichever replica. A comment every 15 s keeps it open. It ends when the login runs out, and for a reader that
    cannot keep up: reconnect, with the id.
    """
    sent = joined.last if last_event_id is None else min(last_event_id, joined.last)
    yield ServerSentEvent(event="ready", data={}, id=str(sent), retry=RETRY_MS)
    while missed := await run_in_threadpool(parts.fan_out.missed, caller.tenancy, sent):
        for event in newest_of_each(missed):
            if joined.reader.may_see(event):
                yield _told(event)
        sent = missed[-1].event_number
    for counts in await run_in_threadpool(parts.fan_out.counts, caller.tenancy):
        if joined.reader.may_see(counts):
            yield _told(counts)
    ends = caller.expires_at
    while parts.holds_streams and parts.clock() < ends:
        news = await _next(joined.reader, (ends - parts.clock()).total_seconds())
        if news is None:
            return
        if isinstance(news, LiveEvent):
            if news.event_number <= sent:
                continue
            sent = news.event_number
        yield _told(news)


async def _next(reader: Reader, wait_s: float) -> News | None:
    try:
        async with asyncio.timeout(max(wait_s, 0)):
            return await reader.queue.get()
    except TimeoutError:
        return None


def _told(news: News) -> ServerSentEvent:
    if isinstance(news, LiveEvent):
        data = {
            "subject_id": str(news.subject_id),
            "site_id": str(news.site_id) if news.site_id else None,
            "at": news.at.isoformat(),
        }
        return ServerSentEvent(event=news.kind, id=str(news.event_number), data=data)
    return ServerSentEvent(event="camera_changed" if isinstance(news, CameraNews) else "counts", data=asdict(news))
