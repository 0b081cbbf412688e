"""What a worker and the gateway say to each other about looking through a camera: wishes, pictures, trials.

A picture travels with what is known of it in one body: two lengths (4 bytes each, big-endian) of the JSON and of the
JPEG, then the JSON, then the JPEG. Viewers are sent the same, one after another.
"""

import struct
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_serializer

from regulars.domain.bounds import MachineText
from regulars.domain.cameras import LONGEST_DETAIL, CameraType, StateReason, WorkerId
from regulars.domain.tracks import Unit
from regulars.errors import InputRefused

PICTURES_PER_S = 10.0
WIDEST_PX = 960
MAX_JPEG_BYTES = 400_000
WATCHED_FOR_S = 10.0
"""A worker that is not told again within this that somebody watches stops sending."""
KEPT_S = 30.0
"""What a gateway or worker that died has left of live view is removed after this."""
WISHES_WITHIN_S = 20.0
TRIAL_WITHIN_S = 15.0
TAKEN_WITHIN_S = 5.0
"""Workers hear of a trial at once: one that none has taken by then finds none."""
_LENGTHS = struct.Struct(">II")
_JPEG_BEGINS = b"\xff\xd8\xff"
Facts = TypeVar("Facts", bound=BaseModel)

PersonState = Literal["known", "new", "staff", "undetermined"]
TrialReason = StateReason | Literal["no_worker", "timed_out", "no_picture"]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FaceBox(_Message):
    """A face in a picture, as parts (0..1) of its width and height. Who it is, is known once its track has ended."""

    track_id: UUID
    x: Unit
    y: Unit
    width: Unit
    height: Unit


class LivePicture(_Message):
    """What a worker tells of one picture: taken at `at` (UTC), `width` x `height` pixels as sent.

    `recognition` says whether the faces in the boxes will be recognized at all.
    """

    lease_id: UUID
    at: AwareDatetime
    width: Annotated[int, Field(ge=1, le=WIDEST_PX)]
    height: Annotated[int, Field(ge=1, le=16_384)]
    recognition: bool
    boxes: Annotated[tuple[FaceBox, ...], Field(max_length=100)] = ()


class PictureTaken(_Message):
    """The answer to a live picture: whether more are wanted."""

    watched: bool


class WishesRequest(_Message):
    """POST /v1/worker/wishes: what is wanted of me? `watched` are the cameras whose pictures this worker sends now."""

    worker_id: WorkerId
    watched: Annotated[tuple[UUID, ...], Field(max_length=1000)] = ()


class Trial(_Message):
    """Take one picture of this source, which may not be a camera yet; `camera_id` is one that this worker holds."""

    trial_id: UUID
    camera_id: UUID | None
    type: CameraType
    webcam_index: int | None = None
    rtsp_url: SecretStr | None = None
    file_path: str | None = None
    public_only: bool = False

    @field_serializer("rtsp_url", when_used="json")
    def _reveal(self, value: SecretStr | None) -> str | None:
        """The worker needs the password; the log never shows it (SecretStr)."""
        return value.get_secret_value() if value else None


class WishesAnswer(_Message):
    """The held cameras that somebody watches, and the trials that this worker has now taken upon itself."""

    watched: tuple[UUID, ...]
    trials: tuple[Trial, ...]
    ask_again_s: float
    """How long to wait before asking again: 0 where the gateway holds the question until there is an answer."""


class TrialAnswer(_Message):
    """What came of a trial: a picture of this size behind it, or the reason why there is none (`detail` in words)."""

    reason: TrialReason
    detail: Annotated[MachineText, Field(max_length=LONGEST_DETAIL)] = ""
    width: Annotated[int, Field(ge=0, le=WIDEST_PX)] = 0
    height: Annotated[int, Field(ge=0, le=16_384)] = 0


def pack_picture(facts: BaseModel, jpeg: bytes = b"") -> bytes:
    """Return facts and picture as one body."""
    told = facts.model_dump_json().encode()
    return _LENGTHS.pack(len(told), len(jpeg)) + told + jpeg


def unpack_picture(body: bytes) -> tuple[bytes, bytes]:
    """Return the JSON and the JPEG (empty: none) of a body that holds just one picture; raises InputRefused."""
    if len(body) < _LENGTHS.size:
        raise InputRefused("bad_picture", "The body does not begin with the two lengths.")
    told, pictured = _LENGTHS.unpack_from(body)
    if len(body) != _LENGTHS.size + told + pictured:
        raise InputRefused("bad_picture", "The body is not as long as it says.")
    jpeg = body[_LENGTHS.size + told :]
    if len(jpeg) > MAX_JPEG_BYTES or (jpeg and not jpeg.startswith(_JPEG_BEGINS)):
        raise InputRefused("bad_picture", f"What follows the facts is no JPEG of at most {MAX_JPEG_BYTES} bytes.")
    return body[_LENGTHS.size : _LENGTHS.size + told], jpeg


def parse_facts(told: bytes, shape: type[Facts]) -> Facts:
    """Return what is told of a picture; raises InputRefused naming the fields at fault, never their values."""
    try:
        return shape.model_validate_json(told)
    except ValidationError as failure:
        wrong = ", ".join(".".join(map(str, error["loc"])) or error["type"] for error in failure.errors())
        raise InputRefused("bad_picture", f"What is told of the picture cannot be used: {wrong}.") from None
