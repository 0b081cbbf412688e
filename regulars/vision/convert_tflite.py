"""Used once, while models are fetched: rewrite a TensorFlow Lite convolution network as ONNX.

TensorFlow Lite keeps pictures as [batch, height, width, channel]; ONNX wants the channel second. Weights are moved
accordingly, so the ONNX model takes float32 [batch, channel, height, width]. A PReLU, which TensorFlow Lite spells as
relu(x) + (x - |x|) * c, becomes one PRelu with slope 2c (exact: doubling is exact in binary).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
import tflite
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from regulars.errors import ModelUnavailable

OPSET = 17
PRELU_SPELLING = ("RELU", "ABS", "SUB", "MUL", "ADD")


@dataclass
class _Reading:
    """What has been read of the TensorFlow Lite file, and the ONNX parts made of it."""

    model: Any
    graph: Any
    nodes: list[onnx.NodeProto] = field(default_factory=list[onnx.NodeProto])
    weights: list[TensorProto] = field(default_factory=list[TensorProto])

    def operator(self, index: int) -> str:
        names = {number: name for name, number in vars(tflite.BuiltinOperator).items() if isinstance(number, int)}
        code = self.model.OperatorCodes(self.graph.Operators(index).OpcodeIndex())
        return names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]

    def ends(self, index: int) -> tuple[list[int], int]:
        operator = self.graph.Operators(index)
        return [int(i) for i in operator.InputsAsNumpy()], int(operator.Outputs(0))

    def constant(self, tensor: int) -> NDArray[np.float32] | None:
        """Return the float32 constant behind a tensor, or None for one that the network computes."""
        described = self.graph.Tensors(tensor)
        data = self.model.Buffers(described.Buffer())
        if data.DataLength() == 0:
            return None
        return np.frombuffer(data.DataAsNumpy().tobytes(), np.float32).reshape(described.ShapeAsNumpy())

    def size(self, tensor: int) -> tuple[int, int]:
        shape = self.graph.Tensors(tensor).ShapeAsNumpy()
        return int(shape[1]), int(shape[2])

    def keep(self, name: str, values: NDArray[np.float32]) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def onnx_from_tflite(published: bytes) -> onnx.ModelProto:
    """Return the ONNX model (input float32 [batch, 3, H, W], output float32 [batch, dimension]).

    Raises ModelUnavailable naming the first operator that is neither convolution, PReLU, sum nor closing reshape.
    """
    flatbuffer: Any = tflite
    model = flatbuffer.Model.GetRootAsModel(published, 0)
    reading = _Reading(model, model.Subgraphs(0))
    index, last = 0, reading.graph.OperatorsLength()
    while index < last:
        index += _next(reading, index)
    entry, result = reading.graph.Inputs(0), reading.graph.Outputs(0)
    height, width = reading.size(entry)
    dimension = int(reading.graph.Tensors(result).ShapeAsNumpy()[-1])
    graph = helper.make_graph(
        reading.nodes,
        "embedder",
        [helper.make_tensor_value_info(_name(entry), TensorProto.FLOAT, ["batch", 3, height, width])],
        [helper.make_tensor_value_info(_name(result), TensorProto.FLOAT, ["batch", dimension])],
        reading.weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])


def _next(reading: _Reading, index: int) -> int:
    """Translate what begins at operator `index`; return how many operators that took."""
    kind = reading.operator(index)
    spelled = tuple(reading.operator(i) for i in range(index, min(index + 5, reading.graph.OperatorsLength())))
    if spelled == PRELU_SPELLING:
        _prelu(reading, index)
        return len(PRELU_SPELLING)
    inputs, output = reading.ends(index)
    if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        _convolution(reading, index, depthwise=kind.startswith("DEPTHWISE"))
    elif kind == "ADD":
        reading.nodes.append(helper.make_node("Add", [_name(i) for i in inputs], [_name(output)]))
    elif kind == "RESHAPE" and output == reading.graph.Outputs(0):
        reading.nodes.append(helper.make_node("Flatten", [_name(inputs[0])], [_name(output)], axis=1))
    else:
        raise ModelUnavailable(
            f"The TensorFlow Lite file holds a {kind} (operator {index}) that the conversion does not know. "
            "Convert the model to ONNX yourself and name that file in a pack of your own."
        )
    return 1


def _prelu(reading: _Reading, index: int) -> None:
    (source,), positive = reading.ends(index)
    scaled, _ = reading.ends(index + 3)
    joined, output = reading.ends(index + 4)
    slope = next(c for c in (reading.constant(t) for t in scaled) if c is not None)
    if reading.ends(index + 1)[0] != [source] or positive not in joined:
        raise ModelUnavailable(f"The TensorFlow Lite file spells no PReLU at operator {index} as expected.")
    name = reading.keep(f"slope_{output}", (2 * slope).reshape(-1, 1, 1))
    reading.nodes.append(helper.make_node("PRelu", [_name(source), name], [_name(output)]))


def _convolution(reading: _Reading, index: int, *, depthwise: bool) -> None:
    (source, weight, bias), output = reading.ends(index)
    kernel, offset = reading.constant(weight), reading.constant(bias)
    if kernel is None or offset is None:
        raise ModelUnavailable(f"The TensorFlow Lite file has a convolution without weights at operator {index}.")
    options: Any = tflite.DepthwiseConv2DOptions() if depthwise else tflite.Conv2DOptions()
    table = reading.graph.Operators(index).BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    if options.FusedActivationFunction() != tflite.ActivationFunctionType.NONE:
        raise ModelUnavailable(f"The TensorFlow Lite convolution at operator {index} has a fused activation.")
    moved = kernel.transpose(3, 0, 1, 2) if depthwise else kernel.transpose(0, 3, 1, 2)
    strides = (options.StrideH(), options.StrideW())
    same = options.Padding() == tflite.Padding.SAME
    pads = _same_pads(reading.size(source), kernel.shape[1:3], strides) if same else [0, 0, 0, 0]
    inputs = [_name(source), reading.keep(f"kernel_{index}", moved), reading.keep(f"bias_{index}", offset)]
    group = kernel.shape[3] if depthwise else 1
    reading.nodes.append(helper.make_node("Conv", inputs, [_name(output)], strides=strides, pads=pads, group=group))


def _same_pads(size: tuple[int, int], kernel: tuple[int, ...], strides: tuple[int, int]) -> list[int]:
    """Return [top, left, bottom, right]: TensorFlow's SAME puts the odd pixel at the bottom and the right."""
    before: list[int] = []
    after: list[int] = []
    for length, reach, step in zip(size, kernel, strides, strict=True):
        missing = max((-(-length // step) - 1) * step + reach - length, 0)
        before.append(missing // 2)
        after.append(missing - missing // 2)
    return before + after


def _name(tensor: int) -> str:
    return f"t{tensor}"
