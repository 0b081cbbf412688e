"""The folder of labelled faces: what is read of it, what is left out, what is refused."""

import json
from pathlib import Path

import pytest

from compose.evaluation.dataset import read_dataset
from regulars.errors import ConfigurationRefused


def still(identity: str, number: int = 1, gender: str | None = "male") -> dict[str, object]:
    return {"file": f"stills/{identity}/{number}.jpg", "identity": identity, "gender": gender, "sha256": "ignored"}


def folder_of(path: Path, stills: list[dict[str, object]], **others: object) -> Path:
    aliases = others.pop("aliases", [])
    (path / "manifest.json").write_text(json.dumps({"set": "made", "stills": stills, "aliases": aliases}))
    for name, told in others.items():
        (path / f"{name}.json").write_text(json.dumps(told))
    return path


def test_two_names_of_one_person_are_one_person(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, [still("a"), still("b"), still("c")], aliases=[["a", "b"], ["absent", "c"]])
    people = [one.person for one in read_dataset(folder).stills]
    assert people[0] == people[1] != people[2]


def test_pairs_that_say_nothing_true_are_left_out(tmp_path: Path) -> None:
    stills = [still("a", 1), still("a", 2), still("b"), still("alias of a")]
    a1, a2, b, alias = (str(one["file"]) for one in stills)
    pairs = [
        {"fold": 1, "a": a1, "b": a2, "same": True, "known_label_error": False},
        {"fold": 1, "a": a1, "b": b, "same": False},
        {"fold": 2, "a": a1, "b": a2, "same": True, "known_label_error": True},
        {"fold": 2, "a": a1, "b": alias, "same": False},
        {"fold": 2, "a": a1, "b": "stills/absent.jpg", "same": False},
    ]
    folder = folder_of(tmp_path, stills, aliases=[["a", "alias of a"]], lfw_pairs={"pairs": pairs})
    assert [(pair.fold, pair.same) for pair in read_dataset(folder).pairs] == [(1, True), (1, False)]


def test_only_the_manifest_must_be_there(tmp_path: Path) -> None:
    dataset = read_dataset(folder_of(tmp_path, [still("a", gender=None)]))
    assert (dataset.pairs, dataset.groups) == ((), ())
    assert dataset.stills[0].gender == "unknown"


def test_groups_lie_in_their_folder(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, [still("a")], groups={"two.jpg": {"faces": 2, "note": "any"}})
    assert [(one.file, one.faces) for one in read_dataset(folder).groups] == [("groups/two.jpg", 2)]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"stills": []}', '{"stills": [{"file": "x.jpg"}]}'])
def test_a_folder_without_a_usable_manifest_is_refused(tmp_path: Path, text: str) -> None:
    if text:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ConfigurationRefused, match=r"manifest\.json"):
        read_dataset(tmp_path)


def test_a_still_named_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationRefused, match="twice"):
        read_dataset(folder_of(tmp_path, [still("a"), still("a")]))
