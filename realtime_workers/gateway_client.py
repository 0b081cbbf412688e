"""The worker's only way out: calls the gateway, and writes to the object store through the links it hands out."""

from typing import Any, Self, TypeVar, cast
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from regulars.domain.cameras import Heartbeat, HeartbeatAnswer, LinksAnswer, LinksRequest, SignedPut
from regulars.domain.watching import (
    WISHES_WITHIN_S,
    LivePicture,
    PictureTaken,
    TrialAnswer,
    WishesAnswer,
    WishesRequest,
    pack_picture,
)
from regulars.errors import DependencyAway, InputRefused, LeaseLost, NotAuthenticated

CONNECT_TIMEOUT_S = 3.0
ANSWER_TIMEOUT_S = 10.0
PICTURE_WITHIN_S = 2.0
TRY_LATER = frozenset({408, 425, 429})
NOT_SIGNED = frozenset({401, 403})
_PICTURE = "application/vnd.regulars.picture"

Message = TypeVar("Message", bound=BaseModel)


class GatewayClient:
    """Speaks for one worker. Every method raises the same four errors:

    DependencyAway (no answer, or 5xx: try later), NotAuthenticated (the worker key is refused: keep everything, a
    person must set the right key), LeaseLost (409 `lease_lost`), InputRefused (any other 4xx: the same call will never
    succeed).
    """

    def __init__(self, gateway_url: str, worker_key: str) -> None:
        timeout = httpx.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        self._gateway = httpx.Client(
            base_url=gateway_url, timeout=timeout, headers={"Authorization": f"Bearer {worker_key}"}
        )
        self._store = httpx.Client(timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._gateway.close()
        self._store.close()

    def heartbeat(self, beat: Heartbeat, within_s: float = ANSWER_TIMEOUT_S) -> HeartbeatAnswer:
        """Say what this worker does; return the cameras it holds from now on."""
        return _parsed(self._post("/v1/worker/heartbeat", beat, within_s), HeartbeatAnswer)

    def links(self, track_id: UUID, request: LinksRequest) -> LinksAnswer:
        """Return where a finished track may be written. Raises LeaseLost when another worker's lease covers it."""
        return _parsed(self._post(f"/v1/worker/tracks/{track_id}/links", request), LinksAnswer)

    def wishes(self, request: WishesRequest) -> WishesAnswer:
        """Return what is wanted of this worker; the gateway takes its time until there is something."""
        return _parsed(self._post("/v1/worker/wishes", request, WISHES_WITHIN_S + ANSWER_TIMEOUT_S), WishesAnswer)

    def show(self, camera_id: UUID, picture: LivePicture, jpeg: bytes) -> bool:
        """Show a picture of a held camera to those who watch; return whether more are wanted."""
        body = pack_picture(picture, jpeg)
        answer = self._send(f"/v1/worker/cameras/{camera_id}/picture", body, _PICTURE, PICTURE_WITHIN_S)
        return _parsed(answer, PictureTaken).watched

    def answer_trial(self, worker_id: str, trial_id: UUID, answer: TrialAnswer, jpeg: bytes) -> None:
        """Say what came of a trial."""
        path = str(httpx.URL(f"/v1/worker/trials/{trial_id}", params={"worker_id": worker_id}))
        self._send(path, pack_picture(answer, jpeg), _PICTURE, ANSWER_TIMEOUT_S)

    def put(self, link: SignedPut, body: bytes) -> None:
        """Write one object. Raises DependencyAway, or InputRefused('link_refused'): ask for new links.

        A link that was just made and is refused as expired or not signed says nothing of the track: a clock or a key
        is wrong. Until somebody has put it right the track waits, as it does for a store that is away.
        """
        try:
            answer = self._store.put(link.url, content=body, headers={"Content-Type": link.content_type})
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise DependencyAway(f"The object store does not answer ({type(broken).__name__}).") from None
        if answer.status_code >= 500 or answer.status_code in TRY_LATER:
            raise DependencyAway(f"The object store answered {answer.status_code}.")
        if answer.status_code in NOT_SIGNED:
            raise DependencyAway(f"The object store answered {answer.status_code} to a new link: is a clock wrong?")
        if answer.status_code >= 300:
            raise InputRefused("link_refused", f"The object store answered {answer.status_code} to a signed link.")

    def _post(self, path: str, message: BaseModel, within_s: float = ANSWER_TIMEOUT_S) -> httpx.Response:
        return self._send(path, message.model_dump_json().encode(), "application/json", within_s)

    def _send(self, path: str, content: bytes, content_type: str, within_s: float) -> httpx.Response:
        try:
            answer = self._gateway.post(
                path,
                content=content,
                headers={"Content-Type": content_type},
                timeout=httpx.Timeout(within_s, connect=min(within_s, CONNECT_TIMEOUT_S)),
            )
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise DependencyAway(f"The gateway does not answer ({type(broken).__name__}).") from None
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer


def _refusal(answer: httpx.Response) -> Exception:
    status, code = answer.status_code, _code_in(answer)
    if status >= 500 or status in TRY_LATER:
        return DependencyAway(f"The gateway answered {status}.")
    if status in (401, 403):
        return NotAuthenticated(f"The gateway refuses this worker's key ({status}).")
    if status == 409 and code == LeaseLost.code:
        return LeaseLost("Another worker's lease of this camera began before the track did.")
    return InputRefused(code or f"http_{status}", f"The gateway answered {status}.")


def _code_in(answer: httpx.Response) -> str:
    """Return the stable error code in a refusal's JSON body, or '' when there is none."""
    try:
        body: Any = answer.json()
    except ValueError:
        return ""
    if not isinstance(body, dict):
        return ""
    code: object = cast("dict[str, object]", body).get("code")
    return code if isinstance(code, str) else ""


def _parsed(answer: httpx.Response, shape: type[Message]) -> Message:
    try:
        return shape.model_validate_json(answer.content)
    except ValidationError:
        raise DependencyAway("The gateway's answer is not what this worker expects: are both of one version?") from None
