"""Question: are people counted rightly at a line? Real faces walk through composed scenes before the worker itself."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageOps
from scipy.optimize import linear_sum_assignment  # pyright: ignore[reportUnknownVariableType]

from compose.evaluation.answers import Answer, unanswered
from compose.evaluation.camera_run import look_at_recording
from compose.evaluation.people import Chance
from compose.evaluation.progress import followed
from compose.evaluation.scene_picture import Appearance, ComposedSource, View, appearances_of
from compose.evaluation.scene_walks import ACTS, Direction
from compose.evaluation.seen_faces import SeenFace
from compose.onebox.scene.people import Cutout, cut_out
from realtime_workers.detect import FaceFinder
from regulars.domain.cameras import LeasedCamera
from regulars.ids import new_id
from regulars.vision.packs import ModelPack

TITLE = "Counting in composed scenes"
CAST = 24
LEAST_CAST = 8
CAST_QUALITY, CAST_WIDTH_PX = 0.95, 60
STARTS_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MATCH_WITHIN_S = 2.0
WRONG_WAY_COSTS_S = 0.5
TOO_FAR = 1000.0
SCENE_WITHIN_S = 1800.0
SCENES = (
    (25.0, 0.0),
    (15.0, 0.0),
    (12.0, 0.1),
    (10.0, 0.0),
    (10.0, 0.25),
    (8.0, 0.1),
    (6.0, 0.0),
    (6.0, 0.15),
    (5.0, 0.0),
    (5.0, 0.1),
)
"""Pictures a second, and the share of them that never arrives."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Event:
    """Somebody passes a line at `at_s` of the scene, give or take `slack_s`; `act` says how, if that is known."""

    at_s: float
    direction: Direction
    act: str = ""
    slack_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """One scene: what truly happened, what was counted, and how they pair up (rows of both)."""

    name: str
    true: list[Event]
    counted: list[Event]
    pairs: list[tuple[int, int]]


def crossings(root: Path, seen: Sequence[SeenFace], pack: ModelPack, chance: Chance) -> Answer:
    """Return how far the in and out counts are off, and how often the direction is right.

    The worker's whole pipeline of a camera runs (capture, motion, detection, tracking, counting); only the pictures are
    made in memory, and what it would send stays in a spool.
    """
    cast = cast_of(root, seen, chance)
    if len(cast) < LEAST_CAST:
        return unanswered(TITLE, f"at least {LEAST_CAST} people with a clear face {CAST_WIDTH_PX} px wide are needed")
    finder = FaceFinder(pack.detector)
    scored: list[Scored] = []
    for number, (fps, dropped) in enumerate(followed(SCENES, "composed scenes", len(SCENES))):
        view = View(upright=number % 2 == 1, turned=number % 4 >= 2)
        acts = [act(view.stage, chance) for act, times in ACTS for _ in range(times)]
        mixed = [acts[int(place)] for place in chance.permutation(len(acts))]
        figures = [cast[int(place)] for place in chance.permutation(len(cast))]
        appearances = appearances_of(mixed, figures, chance)
        source = ComposedSource(view, appearances, fps, dropped, int(chance.integers(1 << 31)))
        counted = run_scene(source, view, finder)
        scored.append(score(f"{fps:g}/s, {dropped:.0%} dropped", truth_of(appearances), counted))
    return _answer(scored)


def run_scene(source: ComposedSource, view: View, finder: FaceFinder) -> list[Event]:
    """Let a worker's camera look at a scene, as fast as it can, and return what it counted, in order of time."""
    camera = LeasedCamera(
        camera_id=_fixed_id(1),
        tenant_id=_fixed_id(2),
        site_id=_fixed_id(3),
        lease_id=new_id(),
        name="composed",
        type="file",
        file_path="composed",
        file_starts_at=STARTS_AT,
        line=view.line,
    )
    tracks = look_at_recording(camera, finder, lambda _: source, SCENE_WITHIN_S).tracks
    passed = [crossing for track in tracks for crossing in track.crossings]
    events = [Event((crossing.at - STARTS_AT).total_seconds(), crossing.direction) for crossing in passed]
    return sorted(events, key=lambda event: event.at_s)


def truth_of(appearances: Sequence[Appearance]) -> list[Event]:
    """Return the true crossings of a scene, in order of time: forwards is in."""
    events = [
        Event(one.starts_s + passage.at_s, "in" if passage.forwards else "out", one.act, passage.slack_s)
        for one in appearances
        for passage in one.course.passages
    ]
    return sorted(events, key=lambda event: event.at_s)


def score(name: str, true: list[Event], counted: list[Event]) -> Scored:
    """Pair true and counted crossings, at most 2 s apart, so that times fit best; a wrong way costs half a second."""
    if not true or not counted:
        return Scored(name, true, counted, [])
    costs: NDArray[np.float64] = np.array([[_cost(one, other) for other in counted] for one in true])
    rows, columns = cast("tuple[Rows, Rows]", linear_sum_assignment(costs))
    near = [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]
    return Scored(name, true, counted, [pair for pair in near if costs[pair] < TOO_FAR])


def _cost(one: Event, other: Event) -> float:
    apart_s = max(0.0, abs(one.at_s - other.at_s) - one.slack_s)
    if apart_s > MATCH_WITHIN_S:
        return TOO_FAR
    return apart_s + (WRONG_WAY_COSTS_S if one.direction != other.direction else 0.0)


def _answer(scored: Sequence[Scored]) -> Answer:
    true = Counter(event.direction for scene in scored for event in scene.true)
    counted = Counter(event.direction for scene in scored for event in scene.counted)
    pairs = [(scene.true[row], scene.counted[column]) for scene in scored for row, column in scene.pairs]
    right = sum(one.direction == other.direction for one, other in pairs)
    missed = Counter(scene.true[row].act for scene in scored for row in _left_out(len(scene.true), scene, 0))
    extra = sum(len(_left_out(len(scene.counted), scene, 1)) for scene in scored)
    figures = {
        "in_error": abs(counted["in"] - true["in"]) / max(1, true["in"]),
        "out_error": abs(counted["out"] - true["out"]) / max(1, true["out"]),
        "direction_accuracy": right / max(1, len(pairs)),
    }
    acts = Counter(event.act for scene in scored for event in scene.true)
    notes = [
        ("true crossings", f"{true.total()} ({true['in']} in, {true['out']} out)"),
        ("counted", f"{counted.total()} ({counted['in']} in, {counted['out']} out)"),
        ("missed, never made", f"{missed.total()}, {extra}"),
        ("missed by act", ", ".join(f"{act} {missed[act]} of {acts[act]}" for act in acts)),
    ]
    notes += [
        (scene.name, f"true {len(scene.true)}, counted {len(scene.counted)}, paired {len(scene.pairs)}")
        for scene in scored
    ]
    return Answer(TITLE, figures, notes)


def _left_out(count: int, scene: Scored, side: int) -> list[int]:
    paired = {pair[side] for pair in scene.pairs}
    return [place for place in range(count) if place not in paired]


def cast_of(root: Path, seen: Sequence[SeenFace], chance: Chance) -> list[Cutout]:
    """Cut clear faces out of their photographs, one of each person, and dress them in random coats."""
    clear: dict[str, SeenFace] = {}
    for face in seen:
        if face.quality >= CAST_QUALITY and face.detection.box[2] >= CAST_WIDTH_PX:
            clear.setdefault(face.still.person, face)
    people = list(clear.values())
    chosen = [people[int(place)] for place in chance.permutation(len(people))[:CAST]]
    cast: list[Cutout] = []
    for face in chosen:
        with Pictures.open(root / face.still.file) as photograph:
            red, green, blue = (int(value) for value in chance.integers(30, 220, 3))
            upright = ImageOps.exif_transpose(photograph).convert("RGB")
            cast.append(cut_out(face.still.file, upright, face.detection, (red, green, blue)))
    return cast


def _fixed_id(number: int) -> UUID:
    """The camera of every run is the same, and so are the ids of its tracks."""
    return UUID(int=(number << 64) | (7 << 76) | (2 << 62))
