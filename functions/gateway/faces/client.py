"""Asks recognize about pictures, over HTTP with the events token: the gateway itself has no model and no OpenCV."""

from threading import BoundedSemaphore
from typing import Any, Literal, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from regulars.errors import DependencyAway, InputRefused, NotFound

CONNECT_WITHIN_S = 3.0
ANSWER_WITHIN_S = 25.0
"""A picture is judged in well under a second; recognize may be busy with tracks, and may just be starting."""
AT_ONCE = 12
"""Questions on their way: when recognize hangs, who asks it must not take every thread of the gateway along."""
Told = TypeVar("Told", bound=BaseModel)
_AWAY = "Pictures of faces cannot be looked at now; nothing was kept, send it again in a minute."


class Candidate(BaseModel):
    """A customer of the chain whom a picture shows (`match`) or may show (`possible`)."""

    customer_id: UUID
    verdict: Literal["match", "possible"]


class KnownBy(BaseModel):
    """How a member of staff stands after a change of photographs: `enrolled` from two good ones on.

    `looks_like_customer`: they were known as a customer until now, and make no visits any more.
    """

    photographs: int
    enrolled: bool
    looks_like_customer: bool
    photograph_id: UUID | None = None


class _Candidates(BaseModel):
    candidates: list[Candidate]


class FaceQuestions:
    """Recognize, as the gateway asks it. Threads may share it.

    Every call raises DependencyAway when recognize does not answer in time, is asked enough already, or what answers is
    not it, and InputRefused with recognize's reason and sentence when a picture is of no use.
    """

    def __init__(self, recognize_url: str, events_token: str) -> None:
        self._client = httpx.Client(
            base_url=recognize_url,
            headers={"Authorization": f"Bearer {events_token}"},
            timeout=httpx.Timeout(ANSWER_WITHIN_S, connect=CONNECT_WITHIN_S),
        )
        self._turns = BoundedSemaphore(AT_ONCE)

    def search(self, picture: bytes, tenant_id: UUID) -> list[Candidate]:
        """Return whom of the chain's customers a picture may show, best first. Nothing is kept."""
        params = {"tenant_id": str(tenant_id)}
        return self._ask(_Candidates, "POST", "/faces/search", content=picture, params=params).candidates

    def add_photograph(self, picture: bytes, tenant_id: UUID, staff_id: UUID, actor: str) -> KnownBy:
        """Let a photograph of a member be judged and kept; raises NotFound, too."""
        path = f"/staff/{tenant_id}/{staff_id}/photographs"
        return self._ask(KnownBy, "POST", path, content=picture, params={"actor": actor})

    def remove_photograph(self, tenant_id: UUID, staff_id: UUID, photograph_id: UUID, actor: str) -> KnownBy:
        """Let a photograph be deleted, and what was known from it; raises NotFound, too."""
        path = f"/staff/{tenant_id}/{staff_id}/photographs/{photograph_id}"
        return self._ask(KnownBy, "DELETE", path, params={"actor": actor})

    def run_again(self, object_key: str) -> None:
        """Let a track be recognized whose manifest lies at this key; it is set aside again when it still cannot be."""
        self._ask(_Anything, "POST", "/events", json={"key": object_key})

    def check(self) -> None:
        """Return when recognize is ready; raise DependencyAway when not."""
        self._answer(_Anything, "GET", "/readyz", timeout=CONNECT_WITHIN_S)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _ask(self, shape: type[Told], method: str, path: str, **sent: Any) -> Told:
        if not self._turns.acquire(blocking=False):
            raise DependencyAway(_AWAY)
        try:
            return self._answer(shape, method, path, **sent)
        finally:
            self._turns.release()

    def _answer(self, shape: type[Told], method: str, path: str, **sent: Any) -> Told:
        try:
            answer = self._client.request(method, path, **sent)
            if answer.is_success:
                return shape.model_validate_json(answer.content)
            refused = _Refused.model_validate_json(answer.content)
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError) as failure:
            raise DependencyAway(_AWAY) from failure
        if refused.code == InputRefused.code:
            raise InputRefused(refused.reason, refused.detail)
        if refused.code == NotFound.code:
            raise NotFound(refused.detail)
        raise DependencyAway(_AWAY)


class _Anything(BaseModel):
    """Any JSON object."""


class _Refused(BaseModel):
    code: str
    detail: str
    reason: str = "unusable"
