"""A composed scene before the worker's own camera pipeline: what is counted is what truly happened."""

import numpy as np
import pytest

from compose.evaluation.crossings import run_scene, score, truth_of
from compose.evaluation.scene_picture import Appearance, ComposedSource, View, appearances_of
from compose.evaluation.scene_walks import meeting, pair, touch, turn_back, walk_through
from compose.onebox.scene.people import Cutout, cut_out_cast
from realtime_workers.detect import FaceFinder
from regulars.vision.packs import ModelPack
from tests.real_models import sample_photographs


@pytest.fixture(scope="module")
def cast(pack: ModelPack) -> list[Cutout]:
    """People cut out of the sample photographs of a package."""
    return cut_out_cast(sample_photographs(), pack.detector)


def played(view: View, cast: list[Cutout], seed: int) -> list[Appearance]:
    chance = np.random.default_rng(seed)
    acts = [act(view.stage, chance) for act in (walk_through, pair, touch, turn_back, meeting)]
    return appearances_of(acts, cast, chance)


@pytest.mark.parametrize("view", [View(upright=False, turned=False), View(upright=True, turned=True)], ids=str)
def test_every_passage_is_counted_once_and_the_right_way(view: View, cast: list[Cutout], pack: ModelPack) -> None:
    appearances = played(view, cast, seed=4)
    source = ComposedSource(view, appearances, fps=10, dropped=0.0, seed=4)
    true, counted = truth_of(appearances), run_scene(source, view, FaceFinder(pack.detector))
    scored = score("", true, counted)
    assert len(true) == 7
    assert len(scored.pairs) == len(true) == len(counted)
    assert all(true[row].direction == counted[column].direction for row, column in scored.pairs)


def test_a_scene_is_the_same_however_often_and_in_whatever_order_it_is_looked_at(cast: list[Cutout]) -> None:
    view = View(upright=False, turned=False)
    scenes = [ComposedSource(view, played(view, cast, seed=2), fps=6, dropped=0.2, seed=9) for _ in range(2)]
    one, other = (list(scene.pictures()) for scene in scenes)
    assert [picture.stream_s for picture in one] == [picture.stream_s for picture in other]
    assert len(one) < scenes[0].seconds * 6 - 1
    for picture, again in list(zip(one, other, strict=True))[40:20:-5]:
        assert np.array_equal(picture.image(), again.image())
