"""Random attributes, shapes and types for ONNX's Attention, computed by its reference implementation."""

import ml_dtypes
import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

from onnx_calls import INPUTS, OUTPUTS, Call

TYPES = {"float32": onnx.TensorProto.FLOAT, "float64": onnx.TensorProto.DOUBLE, "float16": onnx.TensorProto.FLOAT16,
         "bfloat16": onnx.TensorProto.BFLOAT16}
NUMPY = {"float32": np.float32, "float64": np.float64, "float16": np.float16, "bfloat16": ml_dtypes.bfloat16}


def _mask(r, shape, dtype, padded, lowest_rank):
    """attn_mask of any rank that broadcasts to the shape, boolean or of the data's type, maybe shorter."""
    rank = int(r.integers(lowest_rank, 5))
    extents = [int(extent if r.random() < 0.7 else 1) for extent in shape[4 - rank :]]
    extents[-1] = shape[-1] if not padded else int(r.integers(max(1, shape[-1] - 2), shape[-1] + 1))
    if r.random() < 0.5:
        return r.random(extents) < 0.7
    bias = r.standard_normal(extents)
    bias[r.random(extents) < 0.2] = -np.inf
    return bias.astype(dtype)


def _inputs(r, opset, kind, causal):
    batch, kv_heads, group = int(r.integers(1, 4)), int(r.integers(1, 4)), int(r.integers(1, 4))
    q_len, new = int(r.integers(1, 8)), int(r.integers(1, 10))
    dim, v_dim = int(r.integers(1, 17)), int(r.integers(1, 17))
    past = int(r.integers(1, 8)) if r.random() < 0.4 else 0
    heads = kv_heads * group
    dtype = NUMPY[kind]

    def draw(*shape):
        return r.standard_normal(shape).astype(dtype)

    made = {"Q": draw(batch, heads, q_len, dim), "K": draw(batch, kv_heads, new, dim),
            "V": draw(batch, kv_heads, new, v_dim)}
    if past:
        made |= {"past_key": draw(batch, kv_heads, past, dim), "past_value": draw(batch, kv_heads, past, v_dim)}
    lengths = not past and opset >= 24 and r.random() < 0.4
    if lengths:
        made["nonpad_kv_seqlen"] = r.integers(1, new + 1, batch)
    if r.random() < 0.5:
        # The reference of 1.23.2 fails for a mask of rank 1 with is_causal, which the standard allows.
        made["attn_mask"] = _mask(r, (batch, heads, q_len, past + new), dtype, r.random() < 0.2 and not lengths,
                                  2 if causal else 1)
    flat = r.random() < 0.5
    attributes = {"q_num_heads": heads, "kv_num_heads": kv_heads} if flat else {}
    if flat:
        for name in ("Q", "K", "V"):
            x = made[name].transpose(0, 2, 1, 3)
            made[name] = np.ascontiguousarray(x).reshape(*x.shape[:2], -1)
    return made, attributes


def _attributes(r, opset):
    made = {}
    if r.random() < 0.5:
        made["is_causal"] = 1
    if r.random() < 0.5:
        made["scale"] = float(np.float32(r.choice([0.01, 0.125, 0.3, 1.0])))
    if r.random() < 0.3:
        made["softcap"] = float(r.choice([0.5, 2.0, 30.0]))
    if r.random() < 0.3:
        made["softmax_precision"] = int(r.choice([1, 10, 11, 16]))
    if r.random() < 0.5:
        made["qk_matmul_output_mode"] = int(r.integers(0, 4))
    if opset >= 25 and r.random() < 0.6:
        made["left_window_size"] = int(r.integers(-1, 6))
        made["right_window_size"] = int(r.integers(-1, 4))
    return made


def reference(name, opset, inputs, attributes):
    """The call with what the reference implementation computes."""
    kind = inputs["Q"].dtype.name
    wanted = [True, "past_key" in inputs, "past_key" in inputs, "qk_matmul_output_mode" in attributes]
    node = onnx.helper.make_node(
        "Attention", [kind if kind in inputs else "" for kind in INPUTS],
        [output if made else "" for output, made in zip(OUTPUTS, wanted)], **attributes)
    made = [output for output, used in zip(OUTPUTS, wanted) if used]
    graph = onnx.helper.make_graph(
        [node], "one",
        [onnx.helper.make_tensor_value_info(input_, onnx.helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
         for input_, x in inputs.items()],
        [onnx.helper.make_tensor_value_info(output, TYPES[kind], None) for output in made])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)])
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):
        results = ReferenceEvaluator(model).run(None, inputs)
    return Call(name, f"onnx {onnx.__version__}", opset, attributes, inputs, dict(zip(made, results)))


def random_call(seed, opset):
    r = np.random.default_rng((seed, opset))
    kind = str(r.choice(list(TYPES)))
    drawn = _attributes(r, opset)
    inputs, attributes = _inputs(r, opset, kind, "is_causal" in drawn)
    return reference(f"random_{opset}_{seed}", opset, inputs, attributes | drawn)
