"""Triton kernels of packages, in Triton's interpreter: each feature against the definition, and what attest found in
them, without attest (docs/findings.md)."""

import pathlib
import sys

import numpy as np
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from forwards import Made  # noqa: E402

from attest import calls, specs  # noqa: E402
from attest.adapters import _triton  # noqa: E402

import torch  # noqa: E402
from conch.ops.attention.varlen_attention import varlen_attention  # noqa: E402

SQUARE = {"q": (2, 4, 6, 8), "kv": (2, 2, 6, 8)}
LENS = np.array([4, 9], "i4")


def ask(named, **features):
    made = Made(arrays="torch", **features)
    spec = specs.parse(named)
    made.ask(spec.signature, specs.attribute(specs.load(spec.module), spec.function))
    return made


@pytest.mark.parametrize(
    "features",
    [{}, {"window_left": 0}, {"window_left": 2}, {"sink": np.array([0.5, 1, -1, 2], "f4")}],
    ids=lambda features: " ".join(features),
)
def test_fla_computes_every_feature(features):
    made = ask("triton:fla-parallel", causal=1, **SQUARE, **features)
    out, lse = made.expected()
    if "sink" in features:
        out = out / (1 + np.exp(features["sink"].reshape(1, -1, 1) - lse))[..., None]
    np.testing.assert_allclose(made.arrays["out"], out, atol=2e-5)


@pytest.mark.parametrize(
    "features",
    [
        {},
        {"causal": 1},
        {"kv": (2, 1, 37, 8)},
        {"kv": (2, 1, 37, 8), "kv_lens": LENS},
        {"q": (2, 4, 1, 8), "kv": (2, 1, 37, 8), "causal": 2},
    ],
    ids=lambda features: " ".join(features),
)
def test_conch_computes_every_feature(features):
    made = ask("triton:conch-varlen", **{**SQUARE, **features})
    np.testing.assert_allclose(made.arrays["out"], made.expected()[0], atol=2e-5)


def test_what_they_do_not_take_is_declined():
    for named, features in (
        ("triton:fla-parallel", SQUARE),
        ("triton:fla-parallel", {"q": (1, 1, 3, 8), "kv": (1, 1, 5, 8), "causal": 2}),
        ("triton:conch-varlen", {"q": (1, 1, 3, 8), "kv": (1, 1, 5, 8), "causal": 2}),
        ("triton:conch-varlen", {**SQUARE, "dtype": "f8"}),
        ("triton:conch-varlen", {**SQUARE, "softcap": 3.0}),
    ):
        with pytest.raises(calls.Declined):
            ask(named, **features)
    ones = torch.ones(1, 1, 1, 8, dtype=torch.bfloat16)
    with pytest.raises(calls.Declined, match="bfloat16"):
        _triton.require_plain(ones, ones, ones)


def conch(q, k, v, **options):
    """One sequence over pages of 16 keys; q [rows, dim], k and v [keys, dim], keys a multiple of 16 or fewer."""
    rows, keys = len(q), len(k)
    pages = -(-keys // 16)
    cache = [torch.zeros(16 * pages, 1, x.shape[1], dtype=x.dtype) for x in (k, v)]
    for page, x in zip(cache, (k, v)):
        page[:keys, 0] = x
    cache = [page.reshape(pages, 16, 1, -1) for page in cache]
    starts, lens = torch.tensor([0, rows], dtype=torch.int32), torch.tensor([keys], dtype=torch.int32)
    table = torch.arange(pages, dtype=torch.int32)[None]
    return varlen_attention(q[:, None], *cache, starts, rows, lens, keys, table, scale=1.0, **options)[:, 0]


def test_a_causal_row_of_conch_sees_all_of_a_cache_alone_and_its_beginning_beside_another():
    """The last of four positions: the same query sees four keys by itself, and two beside the one before it."""
    k, v = torch.zeros(4, 16), torch.eye(4, 16)
    alone = conch(torch.zeros(1, 16), k, v, causal=True)[0]
    assert torch.equal(alone[:4], torch.full((4,), 0.25))
    two = conch(torch.zeros(2, 16), k, v, causal=True)
    assert torch.equal(two[:, :4], torch.tensor([[1, 0, 0, 0], [0.5, 0.5, 0, 0]]))


def test_conch_adds_up_in_the_outputs_type():
    """One key of weight 1 and value 0, then pages whose weights add up to 4.4e-4. In f16 1 + 4.4e-4 is 1, so the
    denominator never hears of them."""
    k, v = torch.zeros(1024, 16, dtype=torch.float16), torch.ones(1024, 16, dtype=torch.float16)
    k[1:16, 0], k[16:, 0], v[0] = -30, -10.5, 0
    q = torch.eye(1, 16, dtype=torch.float16)
    exact = 1008 * np.exp(-10.5) / (1 + 1008 * np.exp(-10.5))
    assert float(conch(q, k, v)[0, 0]) > 1.02 * exact
    assert abs(float(conch(*(x.float() for x in (q, k, v)))[0, 0]) - exact) < 1e-6


def test_conch_reads_the_channels_of_a_query_as_adjacent():
    """The last output of a query with strides [1, 2] is not written at all."""
    q, k, v = torch.zeros(2, 2), torch.zeros(1, 2), torch.tensor([[0.0, 1.0]])
    assert [float(conch(q, k, x * v)[1, 1]) for x in (1, 3, 5)] == [1, 3, 5]
    assert [float(conch(q.T, k, x * v)[1, 1]) for x in (1, 3, 5)] != [1, 3, 5]
