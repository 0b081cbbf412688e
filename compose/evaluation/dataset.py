"""First in the evaluation: a folder of labelled photographs, read and checked, with nothing of it opened yet.

The folder is shaped like the project's shared `faces/`: `manifest.json` (stills with identity and gender, aliases),
`lfw_pairs.json` (verification pairs) and `groups.json` (how many faces a photograph shows). Only the manifest must be
there; a question whose truth is missing is not asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

from regulars.errors import ConfigurationRefused
from regulars.vision.same_person import one_name_each


@dataclass(frozen=True, slots=True)
class Still:
    """One photograph of one labelled person; `person` is the same for all names of that person."""

    file: str
    person: str
    gender: Literal["male", "female", "unknown"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stills, by file, of one person or of two; accuracy is measured on one fold with the others' threshold."""

    fold: int
    a: str
    b: str
    same: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A photograph with `faces` faces, counted by eye."""

    file: str
    faces: int


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder and the truth about what lies in it."""

    root: Path
    stills: tuple[Still, ...]
    pairs: tuple[Pair, ...]
    groups: tuple[Group, ...]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Still(_Record):
    file: str
    identity: str
    gender: str | None = None


class _Manifest(_Record):
    stills: Annotated[tuple[_Still, ...], Field(min_length=1)]
    aliases: tuple[tuple[str, ...], ...] = ()


class _Pair(_Record):
    fold: int
    a: str
    b: str
    same: bool
    known_label_error: bool = False


class _Pairs(_Record):
    pairs: tuple[_Pair, ...] = ()


class _Group(_Record):
    faces: Annotated[int, Field(ge=0)]


class _Groups(RootModel[dict[str, _Group]]):
    pass


_Told = TypeVar("_Told", bound=BaseModel)


def read_dataset(root: Path) -> Dataset:
    """Return the truth about a folder of faces.

    Pairs with a known label error are left out; aliases become one person. Raises ConfigurationRefused when the folder
    has no readable manifest or its truth contradicts itself.
    """
    manifest = _read(root / "manifest.json", _Manifest)
    names = one_name_each(manifest.aliases)
    stills = tuple(
        Still(one.file, names.get(one.identity, one.identity), _gender(one.gender)) for one in manifest.stills
    )
    known = {still.file: still.person for still in stills}
    if len(known) != len(stills):
        raise ConfigurationRefused(f"{root / 'manifest.json'} names a still twice. Nothing was measured.")
    pairs: tuple[Pair, ...] = ()
    if (root / "lfw_pairs.json").is_file():
        told = _read(root / "lfw_pairs.json", _Pairs).pairs
        pairs = tuple(Pair(one.fold, one.a, one.b, one.same) for one in told if _is_sound(one, known))
    groups: tuple[Group, ...] = ()
    if (root / "groups.json").is_file():
        counted = _read(root / "groups.json", _Groups).root
        groups = tuple(Group(f"groups/{name}", one.faces) for name, one in counted.items())
    return Dataset(root, stills, pairs, groups)


def _is_sound(pair: _Pair, people: Mapping[str, str]) -> bool:
    """A pair of different names that are one person says nothing; a pair without its stills cannot be asked."""
    if pair.known_label_error or pair.a not in people or pair.b not in people:
        return False
    return pair.same == (people[pair.a] == people[pair.b])


def _gender(said: str | None) -> Literal["male", "female", "unknown"]:
    if said == "male":
        return "male"
    return "female" if said == "female" else "unknown"


def _read(path: Path, kind: type[_Told]) -> _Told:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigurationRefused(
            f"{path} cannot be used: {error}. Nothing was measured. Name a folder with a manifest.json like the one "
            "described in docs/recognition.md."
        ) from error
