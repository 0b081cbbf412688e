"""The real models, and small folders of faces cut out of larger ones."""

import json
from pathlib import Path

import pytest

from regulars.vision.packs import ModelPack
from tests.real_models import default_pack

PEOPLE = 70


@pytest.fixture(scope="session")
def pack() -> ModelPack:
    """The default pack on the engine that a user gets."""
    return default_pack("auto")


@pytest.fixture(scope="session")
def few_people(testdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder shaped like `faces/` with some of its people: half with two photographs, half with one."""
    faces = testdata / "faces"
    folder = tmp_path_factory.mktemp("few-people")
    manifest = json.loads((faces / "manifest.json").read_text("utf-8"))
    by_person: dict[str, list[dict[str, object]]] = {}
    for still in manifest["stills"]:
        by_person.setdefault(still["identity"], []).append(still)
    several = [held[:2] for held in by_person.values() if len(held) > 1][: PEOPLE // 2]
    single = [held for held in by_person.values() if len(held) == 1][: PEOPLE // 2]
    stills = [still for held in several + single for still in held]
    (folder / "manifest.json").write_text(json.dumps({"stills": stills, "aliases": manifest["aliases"]}))
    files = [[str(still["file"]) for still in held] for held in several]
    pairs = [{"fold": row % 2, "a": a, "b": b, "same": True} for row, (a, b) in enumerate(files)]
    pairs += [
        {"fold": row % 2, "a": files[row][0], "b": files[row - 1][1], "same": False} for row in range(1, len(files))
    ]
    (folder / "lfw_pairs.json").write_text(json.dumps({"pairs": pairs}))
    for name in ("stills", "groups"):
        (folder / name).symlink_to(faces / name)
    groups = json.loads((faces / "groups.json").read_text("utf-8"))
    (folder / "groups.json").write_text(json.dumps(dict(list(groups.items())[:4])))
    return folder
