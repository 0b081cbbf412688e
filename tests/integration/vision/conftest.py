"""The real models of the model folder, and the sample photographs beside them."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Image
from regulars.errors import ModelUnavailable
from regulars.vision.packs import ModelPack, load_pack
from regulars.vision.sessions import OnnxRuntimeEngine
from tests.conftest import CHECKOUT, require


@pytest.fixture(scope="session")
def models() -> Path:
    """The model folder (REGULARS_MODELS_DIR)."""
    return Path(os.environ.get("REGULARS_MODELS_DIR", CHECKOUT / ".regulars" / "models"))


@pytest.fixture(scope="session")
def pack(models: Path) -> ModelPack:
    """The default pack on ONNX Runtime."""
    try:
        return load_pack("default", models, OnnxRuntimeEngine())
    except ModelUnavailable as missing:
        require(str(missing))
        raise


@pytest.fixture(scope="session")
def photographs(models: Path) -> list[Image]:
    """The six sample photographs."""
    paths = sorted((models / "samples").glob("*.jpg"))
    require(None if len(paths) == 6 else f"no sample photographs in {models}: python -m regulars.vision.fetch")
    read = [cv2.imread(str(path), cv2.IMREAD_COLOR) for path in paths]
    return [np.asarray(picture, np.uint8) for picture in read if picture is not None]


@pytest.fixture(scope="session")
def samples(photographs: list[Image]) -> list[Image]:
    """The six sample photographs, at half their size."""
    smaller = [cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for picture in photographs]
    return [np.asarray(picture, np.uint8) for picture in smaller]
