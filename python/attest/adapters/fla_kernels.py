"""Attention in Triton of the package fla (PyPI fla-core).

What the documents promise (fla.ops.attn.parallel.parallel_attn): causal attention of one length; heads are grouped; a
window of w keys, the row's own included; a sink for each query head in the denominator. By its source, sums are
float32 and P has q's type.
"""

from __future__ import annotations

from attest.adapters._triton import require_plain
from attest.calls import Declined

import torch
from fla.ops.attn.parallel import parallel_attn  # after _triton, which turns the interpreter on


def parallel(q, k, v, *, scale, causal=None, window_left=None, sink=None):
    require_plain(q, k, v)
    if q.shape[2] != k.shape[2] or (causal is None and q.shape[2] > 1):
        raise Declined("always causal, with as many keys as rows")
    if q.shape[3] > 256:
        raise Declined("head dims above 256")
    window = None if window_left is None else min(window_left, k.shape[2]) + 1
    arrays = [torch.transpose(x, 1, 2) for x in (q, k, v)]
    return parallel_attn(*arrays, scale=scale, window_size=window, sink_bias=sink).transpose(1, 2)
