"""The onebox as a user of its own gateway: cameras are made and watched through the API that the portal uses."""

import time
from typing import Any

import httpx

from regulars.errors import DependencyAway, RegularsError

_ASK_FOR_S = 30.0


class Portal:
    """A logged-in owner at the gateway. Every method raises RegularsError with what the gateway said."""

    def __init__(self, gateway_url: str, email: str, password: str) -> None:
        self._client = httpx.Client(base_url=gateway_url, timeout=20.0, trust_env=False)
        self._login = {"email": email, "password": password}
        self._call("POST", "/v1/auth/login", self._login)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def cameras(self) -> list[dict[str, Any]]:
        """Return every camera as the API tells it."""
        listed: list[dict[str, Any]] = self._call("GET", "/v1/cameras?limit=200")["items"]
        return listed

    def camera(self, camera_id: str) -> dict[str, Any]:
        """Return one camera."""
        return self._call("GET", f"/v1/cameras/{camera_id}")

    def add_camera(self, setup: dict[str, Any]) -> dict[str, Any]:
        """Add a camera and return it."""
        return self._call("POST", "/v1/cameras", setup)

    def change_camera(self, camera_id: str, change: dict[str, Any]) -> None:
        """Change a camera."""
        self._call("PATCH", f"/v1/cameras/{camera_id}", change)

    def put_camera(self, setup: dict[str, Any]) -> None:
        """Add the camera, or, when one of that name and type is there, change it to this setup."""
        same = [one for one in self.cameras() if (one["name"], one["type"]) == (setup["name"], setup["type"])]
        if same:
            change = {key: value for key, value in setup.items() if key not in ("site_id", "type")}
            self.change_camera(same[0]["camera_id"], change)
        else:
            self.add_camera(setup)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask, and ask again while the gateway is restarting."""
        deadline = time.monotonic() + _ASK_FOR_S
        while True:
            try:
                answer = self._client.request(method, path, json=body)
            except httpx.HTTPError as failure:
                if time.monotonic() > deadline:
                    raise DependencyAway(f"The gateway does not answer: {failure}.") from failure
                time.sleep(0.2)
                continue
            if answer.status_code == 503 and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            if answer.status_code == 401 and body is not self._login:  # a login lives for minutes, a clip for hours
                self._call("POST", "/v1/auth/login", self._login)
                continue
            if answer.is_error:
                raise RegularsError(f"The gateway refused {method} {path}: {answer.text[:500]}")
            return answer.json() if answer.content else {}
