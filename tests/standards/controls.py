"""Which vectors can show a wrong declaration: those whose exact output under it is far from the recorded one."""

import numpy as np

import contracts
import dense
import wrong_declarations

# In terms of the largest value: ten times what a result may be off by at these sizes (16 channels, 18 keys, weights
# that differ little), which is a few units of the type's rounding; scores of 16-bit types are rounded before exp.
FAR = {"float64": 1e-4, "float32": 1e-4, "float16": 0.05, "bfloat16": 0.4}


def far_apart(capture, out, kind=None):
    """Whether the exact output of the capture is far from the given one, which was rounded to `kind` on the way."""
    c = dict(capture)
    if c.pop("layout", "bhtd") == "bthd":
        for name in ("q", "k", "v", "out"):
            c[name] = c[name].swapaxes(1, 2)
        out = out.swapaxes(1, 2)
    with np.errstate(invalid="ignore"):
        off = np.abs(dense.attention(c) - out.astype(float))
    largest = np.nanmax(np.abs(np.where(np.isinf(c["v"].astype(float)), 0, c["v"].astype(float))), initial=0)
    return bool((off > FAR[kind or out.dtype.name] * largest).any())


def can_show(call, capture):
    """Whether the output of the call is far from the exact one, its softmax being as coarse as it is."""
    softmax = contracts.ONNX_TYPE.get(call.attributes.get("softmax_precision"))
    out = capture["out"]
    kind = max((k for k in (softmax, out.dtype.name) if k), key=FAR.get)
    return far_apart(capture, out, kind)


def wrong_captures(name, capture):
    """{(kind, name): capture} of the wrong declarations that the vector can show. `capture` has four axes."""
    made = {}
    for kind, change in wrong_declarations.KINDS.items():
        wrong = change(capture)
        if wrong is not None and far_apart(wrong, wrong["out"]):
            made[f"{name}.{kind}"] = wrong
    return made
