"""Attention in a few lines of NumPy, and inputs for it."""

import numpy as np


def normal(seed, *shape, dtype=np.float32):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def attention(q, k, v, scale=None, visible=None, bias=None, softcap=0.0, sinks=None):
    """[batch, heads, length, dim] in float64, and lse. `visible` and `bias` broadcast to [b, h, rows, keys]."""
    q, k, v = (np.asarray(x).astype(np.float64) for x in (q, k, v))
    group = q.shape[1] // k.shape[1]
    k, v = np.repeat(k, group, axis=1), np.repeat(v, group, axis=1)
    scores = q @ k.swapaxes(-1, -2) * (q.shape[-1] ** -0.5 if scale is None else scale)
    if softcap:
        scores = softcap * np.tanh(scores / softcap)
    if bias is not None:
        scores = scores + bias
    if visible is not None:
        scores = np.where(visible, scores, -np.inf)
    sink = np.full((q.shape[1], 1, 1), -np.inf) if sinks is None else np.asarray(sinks, np.float64)[:, None, None]
    top = np.maximum(scores.max(axis=-1, keepdims=True, initial=-np.inf), sink)
    top = np.where(np.isfinite(top), top, 0)
    weights = np.exp(scores - top)
    total = weights.sum(axis=-1, keepdims=True) + np.exp(sink - top)
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.where(total > 0, weights @ v / total, 0)
        return out, (np.log(total) + top)[..., 0]


def causal(rows, keys, bottom_right=False):
    return np.tril(np.ones((rows, keys), bool), keys - rows if bottom_right else 0)
