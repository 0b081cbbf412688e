"""Which engine runs which part."""

import importlib.util
import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from regulars.errors import ConfigurationRefused
from regulars.vision import sessions
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


def test_a_card_by_name_is_refused_where_its_package_is_not_installed() -> None:
    with pytest.raises(ConfigurationRefused, match="onnxruntime-gpu"):
        choose_engine("cuda")


class FakeRuntimeWithoutCard:
    """What onnxruntime-gpu does where there is no card: it goes on with the processor."""

    SessionOptions = SimpleNamespace

    def get_available_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def preload_dlls(self) -> None:
        """There is nothing to load."""

    def InferenceSession(self, *_: object, **__: object) -> SimpleNamespace:  # noqa: N802 - as the package has it
        return SimpleNamespace(get_providers=lambda: ["CPUExecutionProvider"])


def test_a_card_that_cannot_be_used_is_refused_instead_of_going_on_with_the_processor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "onnxruntime", FakeRuntimeWithoutCard())
    with pytest.raises(ConfigurationRefused, match="no NVIDIA card"):
        choose_engine("cuda").open(Path("any.onnx"), "embedder")


@pytest.mark.skipif(importlib.util.find_spec("openvino") is None, reason="openvino is not installed")
def test_openvino_tells_nobody_that_it_was_started() -> None:
    program = (
        "import sys; from regulars.vision.sessions import OpenVinoEngine; OpenVinoEngine();"
        "print(*[name for name, module in sys.modules.items() if module and name.startswith('openvino_telemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
