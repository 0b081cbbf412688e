"""Used once, while models are fetched: turn a published model file into the ONNX file that the sessions run.

Every rule is exact (weights are moved or doubled, never recomputed), so the result has one sha256, which the pack
names. Needs the packages `onnx` and `tflite`; nothing that runs later does.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from regulars.errors import ModelUnavailable

Conversion = Literal["free_size", "free_batch", "tflite"]
IR_VERSION = 8
"""ONNX format version written into every converted file, so that its bytes do not follow the library's version."""


def convert(rule: Conversion, published: Path, into: Path) -> None:
    """Write `into`, the ONNX form of the file `published`.

    `free_size`: the height and width of a one-picture model become dynamic (YuNet is published for 640 x 640 only).
    `free_batch`: the batch of a one-picture embedder becomes dynamic, its closing Reshape with it.
    `tflite`: a TensorFlow Lite network of convolutions and PReLUs, see `regulars.vision.convert_tflite`.
    """
    try:
        rules: dict[Conversion, Callable[[bytes], Any]] = {
            "free_size": _free_size,
            "free_batch": _free_batch,
            "tflite": _from_tflite,
        }
        model = rules[rule](published.read_bytes())
    except ImportError as missing:
        raise ModelUnavailable(
            f"{published.name} must be converted with the Python package {missing.name}, which is not installed. "
            "Nothing was changed. Install the packages onnx and tflite and fetch again."
        ) from missing
    _plain(model)
    into.write_bytes(model.SerializeToString(deterministic=True))


def _plain(model: Any) -> None:
    """Drop what a network does not compute with: notes of the machine that exported it, stale inner shapes."""
    model.ir_version = IR_VERSION
    model.producer_name = "regulars"
    model.ClearField("producer_version")
    model.ClearField("doc_string")
    model.ClearField("metadata_props")
    model.graph.ClearField("doc_string")
    model.graph.ClearField("value_info")
    for node in model.graph.node:
        node.ClearField("doc_string")


def _free_size(published: bytes) -> Any:
    import onnx

    model = onnx.load_from_string(published)
    shape = model.graph.input[0].type.tensor_type.shape
    shape.dim[2].dim_param, shape.dim[3].dim_param = "height", "width"
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells_{output.name}"
    return model


def _free_batch(published: bytes) -> Any:
    import numpy as np
    import onnx
    from onnx import numpy_helper

    model = onnx.load_from_string(published)
    graph = model.graph
    graph.input[0].type.tensor_type.shape.dim[0].dim_param = "batch"
    last = graph.node[-1]
    output = graph.output[0].type.tensor_type.shape
    if last.op_type != "Reshape":
        raise ModelUnavailable(f"free_batch expects a network that ends in Reshape; this one ends in {last.op_type}.")
    target = next(tensor for tensor in graph.initializer if tensor.name == last.input[1])
    dimension = output.dim[1].dim_value
    target.CopyFrom(numpy_helper.from_array(np.array([-1, dimension], np.int64), target.name))
    output.dim[0].dim_param = "batch"
    return model


def _from_tflite(published: bytes) -> Any:
    from regulars.vision.convert_tflite import onnx_from_tflite

    return onnx_from_tflite(published)
