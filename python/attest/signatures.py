"""How functions are called: a signature turns a Problem into the call that a function expects.

A signature is a function of the kernel and the problem that returns out, or (out, lse), with the axes that the problem
has: [batch, heads, length, dim]. Yours needs ten lines; name it with --signature MODULE:FUNCTION:

    def mine(fn, p):
        p.only("causal", "groups")                       # what is not named here is declined
        if p.has("causal") and not p.counts_from_start:
            p.decline("it counts positions from the first key")
        out = fn(p.q.swapaxes(1, 2), p.k.swapaxes(1, 2), p.v.swapaxes(1, 2), p.scale, p.causal is not None)
        return out.swapaxes(1, 2)

    mine.arrays = "torch"                                # numpy, torch or jax; guessed without it
"""

from __future__ import annotations

import functools
import inspect
import sys
import types

from attest.calls import Declined

# What a declaration of lengths by a mask means, see attest_forward.kv_lens: keys past the length may be read.
_BY_MASK = "attest's signature passes lengths as a mask"


@functools.lru_cache(maxsize=None)
def _parameters(fn):
    try:
        parameters = inspect.signature(fn).parameters.values()
    except (TypeError, ValueError):  # of a built-in function, which takes what its documents say
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return frozenset(p.name for p in parameters if p.kind is not p.POSITIONAL_ONLY)


def _set(fn, options):
    """The options that are set; declines where the function has no parameter for one."""
    known = _parameters(fn)
    given = {name: value for name, value in options.items() if value is not None}
    if known is not None and not known.issuperset(given):
        raise Declined(f"the function has no parameter {', '.join(sorted(set(given) - known))}")
    return given


def _call(fn, *arrays, **options):
    return fn(*arrays, **_set(fn, options))


def _bthd(p):
    return p.q.swapaxes(1, 2), p.k.swapaxes(1, 2), p.v.swapaxes(1, 2)


def _scale(p):
    return None if p.default_scale else p.scale


def sdpa(fn, p):
    """torch.nn.functional.scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale,
    enable_gqa). is_causal counts from the start; what else hides keys is a mask."""
    p.only("causal", "window", "mask", "bias", "kv_lens", "groups", "head dims")
    groups = True if p.has("groups") else None
    plain = not any(map(p.has, ("window", "mask", "bias", "kv_lens")))
    if plain and p.has("causal") and p.counts_from_start:
        return _call(fn, p.q, p.k, p.v, is_causal=True, scale=_scale(p), enable_gqa=groups)
    return _call(fn, p.q, p.k, p.v, attn_mask=p.attn_mask(), scale=_scale(p), enable_gqa=groups)


def _flash_options(p):
    if (p.has("causal") or p.has("window") or p.has("alibi_slopes")) and not p.counts_from_end:
        raise Declined("flash-attn counts positions from the last key")
    window = tuple(-1 if w < 0 else min(w, 2**31 - 1) for w in p.window)
    return {
        "softmax_scale": _scale(p),
        "causal": True if p.has("causal") else None,
        "window_size": window if p.has("window") else None,
        "softcap": p.softcap if p.has("softcap") else None,
        "alibi_slopes": p.alibi_slopes,
    }


def flash_attn(fn, p):
    """flash_attn_func(q, k, v, dropout_p, softmax_scale, causal, window_size, softcap, alibi_slopes, ...,
    return_attn_probs): axes [batch, length, heads, dim]; positions count from the end."""
    p.only("causal", "window", "softcap", "alibi_slopes", "groups", "lse")
    result = _call(fn, *_bthd(p), return_attn_probs=True if p.want_lse else None, **_flash_options(p))
    if p.want_lse:
        return result[0].swapaxes(1, 2), result[1]
    return result.swapaxes(1, 2)


def flash_attn_kvcache(fn, p):
    """flash_attn_with_kvcache(q, k_cache, v_cache, ..., cache_seqlens, softmax_scale, causal, window_size, softcap,
    alibi_slopes, return_softmax_lse), without new keys."""
    p.only("causal", "window", "softcap", "alibi_slopes", "kv_lens", "groups", "lse")
    lse = True if p.want_lse else None
    result = _call(fn, *_bthd(p), cache_seqlens=p.kv_lens, return_softmax_lse=lse, **_flash_options(p))
    if p.want_lse:
        return result[0].swapaxes(1, 2), result[1]
    return result.swapaxes(1, 2)


def flash_attn_varlen(fn, p):
    """flash_attn_varlen_func(q, k, v, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, max_seqlen_k, ...): the batches one
    after the other, keys past kv_lens left out."""
    import torch

    p.only("causal", "window", "softcap", "alibi_slopes", "kv_lens", "groups", "lse")
    q, k, v = _bthd(p)
    lens = p.kv_lens if p.has("kv_lens") else torch.full((p.batch,), p.kv_len, dtype=torch.int32)
    keys = [k[b, :n] for b, n in enumerate(lens.tolist())]
    values = [v[b, :n] for b, n in enumerate(lens.tolist())]
    ends = torch.nn.functional.pad(lens.cumsum(0, dtype=torch.int32), (1, 0))
    starts = torch.arange(p.batch + 1, dtype=torch.int32, device=q.device) * p.q_len
    if p.batch == 0:
        raise Declined("there is no batch to put together")
    packed = (q.reshape(-1, p.q_heads, p.qk_dim), torch.cat(keys), torch.cat(values))
    lengths = (starts, ends.to(q.device), p.q_len, int(lens.max()))
    result = _call(fn, *packed, *lengths, return_attn_probs=True if p.want_lse else None, **_flash_options(p))
    out = (result[0] if p.want_lse else result).reshape(p.batch, p.q_len, p.q_heads, p.v_dim).swapaxes(1, 2)
    if not p.want_lse:
        return out
    return out, result[1].reshape(p.q_heads, p.batch, p.q_len).swapaxes(0, 1)


def xformers(fn, p):
    """xformers.ops.memory_efficient_attention(query, key, value, attn_bias, p, scale): axes [batch, length, heads, dim],
    one head of keys a query head, and a tensor as attn_bias for all that hides keys."""
    p.only("causal", "window", "mask", "bias", "kv_lens", "head dims")
    mask = p.attn_mask(additive=True)
    if mask is not None:
        mask = mask.expand(p.batch, p.q_heads, p.q_len, p.kv_len)
    return _call(fn, *_bthd(p), attn_bias=mask, scale=_scale(p)).swapaxes(1, 2)


def jax(fn, p):
    """jax.nn.dot_product_attention(query, key, value, bias, mask, scale, is_causal, key_value_seq_lengths,
    local_window_size, return_residual): axes [batch, length, heads, dim]; positions count from the start."""
    p.only("causal", "window", "mask", "bias", "kv_lens", "groups", "lse")
    if (p.has("causal") or p.has("window")) and not p.counts_from_start:
        raise Declined("jax.nn.dot_product_attention counts positions from the start")
    if any(w < 0 for w in p.window) and p.has("window"):
        raise Declined("local_window_size limits both sides")
    if p.has("bias") and not p.bias.dtype == p.q.dtype:
        raise Declined("the bias has the type of the queries")
    result = _call(
        fn,
        *_bthd(p),
        bias=p.bias,
        mask=p.mask,
        scale=_scale(p),
        is_causal=True if p.has("causal") else None,
        key_value_seq_lengths=p.kv_lens,
        local_window_size=p.window if p.has("window") else None,
        return_residual=True if p.want_lse else None,
    )
    if p.want_lse:
        return result[0].swapaxes(1, 2), result[1].swapaxes(1, 2)
    return result.swapaxes(1, 2)


def flex(fn, p):
    """torch.nn.attention.flex_attention.flex_attention(query, key, value, score_mod, block_mask, scale, enable_gqa,
    return_lse): softcap, bias and ALiBi are a score_mod; what hides keys is the mask of a block_mask."""
    from attest._flex import block_mask, score_mod

    p.only("causal", "window", "mask", "bias", "softcap", "alibi_slopes", "kv_lens", "groups", "lse", "head dims")
    return _call(
        fn,
        p.q,
        p.k,
        p.v,
        score_mod=score_mod(p),
        block_mask=block_mask(p),
        scale=_scale(p),
        enable_gqa=True if p.has("groups") else None,
        return_lse=True if p.want_lse else None,
    )


_INPUTS = ("bias", "mask", "alibi_slopes", "sink", "kv_lens")


def attest(fn, p):
    """Keyword arguments by the names of attest_forward in include/attest/kernel.h, each where the problem has it:
    causal is "top-left" or "bottom-right", lse is True. A function with a parameter out writes out (and lse, an
    array) in place, and returns None or a status."""
    causal = p.causal if p.has("causal") else None
    left, right = p.window
    options = {
        "scale": p.scale,
        "causal": causal,
        "softcap": p.softcap if p.has("softcap") else None,
        "window_left": left if left >= 0 else None,
        "window_right": right if right >= 0 else None,
    }
    options.update((name, getattr(p, name)) for name in _INPUTS if p.has(name))
    if "out" not in (_parameters(fn) or ()):
        return _call(fn, p.q, p.k, p.v, lse=True if p.want_lse else None, **options)
    out, lse = p.outputs()
    status = fn(p.q, p.k, p.v, out=out, lse=lse, **_set(fn, options))
    return 0 if status is None else status


sdpa.kv_lens_by_mask = xformers.kv_lens_by_mask = flex.kv_lens_by_mask = jax.kv_lens_by_mask = _BY_MASK
flash_attn.arrays = flash_attn_kvcache.arrays = flash_attn_varlen.arrays = "torch"
flex.arrays = xformers.arrays = "torch"
jax.arrays = "jax"

SIGNATURES = {
    "sdpa": sdpa,
    "flash-attn": flash_attn,
    "flash-attn-kvcache": flash_attn_kvcache,
    "flash-attn-varlen": flash_attn_varlen,
    "xformers": xformers,
    "jax": jax,
    "flex": flex,
    "attest": attest,
}


def find(name):
    """The signature of this name, or module:function."""
    if name in SIGNATURES:
        return SIGNATURES[name]
    from attest import specs

    module, colon, function = name.rpartition(":")
    if not colon:
        raise ValueError(f"there is no signature '{name}'; there are: {', '.join(SIGNATURES)}, and module:function")
    return specs.attribute(specs.load(module), function)


def arrays_of(signature, fn):
    """The framework of a function's arrays: what its signature says, else the one that its module uses."""
    named = getattr(signature, "arrays", None)
    if named:
        return named
    fn = inspect.unwrap(getattr(fn, "func", fn))
    frameworks = ("torch", "jax", "numpy")
    own = (getattr(fn, "__module__", None) or "").split(".")[0]
    if own in frameworks:
        return own
    used = {
        value.__name__.split(".")[0] for value in getattr(fn, "__globals__", {}).values() if isinstance(value, types.ModuleType)
    }
    for framework in frameworks:
        if framework in used:
            return framework
    return next((framework for framework in ("torch", "jax") if framework in sys.modules), "numpy")
