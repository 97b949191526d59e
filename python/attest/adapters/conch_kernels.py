"""Attention in Triton of the package conch (PyPI conch-triton-kernels).

What the documents promise (conch.ops.attention.varlen_attention): queries of many lengths over a paged cache, causal or
not, with a softcap. They do not say which keys a causal row sees where the cache holds more keys than there are
queries: one query sees all of them, several count from the first key (docs/findings.md).
"""

from __future__ import annotations

from attest.adapters._triton import INTERPRETED, require_plain
from attest.calls import Declined

import torch
from conch.ops.attention.varlen_attention import varlen_attention  # after _triton, which turns the interpreter on

_PAGE = 16


def _paged(x, pages):
    """[batch, heads, keys, dim] as [batch * pages, page, heads, dim]. What lies beyond the keys is NaN: it is unread."""
    batch, heads, keys, dim = x.shape
    cache = torch.full((batch, pages * _PAGE, heads, dim), float("nan"), dtype=x.dtype, device=x.device)
    cache[:, :keys] = x.transpose(1, 2)
    return cache.reshape(batch * pages, _PAGE, heads, dim)


def _is_conchs(causal, rows, keys, kv_lens):
    """Whether conch's causality is the one that is asked for."""
    if causal is None or (rows == keys and kv_lens is None):
        return True
    return causal == ("bottom-right" if rows == 1 else "top-left")


def varlen(q, k, v, *, scale, causal=None, softcap=0.0, kv_lens=None):
    require_plain(q, k, v)
    batch, heads, rows, dim = q.shape
    keys = k.shape[2]
    if v.shape[3] != dim:
        raise Declined("one head dim")
    if not _is_conchs(causal, rows, keys, kv_lens):
        raise Declined("causal rows count from the first key, unless there is one row")
    if softcap != 0 and INTERPRETED:
        raise Declined("its tanh is a function of CUDA's libdevice")
    pages = -(-keys // _PAGE)
    whole = {"dtype": torch.int32, "device": q.device}
    out = varlen_attention(
        q.transpose(1, 2).reshape(batch * rows, heads, dim).contiguous(),  # docs/findings.md
        _paged(k, pages),
        _paged(v, pages),
        torch.arange(batch + 1, **whole) * rows,
        rows,
        torch.full((batch,), keys, **whole) if kv_lens is None else kv_lens.to(torch.int32),
        keys,
        torch.arange(batch * pages, **whole).reshape(batch, pages),
        causal=causal is not None,
        scale=scale,
        softcap=softcap,
    )
    return out.reshape(batch, rows, heads, dim).transpose(1, 2)
