"""Attention of PyTorch, each implementation by itself.

What the documents promise (https://docs.pytorch.org/docs/stable/generated/
torch.nn.functional.scaled_dot_product_attention.html): softmax(q k^T scale + mask) v, is_causal counts from the first
key, attn_mask is boolean (True takes part) or added to the scores; results of backends may differ by rounding. The
backends for the CPU are the math one, in C++, and flash attention.
"""

from __future__ import annotations

import functools
import sys

import torch
import torch._dynamo
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.flex_attention import flex_attention

from attest.calls import Declined

torch.set_grad_enabled(False)
# Every shape is a compilation, and after eight PyTorch would give up.
torch._dynamo.config.recompile_limit = torch._dynamo.config.accumulated_recompile_limit = 1 << 30


def _backend(backend, query, key, value, options):
    try:
        with sdpa_kernel(backend):
            return torch.nn.functional.scaled_dot_product_attention(query, key, value, **options)
    except RuntimeError as error:
        # PyTorch's own word for what a backend does not take; the reasons are warnings before it.
        if "No available kernel" in str(error) or "No viable backend" in str(error):
            raise Declined(str(error)) from error
        raise


def sdpa_math(query, key, value, **options):
    return _backend(SDPBackend.MATH, query, key, value, options)


def sdpa_flash(query, key, value, **options):
    return _backend(SDPBackend.FLASH_ATTENTION, query, key, value, options)


def flex(query, key, value, **options):
    """Without torch.compile, which would otherwise trace every shape and mask anew."""
    module = sys.modules[flex_attention.__module__]
    module._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG = True
    try:
        return flex_attention(query, key, value, **options)
    finally:
        module._FLEX_ATTENTION_DISABLE_COMPILE_DEBUG = False


@functools.lru_cache(maxsize=1)
def _compiled():
    return torch.compile(flex_attention, dynamic=False)


def flex_compiled(query, key, value, **options):
    try:
        return _compiled()(query, key, value, **options)
    except torch._inductor.exc.InductorError as error:
        # PyTorch's own word for what the compiler does not take on the CPU: return_lse.
        if "is not supported yet" in str(error):
            raise Declined(str(error).splitlines()[0]) from error
        raise


@functools.lru_cache(maxsize=64)
def _selecting_mha(heads, dim, dtype):
    """A MultiheadAttention whose projections select q, k and v from one input: heads of 4 dim channels, of which the
    first hold q, k or v and the others 0. Multiplications by 0, 1 and 2 and sums with 0 are exact. MultiheadAttention
    divides by sqrt(4 dim), hence the 2."""
    wide = 4 * dim
    module = torch.nn.MultiheadAttention(heads * wide, heads, bias=True, batch_first=True, dtype=dtype).eval()
    rows = (torch.arange(heads)[:, None] * wide + torch.arange(dim)).reshape(-1)
    weight = torch.zeros(3, heads * wide, heads * wide, dtype=dtype)
    for part, factor in ((0, 2), (1, 1), (2, 1)):
        weight[part, rows, rows + part * dim] = factor
    module.in_proj_weight.copy_(weight.reshape(-1, heads * wide))
    module.in_proj_bias.zero_()
    module.out_proj.weight.copy_(torch.eye(heads * wide, dtype=dtype))
    module.out_proj.bias.zero_()
    return module


def _underflows_in_linear(x):
    return x.dtype == torch.bfloat16 and bool(((x != 0) & (x.abs() < 2.0**-100)).any())


def mha_fast_path(q, k, v, *, scale, causal=None, kv_lens=None):
    """nn.MultiheadAttention's fast path, which needs query, key and value to be one tensor."""
    batch, heads, length, dim = q.shape
    if q.shape != k.shape or q.shape != v.shape or q.dtype != k.dtype:
        raise Declined("the fast path takes one tensor as query, key and value")
    if 0 in q.shape or scale != dim**-0.5:
        raise Declined("the scale is 1/sqrt(dim), and nothing is empty")
    if causal is not None and kv_lens is not None:
        raise Declined("the fast path takes one mask")
    if kv_lens is not None and (kv_lens == 0).any():
        raise Declined("a row that sees no key is not defined")  # it is NaN, docs/findings.md
    if any(map(_underflows_in_linear, (q, k, v))):
        raise Declined("the projections would lose numbers near the subnormal ones")  # docs/findings.md
    parts = torch.cat([q, k, v, torch.zeros_like(q)], dim=3)
    if not torch.isfinite(parts).all():
        raise Declined("the projections would spread what is not finite")
    x = parts.transpose(1, 2).reshape(batch, length, heads * 4 * dim)
    options = {}
    if causal is not None:
        options = {"attn_mask": torch.ones(length, length, dtype=torch.bool).triu(1), "is_causal": True}
    if kv_lens is not None:
        options = {"key_padding_mask": torch.arange(length)[None, :] >= kv_lens[:, None]}
    out, _ = _selecting_mha(heads, dim, q.dtype)(x, x, x, need_weights=False, **options)
    return out.reshape(batch, length, heads, 4 * dim)[..., :dim].transpose(1, 2)


