"""What the camera routes take and tell; a stream's password goes in and never comes out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from functions.gateway.listing import Page
from functions.gateway.text import PlainLine, PlainName, Secret
from regulars.adapters.sealing_fernet import FernetSealing
from regulars.domain.bounds import Moment
from regulars.domain.camera_advice import what_to_do
from regulars.domain.cameras import CameraCounters, CameraRole, CameraType, Line, StateName, StateReason
from regulars.domain.quality import Reason as LostReason
from regulars.errors import ConfigurationRefused
from regulars.store.cameras import Camera as StoredCamera
from regulars.store.cameras import CameraSetup as StoredSetup
from regulars.store.lost_faces import LostFaces as StoredLost

WantedState = Literal["running", "stopped"]
_OF_TYPE: dict[CameraType, str] = {"webcam": "webcam_index", "rtsp": "rtsp_url", "file": "file_path"}
_MAX_URL_LENGTH = 1000
_A_SITE = "01a2050e-e6da-72dd-bacb-857420acbf28"
_A_SOURCE: dict[str, JsonValue] = {"type": "rtsp", "rtsp_url": "rtsp://shop:secret@192.168.1.20:554/stream1"}


class CameraSource(BaseModel):
    """Where pictures come from: a webcam has an index, an rtsp camera a URL, a file a path on the worker."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_A_SOURCE]})

    type: CameraType
    webcam_index: Annotated[int | None, Field(ge=0, le=63)] = None
    rtsp_url: Secret | None = None
    file_path: PlainLine | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "CameraSource":
        needed = _OF_TYPE[self.type]
        for field in _OF_TYPE.values():
            given = getattr(self, field) is not None
            if given != (field == needed):
                raise PydanticCustomError(
                    "other_source",
                    "a camera of type {type} has {needed} and no other source",
                    {"type": self.type, "needed": needed},
                )
        if self.rtsp_url is not None:
            _check_url(self.rtsp_url.get_secret_value())
        return self


class CameraSetup(CameraSource):
    """What a person decides about a camera.

    `file_starts_at` makes a file recorded footage of that time; without it a file plays as if it happened now.
    """

    name: PlainName
    file_starts_at: Moment | None = None
    line: Line | None = None
    role: CameraRole = "both"
    recognition: bool = True
    wanted_state: WantedState = "running"

    @model_validator(mode="after")
    def _fits(self) -> "CameraSetup":
        if self.file_starts_at is not None and self.type != "file":
            raise PydanticCustomError("only_files_start", "only a file has file_starts_at")
        if self.line is not None and (self.line.x1, self.line.y1) == (self.line.x2, self.line.y2):
            raise PydanticCustomError("line_is_a_point", "a line needs two different points")
        return self


class NewCamera(CameraSetup):
    """A camera to be added at a site."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"site_id": _A_SITE, "name": "Cửa trước"} | _A_SOURCE]})

    site_id: UUID


class CameraChange(BaseModel):
    """What should be different; what is left out stays. A camera keeps its site and its type."""

    model_config = ConfigDict(extra="forbid")

    name: PlainName | None = None
    webcam_index: int | None = None
    rtsp_url: Secret | None = None
    file_path: PlainLine | None = None
    file_starts_at: Moment | None = None
    line: Line | None = None
    role: CameraRole | None = None
    recognition: bool | None = None
    wanted_state: WantedState | None = None


class LostFaces(BaseModel):
    """So many faces of today were not seen well enough, most of the time for this reason."""

    reason: LostReason
    tracks: int


class Camera(BaseModel):
    """A camera with its present state. `rtsp_url` is told without user and password.

    `detail` says in words what `reason` says for programs; `what_to_do` is empty when nothing is wrong.

    `lost_today`: why faces of the site's present day could not be told, the most frequent reason first.

    `worker` runs it now; null: nobody does, and `state` is the last that was heard (`state_at`, UTC).
    """

    camera_id: UUID
    tenant_id: UUID
    site_id: UUID
    site_name: str
    name: str
    type: CameraType
    webcam_index: int | None
    rtsp_url: str | None
    file_path: str | None
    file_starts_at: AwareDatetime | None
    line: Line | None
    role: CameraRole
    recognition: bool
    wanted_state: WantedState
    state: StateName
    reason: StateReason
    detail: str
    what_to_do: str
    state_at: AwareDatetime | None
    counters: CameraCounters
    lost_today: list[LostFaces]
    worker: str | None


class CameraPage(Page[Camera]):
    """Cameras, the oldest first unless asked otherwise."""


CameraSort = Literal["created_at", "-created_at", "name", "-name"]


def show_camera(
    camera: StoredCamera, lost_today: Sequence[StoredLost], sealing: FernetSealing, now: datetime
) -> Camera:
    """Return the camera as it is told; a lease that ran out before `now` (UTC) is nobody's."""
    shown = {name: getattr(camera.setup, name) for name in StoredSetup.__slots__ if name != "rtsp_url_sealed"}
    alive = camera.worker is not None and camera.lease_expires_at is not None and camera.lease_expires_at > now
    return Camera(
        camera_id=camera.camera_id,
        tenant_id=camera.tenant_id,
        site_id=camera.site_id,
        site_name=camera.site_name,
        **shown,
        rtsp_url=_without_login(camera.setup.rtsp_url_sealed, sealing),
        state=camera.state,
        reason=camera.state_reason,
        detail=camera.state_detail,
        what_to_do=what_to_do(
            camera.state, camera.state_reason, wanted=camera.setup.wanted_state == "running", has_worker=alive
        ),
        state_at=camera.state_at,
        counters=camera.counters,
        lost_today=[LostFaces(reason=lost.reason, tracks=lost.tracks) for lost in lost_today],
        worker=camera.worker.partition("/")[2] if camera.worker and alive else None,
    )


def seal_setup(setup: CameraSetup, sealing: FernetSealing) -> StoredSetup:
    """Return the setup as it is stored."""
    values = setup.model_dump(include=set(StoredSetup.__slots__) - {"rtsp_url_sealed", "line"})
    sealed = sealing.seal(setup.rtsp_url.get_secret_value()) if setup.rtsp_url else None
    return StoredSetup(**values, line=setup.line, rtsp_url_sealed=sealed)


def changed_setup(before: StoredSetup, change: CameraChange, sealing: FernetSealing) -> CameraSetup:
    """Return the whole setup after a change; raises pydantic's ValidationError when the two do not fit together."""
    values = {name: getattr(before, name) for name in StoredSetup.__slots__ if name != "rtsp_url_sealed"}
    given = {name: getattr(change, name) for name in change.model_fields_set}
    if before.rtsp_url_sealed is not None and "rtsp_url" not in given:
        values["rtsp_url"] = sealing.unseal(before.rtsp_url_sealed)
    return CameraSetup.model_validate(values | given)


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("rtsp", "rtsps") or not parts.hostname:
        raise PydanticCustomError("not_rtsp", "an RTSP URL reads rtsp://user:password@host:port/path")
    if len(url) > _MAX_URL_LENGTH or any(character <= " " for character in url):
        raise PydanticCustomError(
            "rtsp_spaced_or_long", "an RTSP URL has no spaces and at most {most} characters", {"most": _MAX_URL_LENGTH}
        )


def _without_login(sealed: bytes | None, sealing: FernetSealing) -> str | None:
    if sealed is None:
        return None
    try:
        parts = urlsplit(sealing.unseal(sealed).get_secret_value())
    except ConfigurationRefused:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
