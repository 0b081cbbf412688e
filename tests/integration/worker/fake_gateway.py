"""FakeGateway: stands for gateway and object store over real HTTP, so that the worker can be tested without a database.

It answers heartbeats and links with the product's own messages, takes the PUTs of the links it handed out, and never
wishes for anything: live view is tested with the real gateway (tests/integration/watching).
"""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from regulars.domain.cameras import (
    CameraState,
    Heartbeat,
    HeartbeatAnswer,
    LeasedCamera,
    LinksAnswer,
    LinksRequest,
    SignedPut,
)
from regulars.domain.tracks import TrackManifest, track_prefix

WORKER_KEY = "rk_worker-key-of-the-tests"


@dataclass
class Heard:
    """What the worker has said and written so far."""

    beats: list[Heartbeat] = field(default_factory=list[Heartbeat])
    objects: dict[str, bytes] = field(default_factory=dict[str, bytes])
    order: list[str] = field(default_factory=list[str])
    link_requests: list[UUID] = field(default_factory=list[UUID])


class FakeGateway:
    """Leases `cameras` to whoever beats; `refuse_links` and `store_status` make it fail as the real one can."""

    def __init__(self, port: int = 0) -> None:
        self.cameras: dict[UUID, LeasedCamera] = {}
        self.heard = Heard()
        self.refuse_links: tuple[int, str] | None = None
        self.store_status = 200
        self.heartbeat_status = 200
        self.frees_finished = True
        self.known: dict[UUID, LeasedCamera] = {}
        self.refused_keys = 0
        self._lock = threading.Lock()
        gateway = self

        class Handler(_Handler):
            owner = gateway

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def lease(self, camera: LeasedCamera) -> LeasedCamera:
        self.cameras[camera.camera_id] = self.known[camera.camera_id] = camera
        return camera

    def manifests(self) -> list[TrackManifest]:
        found = [body for key, body in tuple(self.heard.objects.items()) if key.endswith("/track.json")]
        return sorted(map(TrackManifest.model_validate_json, found), key=lambda manifest: manifest.started_at)

    def last_state(self, camera_id: UUID) -> CameraState | None:
        for beat in reversed(self.heard.beats):
            for state in beat.states:
                if state.camera_id == camera_id:
                    return state
        return None

    def says(self, camera: LeasedCamera, state: str, reason: str) -> bool:
        """Whether this is what the worker said last of a camera."""
        last = self.last_state(camera.camera_id)
        return last is not None and (last.state, last.reason) == (state, reason)

    def decoded(self, camera: LeasedCamera) -> int:
        last = self.last_state(camera.camera_id)
        return last.counters.frames_decoded if last else 0

    def answer_beat(self, body: bytes) -> HeartbeatAnswer:
        beat = Heartbeat.model_validate_json(body)
        with self._lock:
            self.heard.beats.append(beat)
            for state in beat.states:
                if self.frees_finished and state.state == "stopped" and state.reason == "finished":
                    self.cameras.pop(state.camera_id, None)
            held = tuple(self.cameras.values())[: beat.capacity]
        return HeartbeatAnswer(cameras=held, expires_at=datetime.now(UTC) + timedelta(seconds=15))

    def answer_links(self, track_id: UUID, body: bytes) -> LinksAnswer:
        request = LinksRequest.model_validate_json(body)
        camera = self.known[request.camera_id]
        prefix = track_prefix(camera.tenant_id, camera.site_id, camera.camera_id, request.started_at, track_id)
        self.heard.link_requests.append(track_id)

        def link(name: str, content_type: str) -> SignedPut:
            return SignedPut(
                key=prefix + name, url=f"{self.url}/store/{prefix}{name}?signature=x", content_type=content_type
            )

        return LinksAnswer(
            shots=tuple(link(f"shot-{number}.jpg", "image/jpeg") for number in range(request.shots)),
            manifest=link("track.json", "application/json"),
            expires_at=datetime.now(UTC) + timedelta(minutes=5),
        )

    def take(self, key: str, body: bytes) -> None:
        with self._lock:
            self.heard.objects[key] = body
            self.heard.order.append(key)


class _Handler(BaseHTTPRequestHandler):
    owner: FakeGateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != f"Bearer {WORKER_KEY}":
            self.owner.refused_keys += 1
            return self._answer(401, b'{"code": "not_authenticated"}')
        path = urlsplit(self.path).path
        if path == "/v1/worker/heartbeat":
            if self.owner.heartbeat_status != 200:
                return self._answer(self.owner.heartbeat_status, b"{}")
            return self._answer(200, self.owner.answer_beat(body).model_dump_json().encode())
        if path == "/v1/worker/wishes":
            return self._answer(200, b'{"watched": [], "trials": [], "ask_again_s": 1.0}')
        if self.owner.refuse_links:
            status, code = self.owner.refuse_links
            return self._answer(status, f'{{"code": "{code}"}}'.encode())
        answer = self.owner.answer_links(UUID(path.split("/")[4]), body)
        return self._answer(200, answer.model_dump_json().encode())

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.owner.store_status == 200:
            self.owner.take(urlsplit(self.path).path.removeprefix("/store/"), body)
        self._answer(self.owner.store_status, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it
        """Keep the test output clean."""
