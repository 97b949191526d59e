"""The stored node tests of ONNX's FlexAttention as captures. What their subgraphs compute is declared by name."""

import re
import zipfile

import numpy as np
import onnx
from onnx import numpy_helper


def _relative_positional(made):
    """score + (i - j)"""
    rows, keys = made["q"].shape[2], made["k"].shape[2]
    return {"bias": (np.arange(rows)[:, None] - np.arange(keys)).astype(np.float32)}


MEANING = {
    "causal_mask": lambda made: {"causal": "top-left"},
    "relative_positional": _relative_positional,
    "score_mod": lambda made: {"bias": np.full(1, 0.5, np.float32)},
    "soft_cap": lambda made: {"softcap": 20.0},
    "prob_mod": lambda made: {"v": made["v"] * made["v"].dtype.type(0.5)},  # 0.5 P V; a product by 0.5 is exact
}
SUBGRAPHS = ("score_mod", "prob_mod")


def captures_of(path):
    """{name: capture} of a wheel."""
    made = {}
    with zipfile.ZipFile(path) as wheel:
        for entry in wheel.namelist():
            match = re.fullmatch(r"(.*/node/test_(flexattention\w*)/)model\.onnx", entry)
            if not match or "_expanded" in match[2]:
                continue
            (node,) = onnx.load_from_string(wheel.read(entry)).graph.node
            arrays = [numpy_helper.to_array(onnx.TensorProto.FromString(wheel.read(f"{match[1]}test_data_set_0/{x}.pb")))
                      for x in ("input_0", "input_1", "input_2", "output_0")]
            made[match[2]] = _capture(match[2], node, arrays)
    return made


def _capture(name, node, arrays):
    made = dict(zip(("q", "k", "v", "out"), arrays)) | {"causal": "none"}
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    if made["q"].dtype == np.float32:
        made["contract"] = "f32"
    made["scale"] = attributes.get("scale", 1 / np.sqrt(made["q"].shape[3]))
    meaning = MEANING.get(name.removeprefix("flexattention_"))
    if (meaning is not None) != any(graph in attributes for graph in SUBGRAPHS):
        raise AssertionError(f"{name} has a subgraph that is not described here")
    return made | (meaning(made) if meaning else {})
