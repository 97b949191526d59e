"""Hypothesis strategies: attention problems for properties of your own.

    @given(attest.strategies.problems(dtypes=("f32",)))
    def test_mine(problem):
        out = my_attention(problem.q, problem.k, problem.v, is_causal=problem.causal is not None)
        attest.assert_attention(out, problem.q, problem.k, problem.v, causal=problem.causal)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

_DTYPES = {"f64": np.float64, "f32": np.float32, "f16": np.float16}
# Ordinary numbers, and those that break kernels: zeros, equal keys, one large score.
_FILLS = ("normal", "zeros", "equal", "large", "one-hot")


@dataclass(frozen=True)
class Problem:
    """Arrays of NumPy, [batch, heads, length, dim]; causal is None, "top-left" or "bottom-right"; window is (left, right),
    -1 for no limit; mask is boolean or None."""

    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    scale: float
    causal: str | None
    window: tuple
    mask: np.ndarray | None

    def __repr__(self):
        q, k, v = (f"{list(x.shape)}" for x in (self.q, self.k, self.v))
        return f"Problem(q={q} {self.q.dtype}, k={k}, v={v}, scale={self.scale:g}, causal={self.causal}, window={self.window})"


def _filled(seed, shape, fill):
    values = np.random.default_rng(seed).standard_normal(shape)
    if fill == "zeros":
        values[:] = 0
    elif fill == "equal" and len(shape) == 4:
        values[:] = values[:, :, :1]
    elif fill == "large":
        values *= 30
    elif fill == "one-hot":
        values = (np.arange(shape[-1]) == np.arange(shape[-2])[:, None] % max(shape[-1], 1)) * np.ones(shape)
    return values


@st.composite
def problems(draw, *, dtypes=("f32",), batch=3, heads=4, length=32, dims=(1, 4, 8, 16, 64), causal=True, windows=True, masks=True):
    """Valid problems that shrink to small ones. batch, heads and length are largest values; dims the head dims to draw
    from; causal, windows and masks whether problems may have them. q_len and kv_len are drawn apart, and groups of query
    heads share keys. ValueError for an unknown dtype.
    """
    unknown = set(dtypes) - set(_DTYPES)
    if unknown:
        raise ValueError(f"no dtype {', '.join(sorted(unknown))}; there are: {', '.join(_DTYPES)}")
    dtype = _DTYPES[draw(st.sampled_from(dtypes))]
    b = draw(st.integers(1, batch))
    kv_heads = draw(st.integers(1, heads))
    groups = draw(st.integers(1, max(1, heads // kv_heads)))
    q_len, kv_len = draw(st.integers(1, length)), draw(st.integers(1, length))
    dim, v_dim = draw(st.sampled_from(dims)), draw(st.sampled_from(dims))
    seed = draw(st.integers(0, 2**32 - 1))
    shapes = ((b, kv_heads * groups, q_len, dim), (b, kv_heads, kv_len, dim), (b, kv_heads, kv_len, v_dim))
    q, k, v = (_filled(seed + n, shape, draw(st.sampled_from(_FILLS))).astype(dtype) for n, shape in enumerate(shapes))
    limits = st.integers(-1, kv_len)
    window = (draw(limits), draw(limits)) if windows and draw(st.booleans()) else (-1, -1)
    mask = None
    if masks and draw(st.booleans()):
        mask = np.random.default_rng(seed + 3).random((b, 1, q_len, kv_len)) < 0.7
    return Problem(
        q=q,
        k=k,
        v=v,
        scale=dim**-0.5,
        causal=draw(st.sampled_from([None, "top-left", "bottom-right"])) if causal else None,
        window=window,
        mask=mask,
    )
