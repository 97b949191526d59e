"""attest.watch judges sampled calls of a running program and keeps what it finds."""

import subprocess
import types

import numpy as np
import pytest
from support import attention, normal

import attest
from attest import campaign


def right(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None):
    visible = np.tri(query.shape[2], key.shape[2], dtype=bool) if is_causal else None
    return attention(query, key, value, scale, visible)[0].astype(query.dtype)


def wrong(query, key, value, **options):
    return right(query, key, value)  # sees every key


def calls(function, times, **watching):
    owner = types.SimpleNamespace(attention=function)
    with attest.watch(owner, "attention", rows=None, **watching) as seen:
        for n in range(times):
            owner.attention(normal(n, 1, 2, 5, 4), normal(n + 1, 1, 2, 5, 4), normal(n + 2, 1, 2, 5, 4), is_causal=True)
            while not seen.idle:
                pass
    assert owner.attention is function
    return seen


def test_right_calls_are_judged_and_pass(tmp_path):
    seen = calls(right, 5, every=2, folder=tmp_path)
    assert (seen.calls, seen.judged, seen.findings, seen.left_out) == (5, 3, [], 0)
    assert not list(tmp_path.iterdir())
    assert repr(seen) == "attention: 5 calls, 3 judged, 0 defective, 0 dropped, 0 not judged"


def test_a_wrong_call_is_kept_for_attest_check(tmp_path):
    seen = calls(wrong, 2, every=1, folder=tmp_path / "found")
    assert [judgement.verdict for judgement in seen.findings] == ["defective", "defective"]
    command = [campaign.executable(), "check", *seen.files, "--quiet"]
    assert subprocess.run(command, capture_output=True, cwd=tmp_path).returncode == 1


def test_calls_return_what_they_return(tmp_path):
    owner = types.SimpleNamespace(attention=lambda *args, **kwargs: "nothing to judge")
    with attest.watch(owner, "attention", folder=tmp_path) as seen:
        assert owner.attention(1, b=2) == "nothing to judge"
    assert (seen.calls, seen.judged, seen.left_out) == (1, 0, 1)


def test_an_unknown_signature_is_an_error():
    with pytest.raises(ValueError, match="no signature 'mine' of calls"):
        attest.watch(np, "dot", signature="mine")
