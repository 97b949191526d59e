"""What adapters to Triton kernels share. Without a GPU they run in Triton's interpreter."""

from __future__ import annotations

import os

import torch

from attest.calls import Declined

if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")  # Triton reads it when a kernel is defined, so this comes first
INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"

torch.set_grad_enabled(False)


def require_plain(q, k, v):
    if q.dtype == torch.float64 or q.dtype != k.dtype:
        raise Declined("one type for q, k and v, of at most 32 bits")
    if 0 in q.shape or 0 in k.shape or 0 in v.shape:
        raise Declined("nothing is empty")
    if INTERPRETED and q.dtype == torch.bfloat16:
        # https://triton-lang.org/main/programming-guide/chapter-3/debugging.html, "Limitations"
        raise Declined("Triton's interpreter has no operations on bfloat16")
