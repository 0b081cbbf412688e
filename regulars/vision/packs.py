"""The models as one versioned unit: opens a pack's files, checks them, and hands out detector, embedder and gender."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from regulars.domain.calibration import ThresholdTable
from regulars.errors import ModelUnavailable
from regulars.vision.detector import FaceDetector
from regulars.vision.embedder import FaceEmbedder, Network, Preprocessing
from regulars.vision.gender import GenderReader
from regulars.vision.pack_file import (
    PackFile,
    PreprocessingPart,
    ProjectionPart,
    StoredFile,
    find_pack,
    read_pack_file,
    sha256_of,
)
from regulars.vision.projection import read
from regulars.vision.sessions import Engine


@dataclass(frozen=True)
class ModelPack:
    """One pack, its files found and checked.

    A network is loaded when it is first asked for, so a worker that never embeds never loads an embedder; loading one
    twice at once is harmless.
    """

    described: PackFile
    paths: dict[str, Path]
    """The checked file of each name in the pack."""
    engine: Engine

    @property
    def name(self) -> str:
        """The pack's name."""
        return self.described.name

    @cached_property
    def digest(self) -> str:
        """16 hex digits; vectors are comparable only where it is equal."""
        return self.described.digest()

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        return self.described.dimension()

    @property
    def thresholds(self) -> ThresholdTable:
        """The pack's impostor table."""
        return self.described.thresholds

    @cached_property
    def detector(self) -> FaceDetector:
        """Finds faces."""
        model = self.described.detector.model
        return FaceDetector(self.engine.open(self.paths[model.file], "detector"), f"yunet-{model.sha256[:16]}")

    @cached_property
    def embedder(self) -> FaceEmbedder:
        """Turns faces into vectors."""
        return FaceEmbedder(
            [
                Network(
                    self.engine.open(self.paths[part.model.file], "embedder"),
                    _input(part),
                    part.dimension,
                    part.max_batch,
                )
                for part in self.described.embedders
            ],
            None if self.described.projection is None else read(self.paths[self.described.projection.file]),
        )

    @cached_property
    def gender(self) -> GenderReader | None:
        """Reads gender; None in a pack without that network."""
        part = self.described.gender
        if part is None:
            return None
        return GenderReader(self.engine.open(self.paths[part.model.file], "gender"), _input(part), part.male_output)


def load_pack(name_or_path: str, model_dir: Path, engine: Engine) -> ModelPack:
    """Return the pack `name_or_path` (`default`, or the path of a TOML file) with every file found and checked.

    Files lie in `model_dir`, or, for a pack given by path, beside its TOML file. Raises ConfigurationRefused for a pack
    that is not described properly, ModelUnavailable for a file that is missing or is another one than the pack names.
    """
    toml = find_pack(name_or_path)
    described = read_pack_file(toml)
    how = f"python -m regulars.vision.fetch --pack {name_or_path} --into {model_dir}"
    folders = [model_dir, toml.parent]
    paths = {file.file: _checked(file, folders, how) for file in described.files()}
    if described.projection is not None:
        paths[described.projection.file] = _projection(described.projection, toml)
    return ModelPack(described, paths, engine)


def _projection(part: ProjectionPart, toml: Path) -> Path:
    path = toml.parent / part.file
    found = sha256_of(path) if path.is_file() else "no file"
    if found != part.sha256:
        raise ModelUnavailable(
            f"The projection {path} is not the one its pack names: expected sha256 {part.sha256}, found {found}. "
            "It was not loaded. Put the file back beside the pack's TOML, or fit it with "
            "python -m regulars.vision.fit_projection"
        )
    return path


def _checked(file: StoredFile, folders: list[Path], how: str) -> Path:
    where = next((folder / file.file for folder in folders if (folder / file.file).is_file()), None)
    remedy = f"Get it with: {how}" if file.source else f"{file.obtain} Then: {how} --from FOLDER"
    if where is None:
        raise ModelUnavailable(
            f"The model file {file.file} (sha256 {file.sha256}) is missing in {folders[0]}. Nothing was loaded. "
            f"{remedy}"
        )
    found = sha256_of(where)
    if found != file.sha256:
        raise ModelUnavailable(
            f"The model file {where} is not the one its pack names: expected sha256 {file.sha256}, found {found}. "
            f"It was not loaded. Delete it, then: {remedy}"
        )
    return where


def _input(part: PreprocessingPart) -> Preprocessing:
    template = np.array(part.template, np.float32)
    return Preprocessing(template, part.size, part.colours, part.mean, part.scale, part.layout)
