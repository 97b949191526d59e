#!/usr/bin/env python3
"""PyTorch's scaled_dot_product_attention, as a command that attest runs.

    attest check exec:'/usr/bin/python3 kernels/pytorch_sdpa.py {in_dir} {out_dir}'

The first argument is one case ({in}) or a folder of cases, the second where the results go, under the same names. A
case is a safetensors file with the tensors of attest_forward (include/attest/kernel.h) and its scalars as strings in
__metadata__: "scale", "softcap", "window_left", "window_right", "want_lse", and "causal" (0, 1, 2 or none, top-left,
bottom-right). A result has the tensor "out", or no tensor and the status "unsupported" with the reason in
__metadata__.

Declined, since the function does not express it: softcap, sinks, lse, k and v of another type than q, a bias that q's
type does not hold, and, before PyTorch 2.1, which has no scale argument, any scale but 1/sqrt(qk_dim). Also rows that
see no key: the document says nothing of them, and the function gives NaN. Causality is the function's own is_causal
where it is top-left and nothing else is masked ("torch.ones(L, S).tril(diagonal=0)"), else part of attn_mask.

Needs torch (Debian: python3-torch). Exit: 0 done, 2 a case could not be read, 69 no torch.
"""

import json
import math
import os
import struct
import sys

EXIT_NO_TORCH = 69
SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I32": 4, "U8": 1}
CODES = {"F64": "d", "F32": "f", "F16": "e", "I32": "i", "U8": "B"}
CAUSAL = {"0": "none", "1": "top-left", "2": "bottom-right"}
READ = {"q", "k", "v", "mask", "bias", "alibi_slopes", "kv_lens"}


class Unsupported(Exception):
    """The case is none that the function expresses."""


class Tensor:
    """dtype as safetensors names it, shape, row-major little-endian bytes."""

    def __init__(self, dtype, shape, data):
        self.dtype, self.shape, self.data = dtype, shape, data

    def values(self):
        """Elements as Python numbers; not for bf16."""
        count = math.prod(self.shape)
        return struct.unpack(f"<{count}{CODES[self.dtype]}", self.data)


def read_safetensors(path):
    """(metadata, tensors by name); ValueError names what is wrong with a file that is none."""
    with open(path, "rb") as file:
        content = file.read()
    if len(content) < 8:
        raise ValueError(f"{path}: shorter than a safetensors header")
    (length,) = struct.unpack("<Q", content[:8])
    if length > len(content) - 8:
        raise ValueError(f"{path}: its header of {length} bytes is longer than the file")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        data = content[8 + length + begin : 8 + length + end]
        size = SIZES.get(entry["dtype"])
        if size is None or len(data) != size * math.prod(entry["shape"]):
            raise ValueError(f"{path}: tensor {name} is {entry['dtype']} {entry['shape']} in {len(data)} bytes")
        tensors[name] = Tensor(entry["dtype"], entry["shape"], data)
    return metadata, tensors


def write_safetensors(path, metadata, tensors):
    """Writes a sibling first, so that a reader never sees half a file."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(tensor.data)],
        }
        data += tensor.data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    os.replace(path + ".part", path)


class Case:
    """A problem: its extents, scalars, and which key a row sees."""

    def __init__(self, metadata, tensors):
        self.tensors = tensors
        q, k, v = (tensors[name] for name in "qkv")
        self.batch, self.q_heads, self.q_len, self.qk_dim = q.shape
        self.kv_heads, self.kv_len, self.v_dim = k.shape[1], k.shape[2], v.shape[3]
        self.scale = float(metadata.get("scale", 1))
        self.softcap = float(metadata.get("softcap", 0))
        self.window = tuple(int(metadata.get(f"window_{side}", -1)) for side in ("left", "right"))
        causal = metadata.get("causal", "none")
        self.causal = CAUSAL.get(causal, causal.replace("_", "-"))
        self.lens = tensors["kv_lens"].values() if "kv_lens" in tensors else (self.kv_len,) * self.batch
        self.mask = tensors["mask"].values() if "mask" in tensors else None
        self.bias = tensors["bias"].values() if "bias" in tensors else None
        self.slopes = tensors["alibi_slopes"].values() if "alibi_slopes" in tensors else None

    def position(self, b, i):
        return i if self.causal == "top-left" else i + self.lens[b] - self.q_len

    def element(self, name, b, h, i, j):
        """Of a [batch|1, q_heads|1, q_len|1, kv_len] tensor."""
        shape = self.tensors[name].shape
        index = 0
        for extent, at in zip(shape, (b, h, i, j)):
            index = index * extent + (0 if extent == 1 else at)
        return (self.mask if name == "mask" else self.bias)[index]

    def visible(self, b, h, i, j):
        at, (left, right) = self.position(b, i), self.window
        if j >= self.lens[b] or (self.causal != "none" and j > at):
            return False
        if (left >= 0 and j < at - left) or (right >= 0 and j > at + right):
            return False
        if self.mask is not None and self.element("mask", b, h, i, j) == 0:
            return False
        return self.bias is None or self.element("bias", b, h, i, j) > -math.inf

    def added(self, b, h, i, j):
        """What is added to a score: -inf where the key is not visible."""
        if not self.visible(b, h, i, j):
            return -math.inf
        term = 0.0 if self.bias is None else self.element("bias", b, h, i, j)
        return term if self.slopes is None else term - self.slopes[h] * abs(self.position(b, i) - j)

    def only_causal(self):
        """Top-left causality is all that is masked."""
        others = (self.mask, self.bias, self.slopes)
        return (
            self.causal == "top-left"
            and all(other is None for other in others)
            and self.window == (-1, -1)
            and all(n == self.kv_len for n in self.lens)
        )

    def masked(self):
        others = (self.mask, self.bias, self.slopes)
        return (
            self.causal != "none"
            or any(other is not None for other in others)
            or self.window != (-1, -1)
            or any(n != self.kv_len for n in self.lens)
        )


def why_unsupported(case, metadata):
    """None for what the function expresses, as far as it does not depend on the version."""
    tensors = case.tensors
    if case.softcap != 0:
        return "no softcap"
    unread = sorted(set(tensors) - READ)
    if unread:
        return f"no {unread[0]}"
    if metadata.get("want_lse", "0") in ("1", "true"):
        return "no lse"
    if tensors["q"].dtype != tensors["k"].dtype:
        return "q, k and v have one type"
    if 0 in (case.batch, case.q_len, case.kv_len):
        return "nothing to attend to"
    return None


def attention_mask(torch, case):
    """[batch, q_heads, q_len, kv_len] of q's type, or None."""
    if not case.masked() or case.only_causal():
        return None
    rows = []
    for b in range(case.batch):
        for h in range(case.q_heads):
            for i in range(case.q_len):
                row = [case.added(b, h, i, j) for j in range(case.kv_len)]
                if max(row) == -math.inf:
                    raise Unsupported("a row without visible keys")
                rows.append(row)
    exact = torch.tensor(rows, dtype=torch.float64)
    mask = exact.to(torch_type(torch, case.tensors["q"].dtype))
    if case.slopes is None and not torch.equal(mask.to(torch.float64), exact):
        raise Unsupported("a bias that q's type does not hold")
    return mask.reshape(case.batch, case.q_heads, case.q_len, case.kv_len)


def torch_type(torch, dtype):
    return {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}[dtype]


def to_torch(torch, tensor):
    flat = torch.frombuffer(bytearray(tensor.data), dtype=torch_type(torch, tensor.dtype))
    return flat.reshape(tensor.shape)


def to_bytes(torch, tensor):
    return bytes(tensor.contiguous().flatten().view(torch.uint8).tolist())


def attend(torch, case):
    q, k, v = (to_torch(torch, case.tensors[name]) for name in "qkv")
    if case.kv_heads != case.q_heads:
        group = case.q_heads // case.kv_heads
        k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)
    mask, causal = attention_mask(torch, case), case.only_causal()
    usual = 1 / math.sqrt(case.qk_dim)
    function = getattr(torch.nn.functional, "scaled_dot_product_attention", None)
    if function is not None and version_of(torch) >= (2, 1):
        return function(q, k, v, attn_mask=mask, is_causal=causal, scale=case.scale)
    if case.scale != usual:
        raise Unsupported("no scale argument")
    if function is not None:
        return function(q, k, v, attn_mask=mask, is_causal=causal)
    private = torch._C._nn._scaled_dot_product_attention  # 1.13, which returns the weights too
    return private(q, k, v, mask, 0.0, False, causal)[0]


def version_of(torch):
    return tuple(int(part) for part in torch.__version__.split("+")[0].split(".")[:2])


def run_case(torch, source, target):
    metadata, tensors = read_safetensors(source)
    try:
        case = Case(metadata, tensors)
        reason = why_unsupported(case, metadata)
        if reason is not None:
            raise Unsupported(reason)
        try:
            out = attend(torch, case)
        except RuntimeError as error:  # '"baddbmm" not implemented for 'Half''
            if "not implemented" not in str(error):
                raise
            raise Unsupported(str(error)) from error
        shape = [case.batch, case.q_heads, case.q_len, case.v_dim]
        result = Tensor(tensors["q"].dtype, shape, to_bytes(torch, out))
        write_safetensors(target, {"version": torch.__version__}, {"out": result})
    except Unsupported as why:
        write_safetensors(target, {"status": "unsupported", "reason": str(why)}, {})


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 64
    try:
        import torch
    except ImportError:
        print("pytorch_sdpa.py: there is no torch for this Python; Debian: apt-get install python3-torch, and run it "
              "with /usr/bin/python3", file=sys.stderr)
        return EXIT_NO_TORCH
    torch.set_num_threads(1)
    source, target = arguments
    pairs = [(source, target)]
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
        pairs = [(os.path.join(source, name), os.path.join(target, name)) for name in sorted(os.listdir(source))]
    try:
        for one, other in pairs:
            run_case(torch, one, other)
    except (OSError, ValueError, KeyError) as error:
        print(f"pytorch_sdpa.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
