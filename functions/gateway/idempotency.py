"""Idempotency-Key: a POST that is sent again is carried out once; around every request, and in each that `may` guards.

The middleware reads the body and remembers what was asked; once the caller is known and permitted, `claim_once` claims
the key; every transaction that the route commits afterwards proves the claim; the answer is kept before it is sent.

Only answers of success are kept: what was refused changed nothing, and its key is free again. They are kept sealed,
because they may tell of a customer or hold a secret that is shown once, and for 24 h. An answer that is a stream, or
longer than 64 KiB, goes out as it comes and is not kept: sent again, the request is told that it was carried out.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import datetime
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regulars.adapters.sealing_fernet import FernetSealing
from regulars.errors import ConfigurationRefused, DependencyAway, InputRefused, RegularsError
from regulars.store import idempotency as store
from regulars.store.session import Connection, Engine, act_for, transaction
from regulars.tenancy import Tenancy

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MOST_KEPT_BYTES = 65_536
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_KEPT_HEADERS = ("content-type", "location", "etag")
_log = logging.getLogger("regulars.gateway")


class KeyReused(RegularsError):
    """The key came before with another request."""

    code = "idempotency_key_reused"
    http_status = 422


class StillRunning(RegularsError):
    """The first request of this key has not been answered yet."""

    code = "request_running"
    http_status = 409
    retry = True


class AnswerLost(RegularsError):
    """The request was carried out, and its answer is not there to be given again."""

    code = "answer_lost"
    http_status = 409


class Replay(Exception):
    """Carries a kept answer past the route, which has been carried out before: no failure."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class Once:
    """One request that carries a key: what was asked, and the claim when it has been won."""

    def __init__(self, key: str, request_hash: bytes) -> None:
        self.key = key
        self.request_hash = request_hash
        self.claim: store.Claim | None = None


_current: ContextVar[Once | None] = ContextVar("regulars_once", default=None)


class Idempotency:
    """ASGI middleware: inside the envelope, which bounds the body."""

    def __init__(self, app: ASGIApp, engine: Engine, sealing: FernetSealing, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._engine = engine
        self._sealing = sealing
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection of the server."""
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" and scope["method"] == "POST" else None
        if key is None:
            await self._app(scope, receive, send)
            return
        messages = await _whole_body(receive)
        once = Once(key, _hash_of(scope, messages))
        scope.setdefault("state", {})["once"] = (self, once)
        answer = _Answer(self, once, send)
        token = _current.set(once)
        try:
            await self._app(scope, _sent_again(messages, receive), answer.send)
        except Exception:
            await answer.refused()
            raise
        finally:
            _current.reset(token)

    def claim(self, once: Once, caller: str, tenancy: Tenancy) -> None:
        """Claim the key for this caller, or raise Replay, KeyReused, StillRunning, AnswerLost, InputRefused."""
        if not _KEY.fullmatch(once.key):
            raise InputRefused("bad_idempotency_key", "An idempotency key has 1 to 200 visible ASCII characters.")
        key_hash, now = hashlib.sha256(once.key.encode()).digest(), self._clock()
        with transaction(self._engine, tenancy) as connection:
            held = store.claim_key(connection, caller, tenancy.tenant_id, key_hash, once.request_hash, now)
        if isinstance(held, store.Claim):
            once.claim = held
            return
        if held.request_hash != once.request_hash:
            raise KeyReused("This key came before with another request; nothing was changed. Take a new key.")
        if held.answer:
            raise Replay(self._open(held.answer))
        if held.runs_until > now:
            raise StillRunning("The first request with this key is still running; ask again for its answer.")
        raise _answer_lost()

    def keep(self, claim: store.Claim, status: int, headers: dict[str, str], body: bytes) -> None:
        """Keep an answer for whoever asks again."""
        sealed = self._sealing.seal(body.decode("latin-1"))
        with self._transaction(claim) as connection:
            store.keep_answer(connection, claim, store.KeptAnswer(status, headers, sealed))

    def lose(self, claim: store.Claim) -> None:
        """Note that an answer was given that cannot be kept."""
        with self._transaction(claim) as connection:
            store.lose_answer(connection, claim, self._clock())

    def free(self, claim: store.Claim) -> None:
        """Let the key be used again."""
        with self._transaction(claim) as connection:
            store.free_key(connection, claim)

    def _transaction(self, claim: store.Claim) -> AbstractContextManager[Connection]:
        return transaction(self._engine, Tenancy(claim.tenant_id))

    def _open(self, answer: store.KeptAnswer) -> Response:
        try:
            body = self._sealing.unseal(answer.body_sealed).get_secret_value().encode("latin-1")
        except ConfigurationRefused as failure:  # its sealing key is gone by now
            raise _answer_lost() from failure
        return Response(body, answer.status, headers=answer.headers | {REPLAYED: "true"})


class _Answer:
    """Holds an answer back until it is kept; passes on what is not ours or cannot be kept."""

    def __init__(self, keeper: Idempotency, once: Once, send: Send) -> None:
        self._keeper = keeper
        self._once = once
        self._send = send
        self._held: list[Message] = []
        self._settled = False

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        claim = self._once.claim
        if claim is None or self._settled:
            await self._send(message)
            return
        self._held.append(message)
        start, body = self._held[0], b"".join(one.get("body", b"") for one in self._held)
        headers = Headers(raw=start["headers"])
        if start["status"] >= HTTPStatus.BAD_REQUEST:
            await self._settle(self._keeper.free, claim)
        elif len(body) > MOST_KEPT_BYTES or headers.get("content-type", "").startswith("text/event-stream"):
            await self._settle(self._keeper.lose, claim)
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
            await self._settle(self._keeper.keep, claim, start["status"], kept, body)

    async def refused(self) -> None:
        """Take that there will be no answer of the route's own."""
        if self._once.claim and not self._settled:
            await self._settle(self._keeper.free, self._once.claim)

    async def _settle(self, how: Callable[..., None], *what: object) -> None:
        self._settled = True
        try:
            await run_in_threadpool(how, *what)
        except DependencyAway:  # the claim runs out by itself
            _log.warning("an answer could not be kept for its idempotency key: PostgreSQL does not answer")
        for message in self._held:
            await self._send(message)
        self._held.clear()


def install_idempotency(app: FastAPI, engine: Engine, sealing: FernetSealing, clock: Callable[[], datetime]) -> None:
    """Let the app carry out a POST with a key once; add it before the envelope, so that it stands inside."""
    app.add_middleware(Idempotency, engine=engine, sealing=sealing, clock=clock)
    app.add_exception_handler(Replay, lambda _, replay: replay.response if isinstance(replay, Replay) else Response())


async def claim_once(request: Request, caller: str, tenancy: Tenancy) -> None:
    """Claim the key that came with the request, if one did, now that the caller is known and permitted."""
    keeper_and_once: tuple[Idempotency, Once] | None = request.scope.get("state", {}).get("once")
    if keeper_and_once and keeper_and_once[1].claim is None:
        keeper, once = keeper_and_once
        await run_in_threadpool(keeper.claim, once, caller, tenancy)


def prove_claim(connection: Connection, tenancy: Tenancy) -> None:
    """Let the transaction, which is about to commit, say that it is what was asked for; raise when another took over.

    A transaction of another tenancy does not see the claim: it goes unproven.
    """
    once = _current.get()
    if once is None or once.claim is None or tenancy.tenant_id not in (None, once.claim.tenant_id):
        return
    act_for(connection, tenancy)  # the route may have acted for another meanwhile
    if not store.carry_out(connection, once.claim):
        raise StillRunning("This took so long that the same request, sent again, is carried out instead of it.")


def _answer_lost() -> AnswerLost:
    return AnswerLost("This request was carried out before, and its answer is not kept: look whether all is there.")


async def _whole_body(receive: Receive) -> list[Message]:
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    return messages


def _sent_again(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def next_message() -> Message:
        return next(waiting, None) or await receive()

    return next_message


def _hash_of(scope: Scope, messages: list[Message]) -> bytes:
    asked = hashlib.sha256()
    for part in (scope["method"].encode(), scope["path"].encode(), scope["query_string"]):
        asked.update(part + b"\n")
    for message in messages:
        asked.update(message.get("body", b""))
    return asked.digest()
