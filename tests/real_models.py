"""The models and sample photographs that a user gets, from the model folder (REGULARS_MODELS_DIR)."""

from functools import cache
from pathlib import Path

from regulars.errors import ModelUnavailable
from regulars.settings import Settings
from regulars.vision.packs import ModelPack, load_pack
from regulars.vision.sessions import EngineName, choose_engine
from tests.conftest import require


@cache
def default_pack(engine: EngineName = "onnxruntime") -> ModelPack:
    """Return the default pack on that engine, with one thread; `auto` is the one that a user gets."""
    try:
        return load_pack("default", Settings().models_dir, choose_engine(engine))
    except ModelUnavailable as missing:
        require(str(missing))
        raise


def sample_photographs() -> Path:
    """Return the folder of the sample photographs."""
    folder = Settings().models_dir / "samples"
    found = len(list(folder.glob("*.jpg")))
    require(None if found == 6 else f"{found} sample photographs in {folder} instead of 6: ./run prepare fetches them")
    return folder
