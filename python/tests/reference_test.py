"""attest.reference and attest.tolerance."""

import ml_dtypes
import numpy as np
import pytest
from support import attention, causal, normal

import attest


@pytest.mark.parametrize("lengths", [(5, 7, 8), (70, 90, 16)])  # by rows, and tile by tile
def test_reference_is_within_its_radius(lengths):
    rows, keys, dim = lengths
    q, k, v = normal(1, 2, 4, rows, dim), normal(2, 2, 2, keys, dim), normal(3, 2, 2, keys, dim)
    exact = attest.reference(q, k, v, causal="bottom-right")
    long = [x.astype(np.longdouble) for x in (q, np.repeat(k, 2, 1), np.repeat(v, 2, 1))]
    # attest reads 1 / sqrt(dim) as a double
    scores = np.einsum("bhid,bhjd->bhij", long[0], long[1]) * np.longdouble(1 / np.sqrt(dim))
    scores = np.where(causal(rows, keys, True), scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    total = weights.sum(-1, keepdims=True)
    out = np.einsum("bhij,bhjd->bhid", weights / total, long[2])
    lse = (np.log(total) + scores.max(-1, keepdims=True))[..., 0]
    own = 2.0**-55  # of these sums in long double, some 100 roundings of 2^-64 for numbers up to 8
    assert exact.out.shape == (2, 4, rows, dim) and exact.out.dtype == np.float64
    assert np.all(abs(exact.out - out) <= exact.radius + own)
    assert np.all(abs(exact.lse - lse) <= exact.lse_radius + own)
    assert 0 < exact.radius.max() < 1e-12 and 0 < exact.lse_radius.max() < 1e-11


def test_reference_keeps_layout_and_axes():
    q, k, v = (normal(n, 2, 3, 6, 8) for n in range(3))
    exact = attest.reference(q, k, v)
    moved = attest.reference(*(x.swapaxes(1, 2) for x in (q, k, v)), layout="bthd")
    np.testing.assert_array_equal(moved.out, exact.out.swapaxes(1, 2))
    np.testing.assert_array_equal(moved.lse, exact.lse)
    one = attest.reference(q[0, 0], k[0, 0], v[0, 0])
    np.testing.assert_array_equal(one.out, exact.out[0, 0])
    assert one.lse.shape == (6,)
    three = attest.reference(*(x[0].swapaxes(0, 1) for x in (q, k, v)), layout="bthd")
    np.testing.assert_array_equal(three.out, exact.out[0].swapaxes(0, 1))


def test_rows_without_a_key_and_inputs_that_are_not_finite():
    q, k, v = (normal(n, 1, 1, 4, 8) for n in range(3))
    visible = np.ones((4, 4), bool)
    visible[1] = False
    exact = attest.reference(q, k, v, attn_mask=visible)
    assert np.all(exact.out[0, 0, 1] == 0) and exact.lse[0, 0, 1] == -np.inf and np.all(exact.radius[0, 0, 1] == 0)
    sink = attest.reference(q, k, v, attn_mask=visible, sinks=[0.5])
    assert np.all(sink.out[0, 0, 1] == 0) and abs(sink.lse[0, 0, 1] - 0.5) <= sink.lse_radius[0, 0, 1]
    q[0, 0, 2, 3] = np.nan
    exact = attest.reference(q, k, v)
    assert np.all(np.isnan(exact.out[0, 0, 2])) and np.all(np.isinf(exact.radius[0, 0, 2]))
    assert np.all(np.isfinite(exact.out[0, 0, [0, 1, 3]]))


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("rows", [6, 80])
def test_tolerance_is_the_bound_of_judge(dtype, rows):
    q, k, v = (normal(n, 1, 2, rows, 16, dtype=dtype) for n in range(3))
    contract = {"float32": "f32", "float16": "flash-f16", "bfloat16": "flash-bf16"}[q.dtype.name]
    allowed = attest.tolerance(q, k, v, is_causal=True, contract=contract)
    assert np.all(allowed.bound > 0) and np.all(np.isfinite(allowed.bound))
    atol, rtol = allowed.allclose()
    assert np.all(allowed.bound <= atol + rtol * abs(allowed.expected))
    # Well outside the bound is wrong, and a correct kernel is within.
    out = attention(q, k, v, visible=causal(rows, rows))[0].astype(dtype)
    assert np.allclose(out.astype(np.float64), allowed.expected, atol=atol, rtol=rtol)
    wrong = (allowed.expected + 2 * allowed.bound * (1 + allowed.unit_roundoff)).astype(dtype)
    wrong[0, 0, 0] = out[0, 0, 0]  # one key: the values of v themselves
    found = attest.judge(wrong, q, k, v, is_causal=True, contract=contract)
    assert found.verdict == "defective" and found.certified == found.outputs
    # Twice the bound, and what rounding to the dtype adds.
    rounding = 2 * allowed.unit_roundoff * abs(wrong.astype(np.float64))
    assert 1.9 < found.max_ratio < 2.01 + (rounding / allowed.bound).max()


def test_contract_changes_the_tolerance():
    q, k, v = (normal(n, 1, 1, 6, 16) for n in range(3))
    f32 = attest.tolerance(q, k, v, contract="f32")
    narrow = attest.tolerance(q, k, v, contract="f32;output=f16")
    assert narrow.bound.max() > 100 * f32.bound.max()
    assert "f16" in narrow.contract
