"""score_mod and block_mask of flex_attention for a problem's features. They close over tensors and numbers only, which is
what torch.compile can trace."""

from __future__ import annotations

import torch
from torch.nn.attention.flex_attention import create_block_mask


def _broadcast(array):
    """The index of a broadcast axis is 0: the axis is multiplied away."""
    factors = [1 if n > 1 else 0 for n in array.shape]
    return lambda b, h, i, j: array[b * factors[0], h * factors[1], i * factors[2], j * factors[3]]


def _position(p):
    """The position of row i of batch b."""
    if p.causal == "top-left":
        return lambda b, i: i
    if not p.has("kv_lens"):
        offset = p.kv_len - p.q_len
        return lambda b, i: i + offset
    offsets = p.kv_lens - p.q_len
    return lambda b, i: i + offsets[b]


def _all(conditions):
    def met(b, h, i, j):
        kept = j >= 0
        for condition in conditions:
            kept = kept & condition(b, h, i, j)
        return kept

    return met


def score_mod(p):
    """softcap, then the bias, then ALiBi, as include/attest/kernel.h orders them; None for none."""
    at = _position(p)
    steps = []
    if p.has("softcap"):
        cap = p.softcap
        steps.append(lambda score, b, h, i, j: cap * torch.tanh(score / cap))
    if p.has("bias"):
        bias = _broadcast(p.bias)
        steps.append(lambda score, b, h, i, j: score + bias(b, h, i, j))
    if p.has("alibi_slopes"):
        slopes = p.alibi_slopes
        steps.append(lambda score, b, h, i, j: score - slopes[h] * (at(b, i) - j).abs())
    if not steps:
        return None

    def modify(score, b, h, i, j):
        for step in steps:
            score = step(score, b, h, i, j)
        return score

    return modify


def block_mask(p):
    """All that hides keys; None for nothing."""
    if not any(map(p.has, ("causal", "window", "mask", "kv_lens"))):
        return None
    if p.batch * p.q_heads * p.q_len * p.kv_len == 0:
        p.decline("create_block_mask takes no empty mask")
    at = _position(p)
    conditions = []
    if p.has("kv_lens"):
        lens = p.kv_lens
        conditions.append(lambda b, h, i, j: j < lens[b])
    if p.causal is not None:
        conditions.append(lambda b, h, i, j: j <= at(b, i))
    left, right = (min(limit, 1 << 40) for limit in p.window)
    if left >= 0:
        conditions.append(lambda b, h, i, j: j >= at(b, i) - left)
    if right >= 0:
        conditions.append(lambda b, h, i, j: j <= at(b, i) + right)
    if p.has("mask"):
        conditions.append(_broadcast(p.mask))
    return create_block_mask(_all(conditions), p.batch, p.q_heads, p.q_len, p.kv_len, device=p.q.device)
