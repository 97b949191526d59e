"""What signatures pass to frameworks means what kernel.h says: each feature against the definition, in float64."""

import pathlib
import sys

import numpy as np
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from forwards import Made  # noqa: E402

from attest import specs  # noqa: E402

TORCH = ("torch:sdpa-math", "torch:sdpa-flash", "torch:mha-fast-path", "torch:flex")
MASK = (np.arange(15).reshape(1, 1, 3, 5) % 4 != 3).astype("u1")
BIAS = np.linspace(-2, 2, 15, dtype="f4").reshape(1, 1, 3, 5)
LENS = np.array([4], "i4")
SLOPES = np.array([0.5, 0.25], "f4")
SQUARE = {"q": (2, 2, 6, 4), "kv": (2, 2, 6, 4)}


def close(named, made, tolerance=2e-5):
    spec = specs.parse(named)
    made.ask(spec.signature, specs.attribute(specs.load(spec.module), spec.function))
    out, lse = made.expected()
    np.testing.assert_allclose(made.arrays["out"], out, atol=tolerance)
    if "lse" in made.arrays:
        np.testing.assert_allclose(made.arrays["lse"], lse, atol=tolerance)


@pytest.mark.parametrize("named", TORCH)
def test_torch_computes_plain_and_causal_attention(named):
    close(named, Made(arrays="torch", **SQUARE))
    close(named, Made(arrays="torch", causal=1, **SQUARE))


@pytest.mark.parametrize("named", ("torch:sdpa-math", "torch:sdpa-flash"))
@pytest.mark.parametrize(
    "features",
    [{"mask": MASK}, {"bias": BIAS}, {"mask": MASK, "bias": BIAS}, {"causal": 2, "window_left": 1}, {"kv_lens": LENS}, {"scale": 2.0}],
    ids=lambda features: " ".join(features),
)
def test_sdpa_masks_by_every_feature(named, features):
    close(named, Made(arrays="torch", **features))


@pytest.mark.parametrize(
    "features",
    [
        {"softcap": 3.0},
        {"bias": BIAS, "softcap": 3.0},
        {"alibi_slopes": SLOPES},
        {"alibi_slopes": SLOPES, "causal": 2, "kv_lens": LENS},
        {"mask": MASK, "window_left": 3, "lse": True},
    ],
    ids=lambda features: " ".join(features),
)
def test_flex_has_scores_and_masks(features):
    close("torch:flex", Made(arrays="torch", **features))


def test_heads_are_grouped():
    close("torch:sdpa-math", Made(arrays="torch", q=(1, 4, 3, 4)))
    close("torch:flex", Made(arrays="torch", q=(1, 4, 3, 4), causal=1))
    close("jax:xla", Made(arrays="jax", q=(1, 4, 3, 4)))


@pytest.mark.parametrize(
    "features",
    [{}, {"causal": 1}, {"kv_lens": LENS}, {"mask": MASK}, {"bias": BIAS}, {"lse": True, "scale": 1.5}, {"window_left": 1, "window_right": 0, **SQUARE}],
    ids=lambda features: " ".join(features),
)
def test_jax_computes_every_feature(features):
    close("jax:xla", Made(arrays="jax", **features))


def test_varlen_packs_what_kv_lens_leaves():
    """flash_attn_varlen_func by its documents, in PyTorch."""
    import torch

    from attest import signatures

    def varlen(q, k, v, cu_q, cu_k, max_q, max_k, softmax_scale=None, causal=False):
        outs = []
        for b in range(len(cu_q) - 1):
            rows, keys = slice(cu_q[b], cu_q[b + 1]), slice(cu_k[b], cu_k[b + 1])
            n, m = rows.stop - rows.start, keys.stop - keys.start
            assert n <= max_q and m <= max_k
            mask = torch.ones(n, m, dtype=torch.bool).tril(m - n) if causal else None
            parts = (x.transpose(0, 1) for x in (q[rows], k[keys], v[keys]))
            out = torch.nn.functional.scaled_dot_product_attention(*parts, attn_mask=mask, scale=softmax_scale)
            outs.append(out.transpose(0, 1))
        return torch.cat(outs)

    made = Made(arrays="torch", q=(2, 2, 3, 4), kv=(2, 2, 5, 4), causal=2, kv_lens=np.array([5, 4], "i4"), scale=0.7)
    made.ask("flash-attn-varlen", varlen)
    np.testing.assert_allclose(made.arrays["out"], made.expected()[0], atol=2e-5)
    assert "flash-attn-varlen" in signatures.SIGNATURES


def test_xformers_has_a_tensor_for_all_that_hides():
    """memory_efficient_attention by its documents, in PyTorch."""
    import torch

    def memory_efficient(query, key, value, attn_bias=None, scale=None):
        parts = (x.transpose(1, 2) for x in (query, key, value))
        return torch.nn.functional.scaled_dot_product_attention(*parts, attn_mask=attn_bias, scale=scale).transpose(1, 2)

    for features in ({"causal": 2}, {"bias": BIAS, "mask": MASK}, {}):
        made = Made(arrays="torch", **features)
        made.ask("xformers", memory_efficient)
        np.testing.assert_allclose(made.arrays["out"], made.expected()[0], atol=2e-5)


def test_bf16_crosses_in_both_directions():
    import ml_dtypes
    import torch

    from attest import _arrays

    values = np.array([[1.5, -2.0], [0.25, 3.0]], ml_dtypes.bfloat16)
    for arrays, kind in (("torch", torch.bfloat16), ("jax", "bfloat16"), ("numpy", ml_dtypes.bfloat16)):
        framework = _arrays.FRAMEWORKS[arrays]("")
        out = np.zeros((2, 2), ml_dtypes.bfloat16)
        array = framework.array(Made.bf16(values))
        assert array.dtype == kind
        framework.store(array * 2, Made.bf16(out), "out")
        assert (out == values * 2).all()
