"""Calls of other people's attention, seen from outside: what was asked, what came back, and a file of both."""

from __future__ import annotations

import inspect
import json
import struct

import numpy as np

# Parameters in their order, with the defaults of the documents.
_SIGNATURES = {
    "sdpa": ["query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale", "enable_gqa"],
    "flash-attn": ["q", "k", "v", "dropout_p", "softmax_scale", "causal", "window_size", "softcap", "alibi_slopes"],
}
_FORMATS = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "uint8": "U8", "bool": "BOOL"}


class Unjudgeable(Exception):
    """A call that has no one right result, such as one with dropout."""


def known(signature):
    if signature not in _SIGNATURES:
        raise ValueError(f"no signature '{signature}' of calls; there are: {', '.join(_SIGNATURES)}")
    return signature


def asked(signature, args, kwargs):
    """The arguments of attest.judge for a call, without out. Arrays are copies."""
    names = _SIGNATURES[signature]
    given = {**dict(zip(names, args)), **kwargs}
    if given.get("dropout_p"):
        raise Unjudgeable("dropout is on")
    q, k, v = (copied(given[name]) for name in names[:3])
    scale = given.get("scale" if signature == "sdpa" else "softmax_scale")
    call = {"query": q, "key": k, "value": v, "scale": None if scale is None else float(scale)}
    if signature == "sdpa":
        mask = given.get("attn_mask")
        call["attn_mask"] = None if mask is None else copied(mask)
        call["is_causal"] = bool(given.get("is_causal", False))
        return call
    slopes = given.get("alibi_slopes")
    call["layout"] = "bthd"
    call["causal"] = "bottom-right" if given.get("causal") else "none"
    call["window"] = tuple(given.get("window_size") or (-1, -1))
    call["softcap"] = float(given.get("softcap") or 0)
    call["alibi_slopes"] = None if slopes is None else copied(slopes)
    return call


def copied(array):
    """A copy on the host that later changes of the array do not reach."""
    if hasattr(array, "detach"):
        return array.detach().cpu().clone()
    return np.array(array)


def _numpy(array):
    """The elements as NumPy has them, bf16 as 16 bits, and their type in a safetensors file."""
    if hasattr(array, "detach"):
        import torch

        name = str(array.dtype).removeprefix("torch.")
        array = array.contiguous()
        made = (array.view(torch.int16) if name == "bfloat16" else array).numpy()
    else:
        made = np.ascontiguousarray(array)
        name = made.dtype.name
    if name not in _FORMATS:
        raise Unjudgeable(f"a capture holds no {name}")
    return made, _FORMATS[name]


def write_capture(path, call, out):
    """The call and its result as a safetensors file for `attest check` (docs/formats.md)."""
    tensors = {"q": call["query"], "k": call["key"], "v": call["value"], "out": copied(out)}
    mask = call.get("attn_mask")
    if mask is not None:
        tensors["mask" if "bool" in str(mask.dtype) else "bias"] = mask.reshape((1,) * (4 - mask.ndim) + tuple(mask.shape))
    if call.get("alibi_slopes") is not None:
        tensors["alibi_slopes"] = call["alibi_slopes"]
    q = call["query"]
    if q.ndim != 4:
        raise Unjudgeable(f"a capture has four axes; the query has {q.ndim}")
    left, right = call.get("window", (-1, -1))
    texts = {
        "scale": repr(q.shape[3] ** -0.5 if call["scale"] is None else call["scale"]),
        "causal": call.get("causal") or ("top-left" if call.get("is_causal") else "none"),
        "window_left": str(left),
        "window_right": str(right),
        "softcap": repr(call.get("softcap", 0.0)),
        "layout": call.get("layout", "bhtd"),
    }
    header, blocks, at = {"__metadata__": texts}, [], 0
    for name, tensor in tensors.items():
        values, kind = _numpy(tensor)
        block = values.tobytes()
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [at, at + len(block)]}
        blocks.append(block)
        at += len(block)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def first(result):
    """out, of a function that may return more."""
    return result[0] if isinstance(result, tuple) else result


def name_of(fn):
    return getattr(inspect.unwrap(fn), "__name__", "attention")
