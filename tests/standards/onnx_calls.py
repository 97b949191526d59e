"""Calls of ONNX's Attention with their results: from the stored node tests of a wheel, and as a package makes them."""

import dataclasses
import importlib
import re
import sys
import zipfile

import numpy as np
import onnx
from onnx import numpy_helper

INPUTS = ("Q", "K", "V", "attn_mask", "past_key", "past_value", "nonpad_kv_seqlen")
OUTPUTS = ("Y", "present_key", "present_value", "qk_matmul_output")


@dataclasses.dataclass
class Call:
    """`source` computed the outputs; inputs and outputs that are left out have no entry."""

    name: str
    source: str
    opset: int
    attributes: dict
    inputs: dict
    outputs: dict


def _call(name, source, opset, node, inputs, outputs):
    """`inputs` and `outputs`: the arrays of those that the node names, in order."""
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    given = [kind for kind, used in zip(INPUTS, node.input) if used]
    made = [kind for kind, used in zip(OUTPUTS, node.output) if used]
    return Call(name, source, opset, attributes, dict(zip(given, inputs)), dict(zip(made, outputs)))


def _opset(model):
    (opset,) = [entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")]
    return opset


def _tensor(wheel, path):
    return numpy_helper.to_array(onnx.TensorProto.FromString(wheel.read(path)))


def stored_calls(path, source):
    """Of the node tests of Attention that a wheel holds, by name; those of the expanded function are left out."""
    calls = {}
    with zipfile.ZipFile(path) as wheel:
        for entry in wheel.namelist():
            match = re.fullmatch(r"(onnx/backend/test/data/node/(test_attention\w*)/)model\.onnx", entry)
            if not match or "_expanded" in match[2]:
                continue
            model = onnx.load_from_string(wheel.read(entry))
            (node,) = model.graph.node
            folder = match[1] + "test_data_set_0/"
            inputs = [_tensor(wheel, f"{folder}input_{i}.pb") for i in range(len([n for n in node.input if n]))]
            outputs = [_tensor(wheel, f"{folder}output_{i}.pb") for i in range(len([n for n in node.output if n]))]
            calls[match[2]] = _call(match[2], source, _opset(model), node, inputs, outputs)
    return calls


def generated_calls():
    """The node tests as the installed package makes them, by name."""
    calls = {}

    def record(node, inputs, outputs, name, opset_imports=(), **_):
        (opset,) = [entry.version for entry in opset_imports if entry.domain in ("", "ai.onnx")]
        source = f"onnx {onnx.__version__}"
        calls[name] = _call(name, source, opset, node, inputs, outputs)

    package = importlib.import_module("onnx.backend.test.case.node")
    was, package.expect = package.expect, record
    try:
        sys.modules.pop("onnx.backend.test.case.node.attention", None)
        importlib.import_module("onnx.backend.test.case.node.attention")  # its classes make them when defined
    finally:
        package.expect = was
    return calls


def same_bits(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a.view(np.uint8), b.view(np.uint8))
