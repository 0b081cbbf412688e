"""How far one viewer of cameras is: what it has not been sent yet, and never more than the newest picture of each."""

from functions.gateway.watching.lookout import Watched


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
            if (picture := one.picture) and picture.number > self._pictures[camera_id]:
                self._pictures[camera_id] = picture.number
                packed.append(picture.packed)
            for number, told in tuple(one.recognized):
                if number > self._told[camera_id]:
                    self._told[camera_id] = number
                    packed.append(told)
        return packed
