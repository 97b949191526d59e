#!/usr/bin/env python3
"""Causal attention in NumPy, as a command that attest runs. Start your own from it.

    attest check exec:'python3 examples/numpy_kernel.py {in_dir} {out_dir}'

docs/formats.md describes the files. The kernel is attend(); the rest reads and writes safetensors.
"""
import json
import os
import struct
import sys

import numpy as np

TYPES = {"F64": np.float64, "F32": np.float32, "F16": np.float16, "I32": np.int32, "U8": np.uint8}
SUPPORTED = {"q", "k", "v", "mask", "kv_lens"}


class Unsupported(Exception):
    """The case asks for something that this kernel does not do."""


def attend(texts, tensors):
    """(out, lse) of one case, computed in f64."""
    q, k, v = (tensors[name].astype(np.float64) for name in "qkv")  # [batch, heads, length, dim]
    k, v = (np.repeat(x, q.shape[1] // k.shape[1], axis=1) for x in (k, v))  # a key/value head for each group
    (batch, _, rows, _), keys = q.shape, k.shape[2]
    lens = tensors.get("kv_lens", np.full(batch, keys)).reshape(-1, 1, 1, 1)
    i, j = np.arange(rows)[:, None], np.arange(keys)
    last = {"none": keys, "top-left": i, "bottom-right": i + lens - rows}[texts["causal"]]
    visible = (j < lens) & (j <= last) & (tensors.get("mask", np.ones((1, 1, 1, keys))) != 0)
    scores = np.where(visible, float(texts["scale"]) * (q @ k.swapaxes(-1, -2)), -np.inf)
    top = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    weights = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = weights.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        lse = np.where(total > 0, np.log(total) + top, -np.inf)
    return weights / np.where(total > 0, total, 1) @ v, lse[..., 0]  # a row without visible keys: 0 and -inf


def answer(texts, tensors):
    """The tensors of the result."""
    extra = set(tensors) - SUPPORTED
    if extra or float(texts["softcap"]) != 0 or texts["window_left"] != "-1" or texts["window_right"] != "-1":
        raise Unsupported("no bias, sinks, ALiBi, softcap and windows")
    if not all(np.isfinite(tensors[name]).all() for name in "qkv"):
        raise Unsupported("no NaN and infinity: a masked one would reach the sums")
    out, lse = attend(texts, tensors)
    dtype = tensors["q"].dtype
    lse_dtype = np.float64 if dtype == np.float64 else np.float32
    return {"out": out.astype(dtype), "lse": lse.astype(lse_dtype)}


def read(path):
    """(texts, tensors) of a safetensors file."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    texts = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in TYPES:
            raise Unsupported("no " + entry["dtype"])
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + length + begin : 8 + length + end], TYPES[entry["dtype"]])
        tensors[name] = array.reshape(entry["shape"])
    return texts, tensors


def write(path, texts, tensors):
    names = {dtype: name for name, dtype in TYPES.items()}
    header, data = {"__metadata__": texts}, b""
    for name, array in tensors.items():
        begin, data = len(data), data + np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": names[array.dtype.type], "shape": array.shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main(source, target):
    for name in sorted(os.listdir(source)):
        try:
            texts, tensors = {}, answer(*read(os.path.join(source, name)))
        except Unsupported as why:
            texts, tensors = {"status": "unsupported", "reason": str(why)}, {}
        write(os.path.join(target, name), texts, tensors)


if __name__ == "__main__":
    main(*sys.argv[1:])
