"""Under which contract ONNX's results are judged: how its reference in NumPy rounds (onnx/reference/ops/op_attention.py).

onnx 1.23 computes everything in the type of Q, T1, and the softmax in softmax_precision where that is given. Up to 1.22
the scale is a float64, which NumPy 2 takes for the type of all that follows: only the result is rounded to T1.
"""

import numpy as np

import dense

# Half the distance from 1 to the next number, half the distance from 0 to the next, and the least exponent that exp
# does not turn into 0.
UNIT = {"float64": 2.0**-53, "float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8}
TINY = {"float64": 2.0**-1075, "float32": 2.0**-150, "float16": 2.0**-25, "bfloat16": 2.0**-134}
DEEPEST = {"float64": 746, "float32": 105, "float16": 18, "bfloat16": 94}
NAME = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
ONNX_TYPE = {1: "float32", 10: "float16", 11: "float64", 16: "bfloat16"}
# NumPy's exp and tanh err by at most 4 units in the last place; 16-bit types compute in f32 and round.
LIBRARY_UNITS = 8


# As its adapter declares (src/kernel/adapters/onnxruntime/contracts.hpp).
RUNTIME = {
    "float32": "f32;unfused=true;division=reciprocal;score.biased=f32",
    "float16": "unfused-f16;division=reciprocal",
    "float64": "f64;unfused=true;score_scale=sqrt-both;tanh_rel=1.8e-15;tanh_abs=1.8e-15",
}


def by_runtime(call):
    return call.source.startswith("onnxruntime")


def rounds_everything(call):
    """Whether the reference rounds each step to T1."""
    return not by_runtime(call) and call.source not in ("onnx 1.18.0", "onnx 1.22.0")


def scale_of(call, dim):
    """The factor of q.k. The attribute is a float32 and so is its root; the function body casts the root to T1."""
    scale = call.attributes.get("scale")
    root = np.sqrt(np.float32(scale)) if scale else np.sqrt(1 / np.sqrt(dim))
    if by_runtime(call) and not scale:  # the function body computes it in float32
        root = np.sqrt(np.float32(1) / np.sqrt(np.float32(dim)))
    if rounds_everything(call):
        root = call.inputs["Q"].dtype.type(root)
    return float(root) ** 2


def _spread(plain):
    """The largest difference between the maximum of a row and a score that it sees."""
    seen, s = dense.visible(plain), dense.scores(plain)
    top = np.where(seen, s, -np.inf).max(axis=-1, keepdims=True, initial=-np.inf)
    apart = np.where(seen, np.where(top == -np.inf, 0, top) - s, 0)
    return float(apart.max(initial=0))


def softmax_fields(kind, spread):
    """A softmax whose every step is rounded to a type.

    The shifted score x - max rounds by u |x - max|, which moves its exponential by as much, relative; scores that are
    off by 3 % at most spread 1.05 times as far.
    """
    u = UNIT[kind]
    units = LIBRARY_UNITS if kind in ("float32", "float64") else 2
    exp_rel = u * (units + 1.05 * min(spread, DEEPEST[kind]))
    return f";accumulate_denominator={NAME[kind]};exp_rel={exp_rel:.17g};exp_abs={2 * TINY[kind]:.17g}"


def contract_of(call, plain):
    """`plain`: the call's capture with four axes."""
    kind = call.inputs["Q"].dtype.name
    softmax = ONNX_TYPE.get(call.attributes.get("softmax_precision"), kind)
    if by_runtime(call) and kind != "float64":  # its kernel takes no notice of softmax_precision
        return RUNTIME[kind]
    if not by_runtime(call) and not rounds_everything(call):
        return {"float16": "flash-f16", "bfloat16": "flash-bf16"}.get(kind, NAME[kind])
    if kind in ("float32", "float64"):
        text = RUNTIME[kind] if by_runtime(call) else f"{NAME[kind]};score_scale=sqrt-both;unfused=true"
        if UNIT[softmax] > UNIT[kind]:
            text += f";score.biased={NAME[softmax]};probability={NAME[softmax]}"
            text += softmax_fields(softmax, _spread(plain))
        return text
    # q * scale, k * scale, their product, the softcap's quotient, tanh and product, and the biased score are all rounded.
    u = UNIT[kind]
    text = f"unfused-{NAME[kind]};score_scale=sqrt-both;q_conversion={NAME[kind]};k_conversion={NAME[kind]}"
    text += f";tanh_rel={3 * u:.17g};tanh_abs={2 * TINY[kind]:.17g}"
    if UNIT[softmax] >= u:
        text += softmax_fields(softmax, _spread(plain))
    if UNIT[softmax] > u:
        text += f";score.biased={NAME[softmax]};probability={NAME[softmax]}"
    return text
