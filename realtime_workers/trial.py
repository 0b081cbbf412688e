"""Takes one picture of a source that a person wants to try, or says in words why there is none."""

import logging
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from uuid import UUID

from realtime_workers.live_view import small_jpeg
from realtime_workers.source import Source, SourceFailedError
from regulars.domain.cameras import LeasedCamera
from regulars.domain.faces import Image
from regulars.domain.watching import Trial, TrialAnswer

log = logging.getLogger(__name__)

Opens = Callable[[LeasedCamera], Source]
SETTLED_PICTURES = 5
"""A webcam's first pictures are dark, a stream's may be torn until its first key frame."""
QUALITY = 75
_NOBODY = UUID(int=0)


def try_source(trial: Trial, newest: Image | None, open_source: Opens) -> tuple[TrialAnswer, bytes]:
    """Return what is seen, and its JPEG; `newest` is the picture of the camera itself where it runs here."""
    try:
        image = newest if newest is not None else _look_once(trial, open_source)
    except SourceFailedError as failure:
        return TrialAnswer(reason=failure.reason, detail=failure.detail), b""
    except Exception:
        log.exception("trial_broke", extra={"type": trial.type})
        return TrialAnswer(reason="internal", detail="Trying this source met an error of the worker."), b""
    if image is None:
        return TrialAnswer(reason="no_picture", detail="The source opens, but not one picture came."), b""
    jpeg, width, height = small_jpeg(image, QUALITY)
    return TrialAnswer(reason="none", width=width, height=height), jpeg


def _look_once(trial: Trial, open_source: Opens) -> Image | None:
    with closing(open_source(_as_camera(trial))) as source:
        image: Image | None = None
        for picture in islice(source.pictures(), SETTLED_PICTURES):
            image = picture.image()
        return image


def _as_camera(trial: Trial) -> LeasedCamera:
    """Return the source as a camera of nobody, to be opened as every camera is."""
    return LeasedCamera(
        camera_id=trial.camera_id or _NOBODY,
        tenant_id=_NOBODY,
        site_id=_NOBODY,
        lease_id=trial.trial_id,
        name="trial",
        type=trial.type,
        webcam_index=trial.webcam_index,
        rtsp_url=trial.rtsp_url,
        file_path=trial.file_path,
        public_only=trial.public_only,
    )
