"""What a viewer of cameras is sent: pictures with the boxes in them, and who was recognized; each packed by itself."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from regulars.domain.handles import handle_of
from regulars.domain.watching import FaceBox, LivePicture, PersonState, pack_picture
from regulars.store.just_recognized import JustRecognized
from regulars.store.watching import KeptPicture

_FACTS = ("at", "width", "height", "recognition", "boxes")


class PictureShown(BaseModel):
    """A picture of a camera, taken at `at` (UTC), as JPEG behind it; boxes in parts (0..1) of width and height.

    Whose face is in a box is known only after its track has ended: it is `looking` until then (`recognition` false:
    nobody will be recognized).
    """

    kind: Literal["picture"] = "picture"
    camera_id: UUID
    at: AwareDatetime
    width: int
    height: int
    recognition: bool
    boxes: tuple[FaceBox, ...]


class PersonRecognized(BaseModel):
    """Who the face in the boxes of this track was. A customer has a handle, a visit number, and a name if entered."""

    kind: Literal["recognized"] = "recognized"
    camera_id: UUID
    track_id: UUID
    state: PersonState
    name: str | None
    handle: str | None
    visit_number: int | None


class StillThere(BaseModel):
    """Nothing new, but the connection holds."""

    kind: Literal["alive"] = "alive"


def pack_shown(camera_id: UUID, picture: KeptPicture) -> bytes:
    """Return a picture as every viewer is sent it."""
    facts = LivePicture.model_validate(picture.facts)
    shown = PictureShown(camera_id=camera_id, **{name: getattr(facts, name) for name in _FACTS})
    return pack_picture(shown, picture.jpeg)


def pack_recognized(told: JustRecognized) -> bytes:
    """Return who somebody was as every viewer is sent it."""
    person = PersonRecognized(
        camera_id=told.camera_id,
        track_id=told.track_id,
        state=told.state,
        name=told.name,
        handle=handle_of(told.customer_id) if told.customer_id else None,
        visit_number=told.visit_number,
    )
    return pack_picture(person)
