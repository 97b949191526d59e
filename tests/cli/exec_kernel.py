"""An attention kernel that is a command: cases in, results out, both safetensors. For the tests of exec:.

Usage: exec_kernel.py FAULT IN OUT, where IN and OUT are files or folders of files with the same names, and FAULT is
none, late (one key too far), exits, writes-nothing or garbage.
"""
import json
import math
import os
import struct
import sys

FORMATS = {"F32": ("f", 4), "F64": ("d", 8)}


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    texts = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] not in FORMATS:
            return texts, None
        code, size = FORMATS[entry["dtype"]]
        begin, end = entry["data_offsets"]
        values = struct.unpack("<%d%s" % ((end - begin) // size, code), data[8 + length + begin : 8 + length + end])
        tensors[name] = (entry["dtype"], entry["shape"], values)
    return texts, tensors


def write(path, texts, tensors):
    header, data = {"__metadata__": texts}, b""
    for name, (dtype, shape, values) in tensors.items():
        packed = struct.pack("<%d%s" % (len(values), FORMATS[dtype][0]), *values)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def attend(texts, tensors, fault):
    """Top-left or bottom-right causal or full attention of one dtype; None for what it does not support."""
    if tensors is None or set(tensors) != {"q", "k", "v"} or len({t[0] for t in tensors.values()}) != 1:
        return None
    if texts["want_lse"] == "1" or texts["window_left"] != "-1" or texts["window_right"] != "-1":
        return None
    if float(texts["softcap"]) != 0:
        return None
    (dtype, (batch, heads, rows, dim), q), (_, (_, kv_heads, keys, _), k), (_, (_, _, _, v_dim), v) = (
        tensors["q"],
        tensors["k"],
        tensors["v"],
    )
    if batch * heads * rows * keys * (dim + v_dim) > 20000:
        return None
    scale, causal = float(texts["scale"]), texts["causal"]
    out = []
    for b in range(batch):
        for h in range(heads):
            at = (b * kv_heads + h // (heads // kv_heads)) * keys
            for i in range(rows):
                last = {"none": keys, "top-left": i, "bottom-right": i + keys - rows}[causal]
                last += 1 if fault == "late" and causal != "none" else 0
                row = q[((b * heads + h) * rows + i) * dim :][:dim]
                seen = range(0, max(0, min(keys, last + 1)))
                scores = [scale * math.fsum(x * y for x, y in zip(row, k[(at + j) * dim :][:dim])) for j in seen]
                top = max(scores, default=0)
                weights = [math.exp(s - top) for s in scores]
                total = math.fsum(weights)
                for c in range(v_dim):
                    sum_ = math.fsum(w * v[(at + j) * v_dim + c] for w, j in zip(weights, seen))
                    out.append(sum_ / total if total else 0.0)
    return {"out": (dtype, [batch, heads, rows, v_dim], out)}


def answer(fault, source, target):
    texts, tensors = read(source)
    if fault == "exits":
        sys.exit("no device")
    if fault == "writes-nothing":
        return
    if fault == "garbage":
        with open(target, "wb") as file:
            file.write(b"not tensors")
        return
    result = attend(texts, tensors, fault)
    write(target, {"status": "unsupported"} if result is None else {}, result or {})


if __name__ == "__main__":
    wrong, given, wanted = sys.argv[1:]
    if os.path.isdir(given):
        for file_name in sorted(os.listdir(given)):
            answer(wrong, os.path.join(given, file_name), os.path.join(wanted, file_name))
    else:
        answer(wrong, given, wanted)
