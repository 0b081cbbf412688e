"""The real models of the model folder, and the sample photographs beside them."""

import cv2
import numpy as np
import pytest

from regulars.domain.faces import Image
from regulars.vision.packs import ModelPack
from tests.real_models import default_pack, sample_photographs


@pytest.fixture(scope="session")
def pack() -> ModelPack:
    """The default pack on ONNX Runtime."""
    return default_pack()


@pytest.fixture(scope="session")
def photographs() -> list[Image]:
    """The six sample photographs."""
    paths = sorted(sample_photographs().glob("*.jpg"))
    read = [cv2.imread(str(path), cv2.IMREAD_COLOR) for path in paths]
    return [np.asarray(picture, np.uint8) for picture in read if picture is not None]


@pytest.fixture(scope="session")
def samples(photographs: list[Image]) -> list[Image]:
    """The six sample photographs, at half their size."""
    smaller = [cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for picture in photographs]
    return [np.asarray(picture, np.uint8) for picture in smaller]
