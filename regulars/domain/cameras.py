"""What a worker and the gateway say to each other about cameras: leases, states, links for a track."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, field_serializer

from regulars.domain.bounds import Count, MachineText, Moment
from regulars.domain.tracks import Unit

CameraType = Literal["webcam", "rtsp", "file"]
CameraRole = Literal["in", "out", "both"]
StateName = Literal["starting", "running", "reconnecting", "stopped", "failed"]
StateReason = Literal[
    "none",
    "unreachable",
    "wrong_password",
    "not_found",
    "unsupported_codec",
    "black_picture",
    "frozen_picture",
    "no_permission",
    "finished",
    "lease_lost",
    "switched_off",
    "internal",
]
WorkerId = Annotated[MachineText, Field(min_length=1, max_length=120)]
LONGEST_DETAIL = 500
LEASE_TTL_S = 15.0


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Message):
    """A directed counting line A to B, in normalised picture coordinates (0..1, y pointing down)."""

    x1: Unit
    y1: Unit
    x2: Unit
    y2: Unit


class LeasedCamera(_Message):
    """A camera this worker holds, with all it needs to run it.

    With `public_only` it is opened at an address on the public internet or not at all.
    """

    camera_id: UUID
    tenant_id: UUID
    site_id: UUID
    lease_id: UUID
    name: str
    type: CameraType
    webcam_index: int | None = None
    rtsp_url: SecretStr | None = None
    file_path: str | None = None
    file_starts_at: AwareDatetime | None = None
    line: Line | None = None
    role: CameraRole = "both"
    recognition: bool = True
    public_only: bool = False

    @field_serializer("rtsp_url", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        """The worker needs the password; the log never shows it (SecretStr)."""
        return value.get_secret_value() if value else None


class CameraCounters(_Message):
    """What a camera has done since this lease began; `tracks` counts tracks finished, `crossings_*` line crossings."""

    frames_decoded: Count = 0
    frames_dropped: Count = 0
    frames_detected: Count = 0
    tracks: Count = 0
    tracks_sent: Count = 0
    tracks_spooled: Count = 0
    tracks_lost: Count = 0
    crossings_in: Count = 0
    crossings_out: Count = 0


class CameraState(_Message):
    """The actual state of one camera. `detail` is a sentence for a person, without any password."""

    camera_id: UUID
    lease_id: UUID
    state: StateName
    reason: StateReason = "none"
    detail: Annotated[MachineText, Field(max_length=LONGEST_DETAIL)] = ""
    counters: CameraCounters = CameraCounters()


class Heartbeat(_Message):
    """POST /v1/worker/heartbeat: I am alive, hold these cameras, and could hold `capacity` in all."""

    worker_id: WorkerId
    capacity: Annotated[int, Field(ge=0, le=1000)]
    states: Annotated[tuple[CameraState, ...], Field(max_length=1000)] = ()


class HeartbeatAnswer(_Message):
    """All the cameras that this worker holds from now until `expires_at` (UTC), and no others."""

    cameras: tuple[LeasedCamera, ...]
    expires_at: AwareDatetime
    lease_ttl_s: float = LEASE_TTL_S


class LinksRequest(_Message):
    """POST /v1/worker/tracks/{track_id}/links: where may this finished track be written?

    Refused with 409 `lease_lost` when a successor lease of the camera began before the track did.
    """

    camera_id: UUID
    lease_id: UUID
    started_at: Moment
    shots: Annotated[int, Field(ge=0, le=5)]


class SignedPut(_Message):
    """One object the worker may PUT with the given Content-Type until the link expires."""

    key: str
    url: str
    content_type: str


class LinksAnswer(_Message):
    """Links for shot-0..n-1 and, to be written last, the manifest."""

    shots: tuple[SignedPut, ...]
    manifest: SignedPut
    expires_at: AwareDatetime
