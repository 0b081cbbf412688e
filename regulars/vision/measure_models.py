"""Figures for docs/models.md: `python -m regulars.vision.measure_models engines|detector|gender`."""

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from regulars.domain.faces import FloatArray
from regulars.errors import RegularsError
from regulars.vision.labelled_faces import faces_of, people_in
from regulars.vision.packs import ModelPack, load_pack
from regulars.vision.progress import on_stderr
from regulars.vision.sessions import OnnxRuntimeEngine, OpenVinoEngine, Session, choose_engine

RUNS = 40
SCORES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
SPOKEN_FROM = (0.5, 0.7, 0.8, 0.9, 0.95)


def engines(pack: ModelPack) -> Iterator[str]:
    """Yield a line per network: milliseconds per picture at one thread on each engine, and how far they differ."""
    described = pack.described
    gender = [] if described.gender is None else [described.gender]
    shapes = [(described.detector.model.file, (1, 3, 480, 640))]
    shapes += [(part.model.file, (1, 3, part.size, part.size)) for part in (*described.embedders, *gender)]
    yield "| network | input | onnxruntime ms | openvino ms | largest difference |"
    yield "| --- | --- | --- | --- | --- |"
    for file, shape in shapes:
        batch = np.random.default_rng(0).uniform(0, 1, shape).astype(np.float32)
        plain = OnnxRuntimeEngine(1).open(pack.paths[file], "detector")
        said = f"| {file} | {'x'.join(map(str, shape))} | {_median_ms(plain, batch):.1f} |"
        if importlib.util.find_spec("openvino") is None:
            yield f"{said} not installed | |"
            continue
        other = OpenVinoEngine(1).open(pack.paths[file], "detector")
        apart = max(float(np.abs(a - b).max()) for a, b in zip(plain.run(batch), other.run(batch), strict=True))
        yield f"{said} {_median_ms(other, batch):.1f} | {apart:.0e} |"


def _median_ms(session: Session, batch: FloatArray) -> float:
    taken: list[float] = []
    for _ in range(RUNS):
        began = time.perf_counter()
        session.run(batch)
        taken.append(time.perf_counter() - began)
    return 1000 * float(np.median(taken))


def detector(pack: ModelPack, folder: Path) -> Iterator[str]:
    """Yield, per score, how many of the counted faces in `groups/` are found and how many boxes are too many."""
    counted = {
        name: int(told["faces"]) for name, told in json.loads((folder / "groups.json").read_text("utf-8")).items()
    }
    scores = {name: _scores(pack, folder / "groups" / name) for name in counted}
    yield "| score from | found | too many |"
    yield "| --- | --- | --- |"
    for least in SCORES:
        seen = {name: int((scores[name] >= least).sum()) for name in counted}
        found = sum(min(seen[name], counted[name]) for name in counted)
        extra = sum(max(0, seen[name] - counted[name]) for name in counted)
        yield f"| {least} | {found} of {sum(counted.values())} | {extra} |"


def _scores(pack: ModelPack, path: Path) -> FloatArray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    found = [] if image is None else pack.detector.detect(np.asarray(image, np.uint8), min_score=min(SCORES))
    return np.array([face.score for face in found], np.float32)


def gender(pack: ModelPack, folder: Path) -> Iterator[str]:
    """Yield, per confidence, how often what is said of single photographs is right, and how often nothing is said."""
    told = {
        entry["file"]: entry.get("gender")
        for entry in json.loads((folder / "manifest.json").read_text("utf-8"))["stills"]
    }
    faces = [f for f in faces_of(people_in(folder), pack.detector) if told.get(f.path.relative_to(folder).as_posix())]
    if pack.gender is None:
        return
    male = pack.gender.read([(face.image, face.face.landmarks) for face in faces])
    truth = np.array([told[face.path.relative_to(folder).as_posix()] == "male" for face in faces])
    yield "| said from | right | men right | women right | silent |"
    yield "| --- | --- | --- | --- | --- |"
    for least in SPOKEN_FROM:
        spoken = (male >= least) | (male <= 1 - least)
        right = (male >= 0.5) == truth
        shares = [right[spoken & who].mean() for who in (np.ones_like(truth), truth, ~truth)]
        yield f"| {least} | {' | '.join(f'{share:.4f}' for share in shares)} | {1 - spoken.mean():.4f} |"


def main() -> int:
    """Print one table; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m regulars.vision.measure_models", description=main.__doc__)
    parser.add_argument("what", choices=["engines", "detector", "gender"])
    parser.add_argument("--pack", default="default", help="a shipped pack's name, or the path of a TOML file")
    parser.add_argument("--models", type=Path, default=Path(".regulars/models"), help="the model folder (%(default)s)")
    parser.add_argument("--faces", type=Path, default=Path("../shared/faces"), help="labelled faces (%(default)s)")
    chosen = parser.parse_args()
    try:
        pack = load_pack(chosen.pack, chosen.models, choose_engine())
        tables = {"engines": lambda: engines(pack), "detector": lambda: detector(pack, chosen.faces)}
        for line in tables.get(chosen.what, lambda: gender(pack, chosen.faces))():
            sys.stdout.write(line + "\n")
    except RegularsError as error:
        on_stderr("measure")(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
