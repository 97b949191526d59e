"""score_mod and block_mask of flex_attention for a problem's features."""

from __future__ import annotations

import torch
from torch.nn.attention.flex_attention import create_block_mask


def _broadcast(array):
    """The index of a broadcast axis is 0."""
    limits = [n - 1 for n in array.shape]

    def at(*index):
        return array[tuple(torch.clamp(torch.as_tensor(i), max=n) for i, n in zip(index, limits))]

    return at


def _position(p):
    offset = 0 if p.causal == "top-left" else p.kv_len - p.q_len
    if p.causal == "top-left" or not p.has("kv_lens"):
        return lambda b, i: i + offset
    return lambda b, i: i + p.kv_lens[b] - p.q_len


def score_mod(p):
    """softcap, then the bias, then ALiBi, as include/attest/kernel.h orders them; None for none."""
    if not any(map(p.has, ("softcap", "bias", "alibi_slopes"))):
        return None
    at = _position(p)
    bias = _broadcast(p.bias) if p.has("bias") else None

    def modify(score, b, h, i, j):
        if p.has("softcap"):
            score = p.softcap * torch.tanh(score / p.softcap)
        if bias is not None:
            score = score + bias(b, h, i, j)
        if p.has("alibi_slopes"):
            score = score - p.alibi_slopes[h] * (at(b, i) - j).abs()
        return score

    return modify


def block_mask(p):
    if not any(map(p.has, ("causal", "window", "mask", "kv_lens"))):
        return None
    if p.batch * p.q_heads * p.q_len * p.kv_len == 0:
        p.decline("create_block_mask takes no empty mask")
    at = _position(p)
    mask = _broadcast(p.mask) if p.has("mask") else None
    left, right = p.window

    def seen(b, h, i, j):
        kept = j >= 0
        if p.has("kv_lens"):
            kept = kept & (j < p.kv_lens[b])
        if p.causal is not None:
            kept = kept & (j <= at(b, i))
        if left >= 0:
            kept = kept & (j >= at(b, i) - min(left, 1 << 40))
        if right >= 0:
            kept = kept & (j <= at(b, i) + min(right, 1 << 40))
        return kept if mask is None else kept & mask(b, h, i, j)

    return create_block_mask(seen, p.batch, p.q_heads, p.q_len, p.kv_len, device=p.q.device)
