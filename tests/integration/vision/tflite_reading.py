"""A second reading of a TensorFlow Lite network, in plain numpy and in its own layout, to hold the conversion against.

It shares nothing with the conversion: no ONNX, channels last, PReLU computed as the file spells it.
"""

from typing import Any, cast

import numpy as np
import tflite
from numpy.typing import NDArray

Values = NDArray[np.float32]


def run_tflite(content: bytes, picture: Values) -> Values:
    """Run the network on one picture, float32 [height, width, 3]; return its output as float32 [dimension]."""
    library = cast("Any", tflite)
    model = library.Model.GetRootAsModel(content, 0)
    graph = model.Subgraphs(0)
    names: dict[object, str] = {number: name for name, number in cast("Any", vars(library.BuiltinOperator)).items()}
    held: dict[int, Values] = {int(graph.Inputs(0)): picture}

    def value(tensor: int) -> Values:
        if tensor not in held:
            described = graph.Tensors(tensor)
            raw = model.Buffers(described.Buffer()).DataAsNumpy().tobytes()
            held[tensor] = np.frombuffer(raw, np.float32).reshape(described.ShapeAsNumpy())
        return held[tensor]

    for index in range(graph.OperatorsLength()):
        operator = graph.Operators(index)
        code = model.OperatorCodes(operator.OpcodeIndex())
        kind = names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        inputs = [int(i) for i in operator.InputsAsNumpy()]
        held[int(operator.Outputs(0))] = _computed(kind, operator, inputs, value)
    return held[int(graph.Outputs(0))].ravel()


def _computed(kind: str, operator: Any, inputs: list[int], value: Any) -> Values:
    if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        return _convolution(operator, value(inputs[0]), value(inputs[1]), value(inputs[2]), kind != "CONV_2D")
    first = value(inputs[0])
    if kind == "RESHAPE":
        return first
    simple = {"RELU": lambda: np.maximum(first, 0), "ABS": lambda: np.abs(first)}
    pairs = {"ADD": np.add, "SUB": np.subtract, "MUL": np.multiply}
    return simple[kind]() if kind in simple else pairs[kind](first, value(inputs[1]))


def _convolution(operator: Any, source: Values, kernel: Values, bias: Values, depthwise: bool) -> Values:
    library = cast("Any", tflite)
    options = library.DepthwiseConv2DOptions() if depthwise else library.Conv2DOptions()
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    step = options.StrideH()
    high, wide = kernel.shape[1:3]
    if options.Padding() == library.Padding.SAME:
        missing = [max((-(-n // step) - 1) * step + k - n, 0) for n, k in zip(source.shape, (high, wide), strict=False)]
        source = np.pad(source, [*((m // 2, m - m // 2) for m in missing), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(source, (high, wide), axis=(0, 1))[::step, ::step]
    subscripts = "xychw,hwc->xyc" if depthwise else "xychw,ohwc->xyo"
    weights = kernel[0] if depthwise else kernel
    return (np.einsum(subscripts, windows, weights, optimize=True) + bias).astype(np.float32)
