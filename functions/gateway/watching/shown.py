"""What a viewer of cameras is sent: pictures with the boxes in them, and who was recognized; each packed by itself."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from functions.gateway.visits.schema import handle_of
from functions.gateway.watching.lookout import Watched
from regulars.domain.watching import FaceBox, LivePicture, PersonState, pack_picture
from regulars.store.just_recognized import JustRecognized
from regulars.store.watching import KeptPicture


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


class Viewing:
    """How far one viewer is; a picture that came while another one was sent is skipped."""

    def __init__(self, cameras: list[Watched]) -> None:
        self._cameras = cameras
        self._pictures = dict.fromkeys((one.camera.camera_id for one in cameras), 0)
        self._told = {one.camera.camera_id: one.told for one in cameras}

    def next(self) -> list[bytes]:
        """Return what this viewer has not been sent yet, packed."""
        packed: list[bytes] = []
        for one in self._cameras:
            camera_id = one.camera.camera_id
            if one.picture and one.picture.number > self._pictures[camera_id]:
                self._pictures[camera_id] = one.picture.number
                packed.append(_shown(camera_id, one.picture))
            for number, told in tuple(one.recognized):
                if number > self._told[camera_id]:
                    self._told[camera_id] = number
                    packed.append(pack_picture(_recognized(told)))
        return packed


def _shown(camera_id: UUID, picture: KeptPicture) -> bytes:
    facts = LivePicture.model_validate(picture.facts)
    shown = PictureShown(camera_id=camera_id, **{name: getattr(facts, name) for name in _FACTS})
    return pack_picture(shown, picture.jpeg)


def _recognized(told: JustRecognized) -> PersonRecognized:
    return PersonRecognized(
        camera_id=told.camera_id,
        track_id=told.track_id,
        state=told.state,
        name=told.name,
        handle=handle_of(told.customer_id) if told.customer_id else None,
        visit_number=told.visit_number,
    )


_FACTS = ("at", "width", "height", "recognition", "boxes")
