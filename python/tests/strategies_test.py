"""Hypothesis strategies draw valid problems; recorded calls are what attest check reads."""

import subprocess

import numpy as np
import pytest
from hypothesis import find, given, settings

import attest
from attest import campaign, strategies


@settings(max_examples=200, deadline=None)
@given(strategies.problems(dtypes=("f32", "f16")))
def test_problems_are_valid(problem):
    q, k, v = problem.q, problem.k, problem.v
    assert q.shape[1] % k.shape[1] == 0
    assert k.shape[:3] == v.shape[:3] and q.shape[0] == k.shape[0] and q.shape[3] == k.shape[3]
    assert q.dtype == k.dtype == v.dtype and q.dtype in (np.float32, np.float16)
    assert np.isfinite(q).all() and all(-1 <= w <= k.shape[2] for w in problem.window)
    assert problem.mask is None or problem.mask.shape == (q.shape[0], 1, q.shape[2], k.shape[2])


def test_problems_shrink_to_small_ones():
    found = find(strategies.problems(), lambda problem: problem.k.shape[2] >= 5)
    assert found.k.shape == (1, 1, 5, 1) and found.q.shape == (1, 1, 1, 1) and found.mask is None


def test_an_unknown_dtype_is_an_error():
    with pytest.raises(ValueError, match="no dtype f8; there are: f64, f32, f16"):
        find(strategies.problems(dtypes=("f8",)), lambda problem: True)


def mean(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
    """Right for q = 0: the mean of the visible values."""
    rows, keys = query.shape[2], key.shape[2]
    seen = np.tri(rows, keys) if is_causal else np.ones((rows, keys))
    return (seen / seen.sum(-1, keepdims=True) @ value).astype(query.dtype)


def arrays():
    random = np.random.default_rng(1)
    return np.zeros((1, 2, 6, 4), "f4"), *(random.standard_normal((1, 2, 6, 4)).astype("f4") for _ in "kv")


def check(*paths):
    command = [campaign.executable(), "check", *map(str, paths), "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, cwd=paths[0].parent)


def test_captured_calls_are_judged_as_they_were(tmp_path):
    recorded = attest.capture(mean, tmp_path / "calls", limit=2)
    q, k, v = arrays()
    first = recorded(q, k, v, is_causal=True)
    assert (first == mean(q, k, v, is_causal=True)).all()
    recorded(q, k, v, dropout_p=0.5)  # has no one right result
    recorded(q, k, v)
    recorded(q, k, v)
    assert (recorded.written, recorded.left_out) == (2, 1)
    files = sorted((tmp_path / "calls").iterdir())
    assert [file.name for file in files] == ["mean-0001.safetensors", "mean-0002.safetensors"]
    assert check(*files).returncode == 0


def test_a_wrong_call_is_found_in_its_capture(tmp_path):
    recorded = attest.capture(lambda q, k, v, **how: mean(q, k, v), tmp_path, limit=1)
    recorded(*arrays(), is_causal=True)  # it sees every key
    assert check(*tmp_path.iterdir()).returncode == 1


def test_captures_hold_the_call_before_it_changes(tmp_path):
    def spoils(q, k, v):
        out = mean(q, k, v)
        v *= 0
        return out

    attest.capture(spoils, tmp_path)(*arrays())
    assert check(*tmp_path.iterdir()).returncode == 0


def test_an_unknown_signature_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no signature 'mine' of calls; there are: sdpa, flash-attn"):
        attest.capture(mean, tmp_path, signature="mine")
