"""Which engine runs which part."""

import importlib.util
import platform

import pytest

from regulars.errors import ConfigurationRefused
from regulars.vision.sessions import OnnxRuntimeEngine, choose_engine


@pytest.fixture
def without_openvino(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(_name: str) -> None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", nothing)


@pytest.mark.usefixtures("without_openvino")
def test_without_openvino_everything_runs_on_onnx_runtime() -> None:
    engine = choose_engine("auto", threads=3)
    assert isinstance(engine, OnnxRuntimeEngine)
    assert engine.threads == 3


@pytest.mark.usefixtures("without_openvino")
def test_openvino_by_name_is_refused_where_it_is_not_installed() -> None:
    with pytest.raises(ConfigurationRefused, match="openvino"):
        choose_engine("openvino")


def test_a_processor_that_was_not_measured_keeps_onnx_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert isinstance(choose_engine("auto"), OnnxRuntimeEngine)
