"""A folder of people: whose photograph is whose, before any is opened."""

import json
from pathlib import Path

import pytest

from regulars.errors import InputRefused
from regulars.vision.labelled_faces import people_in
from regulars.vision.same_person import one_name_each


def folder_of(path: Path, *names: str, manifest: str = "") -> Path:
    for name in names:
        (path / "stills" / name).mkdir(parents=True)
        (path / "stills" / name / "1.jpg").touch()
    if manifest:
        (path / "manifest.json").write_text(manifest, "utf-8")
    return path


def test_aliases_in_a_chain_are_one_person() -> None:
    names = one_name_each((("d", "c"), ("b", "a"), (), ("c", "b"), ("x", "y")))
    assert names == {"a": "d", "b": "d", "c": "d", "d": "d", "x": "x", "y": "x"}


def test_a_later_group_of_aliases_does_not_part_who_is_one_person(tmp_path: Path) -> None:
    manifest = json.dumps({"aliases": [["a", "b"], ["c", "b"]], "stills": "not read"})
    folder = folder_of(tmp_path, "a", "b", "c", "other", manifest=manifest)
    assert [name for _, name in people_in(folder)] == ["a", "a", "a", "other"]


@pytest.mark.parametrize("manifest", ["{", "[]", '{"aliases": [["a", 1]]}', '{"aliases": "ab"}'])
def test_a_manifest_that_is_none_is_refused_in_words(tmp_path: Path, manifest: str) -> None:
    with pytest.raises(InputRefused, match=r"manifest\.json cannot be used") as refused:
        people_in(folder_of(tmp_path, "a", "b", manifest=manifest))
    assert refused.value.reason == "unreadable_manifest"


def test_one_person_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="at least two people"):
        people_in(folder_of(tmp_path, "a", "b", manifest='{"aliases": [["a", "b"]]}'))
