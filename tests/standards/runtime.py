"""ONNX Runtime's Attention on the CPU: what it takes, and where it departs from the standard."""

import dataclasses
import re

import dense
import numpy as np
import onnx
import onnxruntime
from onnx_calls import INPUTS, OUTPUTS
from random_calls import TYPES

SOURCE = f"onnxruntime {onnxruntime.__version__}"
# Forms that the standard allows and the runtime refuses, by its message.
REFUSALS = (
    ("attn_mask must be 2D or 3D or 4D", "a mask of rank 1"),
    ("inconsistent q_sequence_length (between attn_mask and Q)", "a mask of one row"),
    ("inconsistent total_sequence_length (between attn_mask", "a mask of one key, or of fewer than there are"),
    ("Unrecognized attribute", "opset 25"),
    ("NOT_IMPLEMENTED", "bf16"),
    ("bound to different types", "a mask or is_causal with lengths, in bf16 or f64"),
    ("(qk_matmul_output) of node () does not match expected type", "softmax_precision with mode 3, in f64"),
    ("Incompatible dimensions", "a mask of fewer keys than there are, in f64"),
)


def _session(call):
    kind = call.inputs["Q"].dtype.name
    made = [output for output in OUTPUTS if output in call.outputs]
    names = [name if name in call.inputs else "" for name in INPUTS]
    while not names[-1]:
        names.pop()
    outputs = [output if output in made else "" for output in OUTPUTS]
    while not outputs[-1]:
        outputs.pop()
    node = onnx.helper.make_node("Attention", names, outputs, **call.attributes)
    graph = onnx.helper.make_graph(
        [node], "one",
        [onnx.helper.make_tensor_value_info(name, onnx.helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
         for name, x in call.inputs.items()],
        [onnx.helper.make_tensor_value_info(output, TYPES[kind], None) for output in made])
    opset = onnx.helper.make_opsetid("", call.opset)
    model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"]), made


def run(call):
    """The call with what the runtime computes, or a text: why it is refused."""
    try:
        session, made = _session(call)
        results = session.run(made, {name: np.ascontiguousarray(x) for name, x in call.inputs.items()})
    except Exception as error:  # the package has no base class of its own
        message = str(error)
        for part, why in REFUSALS:
            if part in message:
                return why
        return re.sub(r"\s+", " ", message)
    return dataclasses.replace(call, source=SOURCE, outputs=dict(zip(made, results)))


def _lengths(call):
    axis = 1 if call.inputs["Q"].ndim == 3 else 2
    return call.inputs["Q"].shape[axis], call.inputs["K"].shape[axis]


def form(call):
    """The combination of attributes and inputs, without extents: a form of attest's adapter (attention_form.hpp)."""
    q_len, new = _lengths(call)
    past, total = "no past", new
    if "past_key" in call.inputs:
        past = "past, " + ("as many new keys as rows" if new == q_len
                           else f"{'more' if new > q_len else 'fewer'} new keys than rows")
        total += call.inputs["past_key"].shape[2]
    mask = "no mask"
    if "attn_mask" in call.inputs:
        m = call.inputs["attn_mask"]
        mask = f"{'bool' if m.dtype == bool else 'float'} mask of rank {m.ndim}"
        if m.ndim > 1 and m.shape[-2] == 1 and q_len > 1:
            mask += " and one row"
        if m.shape[-1] < total:
            mask += " and fewer keys"
    words = [f"opset {call.opset}", f"{call.inputs['Q'].ndim}D", call.inputs["Q"].dtype.name, past, mask]
    if "nonpad_kv_seqlen" in call.inputs:
        words.append("lengths")
    if call.attributes.get("is_causal"):
        words.append("is_causal")
    if call.opset >= 25 and any(f"{side}_window_size" in call.attributes for side in ("left", "right")):
        words.append("window")
    for name in ("scale", "softcap", "softmax_precision", "qk_matmul_output_mode"):
        value = call.attributes.get(name)
        if value:
            words.append(name if name in ("scale", "softcap") else f"{name}={value}")
    if "qk_matmul_output" in call.outputs:
        words.append("score output")
    return "; ".join(words)


def causality_is_lost(call):
    """is_causal with a past, one row and more than one new key: the row sees all keys."""
    q_len, new = _lengths(call)
    return bool(call.attributes.get("is_causal")) and "past_key" in call.inputs and q_len == 1 and new > 1


def aligned_top_left(call):
    """f64 is the function body of ONNX 1.22, which aligns is_causal top-left though there are lengths."""
    return (call.inputs["Q"].dtype == np.float64 and bool(call.attributes.get("is_causal"))
            and "nonpad_kv_seqlen" in call.inputs)


def empty_rows(call, capture):
    """The function body gives NaN for a row without keys."""
    return call.inputs["Q"].dtype == np.float64 and not dense.visible(capture).any(axis=-1).all()


def wrong_output(call, capture):
    return causality_is_lost(call) or aligned_top_left(call) or empty_rows(call, capture)


def wrong_scores(call, capture):
    """In mode 2 the score of a key that is not hidden by a float mask alone is the lowest number, not -inf."""
    mode = call.attributes.get("qk_matmul_output_mode", 0)
    if mode == 2 and call.inputs["Q"].dtype != np.float64:
        if not dense.visible({name: x for name, x in capture.items() if name != "bias"}).all():
            return True
    return mode >= 2 and wrong_output(call, capture)
