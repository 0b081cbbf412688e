"""The entry point of `./run eval`: asks every question of one folder of faces and one pack, and keeps the answers."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from compose.evaluation.answers import Answer, flat, table_of
from compose.evaluation.crossings import crossings
from compose.evaluation.dataset import Dataset, read_dataset
from compose.evaluation.detection import detection
from compose.evaluation.gallery_growth import gallery_growth
from compose.evaluation.gender_spoken import gender_spoken
from compose.evaluation.open_set import fused_open_set, open_set
from compose.evaluation.people import Chance, Faces, faces_of
from compose.evaluation.plots import Curve, draw_curves, draw_scores
from compose.evaluation.progress import say
from compose.evaluation.quarter import quarter
from compose.evaluation.seen_faces import FaceCache, SeenFace, View
from compose.evaluation.small_faces import small_faces
from compose.evaluation.staff import staff_among_customers
from compose.evaluation.verification import score_pairs, verification
from regulars.errors import RegularsError
from regulars.settings import CHECKOUT, Settings
from regulars.vision.packs import ModelPack
from regulars.wiring import model_pack

HOME = CHECKOUT / ".regulars"
SHARED_FACES = Path(os.environ.get("REGULARS_TESTDATA", CHECKOUT.parent / "shared")) / "faces"
QUESTIONS = (
    "verification",
    "open-set",
    "fused",
    "growth",
    "quarter",
    "staff",
    "gender",
    "detection",
    "small",
    "scenes",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation; 0 when it was measured, whatever came out, 2 when it could not be."""
    wanted = _parser().parse_args(arguments)
    try:
        settings = Settings()
        if wanted.pack:
            settings = settings.model_copy(update={"pack": wanted.pack})
        evaluation = Evaluation(
            read_dataset(wanted.data.resolve()), model_pack(settings), settings.wanted_fpir, wanted.seed, wanted.into
        )
        answers: list[Answer] = []
        for answer in evaluation.ask(wanted.only or QUESTIONS):
            answers.append(answer)
            if wanted.json:
                wanted.json.write_text(json.dumps(flat(answers), indent=1) + "\n", "utf-8")
    except RegularsError as refused:
        say(f"eval: {refused}")
        return 2
    return 0


class Evaluation:
    """One folder of faces, one pack, one seed; tables and plots go to `into`.

    Each question draws from a chance of its own, so that they do not depend on each other.
    """

    def __init__(self, dataset: Dataset, pack: ModelPack, wanted_fpir: float, seed: int, into: Path) -> None:
        self._dataset, self._pack, self._seed = dataset, pack, seed
        self._into = into / pack.name
        self._into.mkdir(parents=True, exist_ok=True)
        self._cache = FaceCache(pack, dataset.root, HOME / "eval-cache")
        found = self._cache.look([View(still) for still in dataset.stills], "photographs")
        self._seen = [face for face in found if face is not None]
        self._faces: Faces = faces_of(self._seen, pack.digest, pack.dimension, pack.thresholds, wanted_fpir)
        self._curves: list[Curve] = []

    def ask(self, questions: Sequence[str]) -> Iterator[Answer]:
        """Ask the named questions and yield each answer, its table printed and saved with those before it.

        So what fails after hours of asking takes nothing along that was answered.
        """
        asked: dict[str, Callable[[Chance], Answer]] = {
            "verification": self._verification,
            "open-set": self._open_set,
            "fused": self._fused,
            "growth": lambda chance: gallery_growth(self._faces, chance),
            "quarter": lambda chance: quarter(self._faces, chance),
            "staff": lambda chance: staff_among_customers(self._faces, chance),
            "gender": lambda _: gender_spoken(self._faces),
            "detection": lambda _: detection(self._dataset.root, self._dataset.groups, self._pack),
            "small": lambda chance: small_faces(self._faces, self._cache, chance),
            "scenes": lambda chance: crossings(self._dataset.root, self._seen, self._pack, chance),
        }
        lines = [self._heading(), ""]
        print("\n".join(lines), flush=True)
        for name in questions:
            say(f"asking: {name}")
            answer = asked[name](np.random.default_rng([self._seed, QUESTIONS.index(name)]))
            table = table_of(answer)
            print("\n".join(table), flush=True)
            lines += table
            (self._into / "tables.txt").write_text("\n".join(lines), "utf-8")
            yield answer
        say(f"tables and plots are in {self._into}")

    def _heading(self) -> str:
        lost = len(self._dataset.stills) - len(self._seen)
        pack = f"pack {self._pack.name} ({self._pack.digest})"
        found = f"{len(self._seen)} faces of {len(self._faces.people)} people, {lost} photographs without a face"
        return f"{pack}, {found}, wanted FPIR {self._faces.wanted_fpir:g}, seed {self._seed}"

    def _verification(self, _: Chance) -> Answer:
        by_file: dict[str, SeenFace] = {face.still.file: face for face in self._seen}
        scores = score_pairs(self._dataset.pairs, by_file)
        if len(scores.cosines):
            draw_scores(scores, self._pack.thresholds, self._into / "scores.png")
        return verification(scores)

    def _open_set(self, chance: Chance) -> Answer:
        answer, trial = open_set(self._faces, chance)
        if trial:
            self._draw(Curve("one image against one", trial))
        return answer

    def _fused(self, chance: Chance) -> Answer:
        answer, trials = fused_open_set(self._faces, chance)
        if trials:
            single, fused = trials
            self._draw(
                Curve("people with five images: one against one", single),
                Curve("the same: three-shot track, two-shot template", fused),
            )
        return answer

    def _draw(self, *curves: Curve) -> None:
        self._curves += curves
        draw_curves(self._curves, self._into / "det.png")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run eval", description="Measure recognition and counting.")
    parser.add_argument("data", nargs="?", type=Path, default=SHARED_FACES, help="a folder like the shared faces/")
    parser.add_argument("--pack", default="", help="a shipped pack's name or the path of a pack's TOML file")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--seed", type=int, default=1, help="the draws follow from it (default 1)")
    parser.add_argument("--into", type=Path, default=HOME / "eval", help="where tables and plots go")
    parser.add_argument("--only", nargs="+", choices=QUESTIONS, help="ask only these questions")
    return parser


if __name__ == "__main__":
    sys.exit(main())
