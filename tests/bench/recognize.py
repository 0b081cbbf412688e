"""From the shots of a track to what they say about a face: tracks a second and core, five shots each.

The limit: the same networks on numbers, many pictures at a time, with nothing around them. The peer does with the same
weights what face libraries do: one picture after another. The database's part of a track is in `capacity`.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from regulars.domain.faces import Image
from regulars.domain.fusion import fuse
from regulars.settings import Settings
from regulars.vision.decode import decode_picture
from regulars.vision.embedder import Crop, prepared
from regulars.vision.packs import ModelPack
from regulars.wiring import model_pack
from tests.bench.measuring import Row, compare
from tests.bench.past import HOME

SHOTS, TRACKS, AT_ONCE = 5, 20, 32
_MAX_SIDE_PX = 4096


def run(rounds: int | None, say: Callable[[str], None]) -> list[Row]:
    """Return the rows."""
    pack = model_pack(Settings())
    tracks = tracks_of(pack)
    say(f"{len(tracks)} tracks of {SHOTS} shots")
    return compare(
        "recognize",
        f"{SHOTS} shots: decode, gender, embed, fuse",
        "tracks/s",
        lambda: _rate(lambda: [evidence(pack, track) for track in tracks]),
        peers={"the same, picture by picture": lambda: _rate(lambda: [_one_by_one(pack, track) for track in tracks])},
        limit=("networks alone, 32 at a time", lambda: _rate(lambda: _networks_alone(pack))),
        rounds=rounds or 7,
    )


def tracks_of(pack: ModelPack) -> list[list[tuple[bytes, np.ndarray[Any, Any]]]]:
    """Return TRACKS tracks: shots as JPEG with their landmarks, cut from the sample photographs."""
    shots: list[tuple[bytes, np.ndarray[Any, Any]]] = []
    for path in sorted((HOME.parent / "models" / "samples").glob("*.jpg")):
        photograph = decode_picture(path.read_bytes(), _MAX_SIDE_PX)
        shots += [_shot(photograph, face.box, face.landmarks) for face in pack.detector.detect(photograph)]
    return [[shots[(track + SHOTS * place) % len(shots)] for place in range(SHOTS)] for track in range(TRACKS)]


def _shot(photograph: Image, box: Sequence[float], landmarks: Any) -> tuple[bytes, np.ndarray[Any, Any]]:
    x, y, width, height = box
    left, top = max(0, round(x - width / 2)), max(0, round(y - height / 2))
    crop = photograph[top : round(y + height * 1.5), left : round(x + width * 1.5)]
    _, coded = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return coded.tobytes(), (np.asarray(landmarks) - (left, top)).astype(np.float32)


def evidence(pack: ModelPack, track: Sequence[tuple[bytes, np.ndarray[Any, Any]]]) -> object:
    """Do for one track what recognize does outside every lock."""
    crops: list[Crop] = [(decode_picture(jpeg, _MAX_SIDE_PX), landmarks) for jpeg, landmarks in track]
    if pack.gender is not None:
        pack.gender.read(crops)
    return fuse(pack.embedder.embed(crops), np.ones(len(crops), np.float32), 0.0)


def _one_by_one(pack: ModelPack, track: Sequence[tuple[bytes, np.ndarray[Any, Any]]]) -> None:
    for shot in track:
        evidence(pack, [shot])


def _networks_alone(pack: ModelPack) -> None:
    """Run every network of the pack on as many pictures as the tracks have."""
    embedder, gender = vars(pack.embedder), pack.gender
    networks = [(one.session, one.preprocessing, min(AT_ONCE, one.max_batch)) for one in embedder["_networks"]]
    if gender is not None:
        networks.append((vars(gender)["_session"], vars(gender)["_preprocessing"], AT_ONCE))
    picture = np.full((200, 200, 3), 127, np.uint8)
    points = np.array([[70, 80], [130, 80], [100, 115], [75, 145], [125, 145]], np.float32)
    for session, how, at_once in networks:
        batch = prepared([(picture, points)] * at_once, how)
        for first in range(0, TRACKS * SHOTS, at_once):
            session.run(batch[: min(at_once, TRACKS * SHOTS - first)])


def _rate(work: Callable[[], object]) -> float:
    begun_s = time.process_time()
    work()
    return TRACKS / (time.process_time() - begun_s)
