"""Under every model: the inference session that runs it, injected so that any engine, or a test, can stand in."""

import importlib
import importlib.util
import platform
import sys
import threading
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import onnxruntime

from regulars.domain.faces import FloatArray
from regulars.errors import ConfigurationRefused

EngineName = Literal["auto", "onnxruntime", "openvino", "cuda"]
Part = Literal["detector", "embedder", "gender"]


class Session(Protocol):
    """One loaded network."""

    def run(self, batch: FloatArray) -> list[FloatArray]:
        """Return the network's outputs, in the order of its file, for one float32 input. Safe from several threads."""
        ...


class Engine(Protocol):
    """What loads a network file."""

    name: str

    def open(self, path: Path, part: Part) -> Session:
        """Load an ONNX file that takes one float32 input; `part` is what the pack uses it for."""
        ...


class OnnxRuntimeEngine:
    """ONNX Runtime on the CPU, `threads` per session."""

    name = "onnxruntime"

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads

    def open(self, path: Path, part: Part) -> Session:  # noqa: ARG002 - one engine for every part
        """Load `path`; waiting threads sleep instead of spinning, because cameras share the processor."""
        runtime: Any = onnxruntime
        options = runtime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return _OnnxRuntimeSession(runtime.InferenceSession(path, options, providers=["CPUExecutionProvider"]))


class _OnnxRuntimeSession:
    def __init__(self, network: Any) -> None:
        self._network = network
        self._input = network.get_inputs()[0].name

    def run(self, batch: FloatArray) -> list[FloatArray]:
        return self._network.run(None, {self._input: batch})


class OpenVinoEngine:
    """OpenVINO on the CPU, `threads` per session, in full float32 so that vectors stay comparable between engines."""

    name = "openvino"

    def __init__(self, threads: int = 1) -> None:
        # With this module it would tell Google Analytics of each start, and without it takes a stub that tells nobody.
        loaded: dict[str, Any] = sys.modules
        loaded["openvino_telemetry"] = None
        runtime: Any = importlib.import_module("openvino")
        self._core = runtime.Core()
        self._options = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # It would pin every process to the same processor, the first, whatever else runs there.
            "ENABLE_CPU_PINNING": False,
            "INFERENCE_PRECISION_HINT": "f32",
        }

    def open(self, path: Path, part: Part) -> Session:  # noqa: ARG002 - one engine for every part
        """Compile `path` for this processor."""
        return _OpenVinoSession(self._core.compile_model(path, "CPU", self._options))


class _OpenVinoSession:
    def __init__(self, network: Any) -> None:
        self._network = network
        self._of_thread = threading.local()

    def run(self, batch: FloatArray) -> list[FloatArray]:
        request = getattr(self._of_thread, "request", None)
        if request is None:
            request = self._of_thread.request = self._network.create_infer_request()
        results = request.infer([batch], share_inputs=True)
        return [np.array(results[output]) for output in self._network.outputs]


class CudaEngine:
    """ONNX Runtime on an NVIDIA card, in full float32 so that vectors stay comparable between engines.

    Raises ConfigurationRefused where the package, CUDA's libraries or the card are missing: ONNX Runtime alone would go
    on with the processor and say so in a warning.
    """

    name = "cuda"

    def __init__(self) -> None:
        runtime: Any = onnxruntime
        if "CUDAExecutionProvider" not in runtime.get_available_providers():
            raise ConfigurationRefused(
                "The engine 'cuda' is set but the Python package onnxruntime-gpu is not installed. "
                "Use the images that are built for a GPU, or set the engine to 'auto'."
            )
        runtime.preload_dlls()

    def open(self, path: Path, part: Part) -> Session:  # noqa: ARG002 - one engine for every part
        """Load `path` onto the card."""
        runtime: Any = onnxruntime
        options = runtime.SessionOptions()
        options.log_severity_level = 3
        network = runtime.InferenceSession(path, options, providers=[("CUDAExecutionProvider", {"use_tf32": "0"})])
        if network.get_providers()[0] != "CUDAExecutionProvider":
            raise ConfigurationRefused(
                "The engine 'cuda' is set but no NVIDIA card can be used here. "
                "Look at its driver and at what the container may use, or set the engine to 'auto'."
            )
        return _OnnxRuntimeSession(network)


class FasterEngine:
    """Each part on the engine that measured faster for it, `threads` per session.

    At one thread OpenVINO runs the embedders in half of ONNX Runtime's time, and the detector slower, whose picture
    sizes vary: `python -m regulars.vision.measure_models engines`, figures in docs/models.md.
    """

    name = "openvino for embedders, onnxruntime for the rest"

    def __init__(self, threads: int = 1) -> None:
        self._embedders = OpenVinoEngine(threads)
        self._rest = OnnxRuntimeEngine(threads)

    def open(self, path: Path, part: Part) -> Session:
        """Load `path` on the engine for `part`."""
        return (self._embedders if part == "embedder" else self._rest).open(path, part)


def choose_engine(wanted: EngineName = "auto", threads: int = 1) -> Engine:
    """Return the engine that settings name.

    `auto` is the faster engine for each part where OpenVINO is installed on x86-64, the processors it was measured on,
    else ONNX Runtime; a card is used where it is asked for by name. Raises ConfigurationRefused when what is asked for
    by name is absent.
    """
    installed = importlib.util.find_spec("openvino") is not None
    if wanted == "openvino" and not installed:
        raise ConfigurationRefused(
            "The engine 'openvino' is set but the Python package openvino is not installed. "
            "Install it, or set the engine to 'auto' or 'onnxruntime'."
        )
    if wanted == "cuda":
        return CudaEngine()
    if wanted == "openvino":
        return OpenVinoEngine(threads)
    if wanted == "auto" and installed and platform.machine() in ("x86_64", "AMD64"):
        return FasterEngine(threads)
    return OnnxRuntimeEngine(threads)
