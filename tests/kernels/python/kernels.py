"""Kernels in Python, right and wrong, for the tests of attest's Python worker. NumPy only."""

import ctypes
import functools
import os
import subprocess
import sys

import numpy as np


def right(q, k, v, attn_mask=None, is_causal=False, scale=None):
    wide = np.float64 if q.dtype == np.float64 else np.float32
    s = (q.astype(wide) @ k.astype(wide).swapaxes(-1, -2)) * wide(scale if scale is not None else q.shape[-1] ** -0.5)
    if is_causal:
        i, j = np.ogrid[: q.shape[2], : k.shape[2]]
        s = np.where(j <= i, s, -np.inf)
    if attn_mask is not None:
        s = np.where(attn_mask, s, -np.inf) if attn_mask.dtype == bool else s + attn_mask.astype(wide)
    m = s.max(-1, keepdims=True, initial=-np.inf)
    e = np.exp(s - np.where(np.isfinite(m), m, 0))
    total = e.sum(-1, keepdims=True)
    return ((e / np.where(total == 0, 1, total)) @ v.astype(wide)).astype(q.dtype)


def raises(q, k, v, **options):
    raise ValueError("out of registers")


def declines(q, k, v):
    raise NotImplementedError("not today")


def changes_q(q, k, v, is_causal=False):
    q *= q.dtype.type(2)
    return right(q, k, v, is_causal=is_causal)


def crashes(q, k, v):
    ctypes.string_at(8)


def crashes_on_long(q, k, v):
    if k.shape[2] > 16:
        ctypes.string_at(8)
    return right(q, k, v)


def reads_past_k(q, k, v):
    ctypes.string_at(k.ctypes.data + k.nbytes)


def hangs(q, k, v):
    while True:
        pass


def exits(q, k, v):
    os._exit(3)


def leaves(q, k, v):
    sys.exit(3)


def flat(q, k, v):
    return right(q, k, v)[0]


def double(q, k, v):
    return right(q, k, v).astype(np.float64)


def connects(q, k, v):
    import socket

    try:
        socket.socket(socket.AF_INET)
    except OSError:
        pass
    return right(q, k, v)


def in_place(q, k, v, *, out, lse, scale, causal=None):
    """By the names of kernel.h, outputs in place: twice the first query is what tells it apart."""
    out[...] = 2 * q[..., :1]
    if lse is not None:
        lse[...] = scale


def stride_of_q(q, k, v, *, scale, **others):
    """The strides of q and the number of its keyword arguments, in elements, as the output."""
    out = np.zeros(q.shape[:3] + v.shape[3:], q.dtype)
    out[0, 0, 0, :4] = [s // q.itemsize for s in q.strides]
    return out


calls = 0


def counts(q, k, v):
    """How many calls this interpreter has answered."""
    global calls
    calls += 1
    return np.full(q.shape[:3] + v.shape[3:], calls, q.dtype)


def bhtd(fn, p):
    """A signature of one's own: everything but the scale is declined."""
    p.only("causal")
    return fn(p.q, p.k, p.v)


not_a_function = 3


@functools.cache
def _start_a_program():
    subprocess.run([sys.executable, "-S", "-c", "import faulthandler; faulthandler.enable()"], check=True)


def starts_a_program(q, k, v, attn_mask=None, is_causal=False, scale=None):
    """As just-in-time compilers do, once; fails where the program is ended from outside."""
    _start_a_program()
    return right(q, k, v, attn_mask, is_causal, scale)
