"""How the clock and the operator tell the recognize function of a track: one event over HTTP, as the store would."""

import httpx
from pydantic import BaseModel, ValidationError

from regulars.errors import DependencyAway

WITHIN_S = 120.0
"""A track is embedded and matched in well under a second; the rest is room for those that came before it."""


class RecognizeOverHttp:
    """Tells the recognize function at `url`, with the bearer token of all who call it."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=WITHIN_S)

    def tell(self, key: str) -> bool:
        """Tell it of the manifest at `key`; return whether the track has a sighting now, else it was set aside.

        Raises DependencyAway when recognize does not answer; telling again is harmless.
        """
        try:
            answer = self._client.post("/events", json={"key": key})
            answer.raise_for_status()
            return _Answer.model_validate_json(answer.content).handled > 0
        except httpx.HTTPStatusError as refusal:
            told = f"The recognize function answered {refusal.response.status_code}; the next run goes on."
            raise DependencyAway(told) from refusal
        except (httpx.HTTPError, ValidationError) as failure:
            raise DependencyAway("The recognize function does not answer; the next run goes on.") from failure


class _Answer(BaseModel):
    handled: int
