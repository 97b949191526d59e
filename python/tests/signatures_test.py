"""Signatures turn a problem into the calls that frameworks know, and decline what these cannot say."""

import ctypes
import pathlib
import sys

import numpy as np
import pytest

from attest import _arrays, calls, signatures
from attest._abi import CAUSAL

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from forwards import Made  # noqa: E402


def recorder(result=None):
    seen = {}

    def fn(*args, **kwargs):
        seen.update(kwargs, args=args)
        if result is not None:
            return result(*args)
        return np.zeros(args[0].shape, args[0].dtype)

    return fn, seen


def test_sdpa_passes_what_differs_from_its_defaults():
    fn, seen = recorder()
    Made(causal=1).ask("sdpa", fn)
    assert (seen.pop("is_causal"), seen.pop("args")[0].shape) == (True, (1, 2, 3, 4))
    assert seen == {}  # 0.5 is 1/sqrt(4)
    Made(scale=2.0, q=(1, 4, 3, 4)).ask("sdpa", fn)
    assert (seen["scale"], seen["enable_gqa"]) == (2.0, True)


def test_sdpa_has_one_mask_for_all_that_hides_keys():
    fn, seen = recorder()
    Made(causal=2, window_left=1).ask("sdpa", fn)
    assert "is_causal" not in seen
    assert seen["attn_mask"].astype(int).tolist() == [[[[0, 1, 1, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 1, 1]]]]
    bias = np.array([[[[1, 2, 3, 4, -np.inf]]]], "f4")
    Made(bias=bias, kv_lens=np.array([2], "i4")).ask("sdpa", fn)
    assert seen["attn_mask"][0, 0, 0].tolist() == [1, 2, -np.inf, -np.inf, -np.inf]


def test_sdpa_top_left_is_the_flag_only_where_nothing_else_hides():
    fn, seen = recorder()
    Made(causal=1, mask=np.ones((1, 1, 1, 5), "u1")).ask("sdpa", fn)
    assert seen["attn_mask"].astype(int)[0, 0].tolist() == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0]]


@pytest.mark.parametrize(
    "problem",
    [
        Made(softcap=3.0),
        Made(sink=np.zeros(2, "f4")),
        Made(alibi_slopes=np.ones(2, "f4")),
        Made(lse=True),
        Made(dtype="f2", bias=np.full((1, 1, 1, 5), 0.1, "f4")),
    ],
    ids=["softcap", "sink", "alibi", "lse", "bias that f16 does not hold"],
)
def test_sdpa_declines(problem):
    with pytest.raises(calls.Declined):
        problem.ask("sdpa", recorder()[0])


def test_a_function_without_the_parameter_declines():
    with pytest.raises(calls.Declined, match="no parameter scale"):
        Made(scale=2.0).ask("sdpa", lambda q, k, v, is_causal=False: q)


def test_flash_attn_has_its_axes_and_counts_from_the_end():
    fn, seen = recorder(lambda q, k, v: (q * 2, np.full((1, 2, 3), 7, "f4"), None))
    made = Made(causal=2, window_left=3, softcap=30.0, lse=True).ask("flash-attn", fn)
    assert seen["args"][1].shape == (1, 5, 2, 4)
    assert (seen["causal"], seen["window_size"], seen["softcap"]) == (True, (3, -1), 30.0)
    assert (made.arrays["out"] == 2 * made.arrays["q"]).all()
    assert (made.arrays["lse"] == 7).all()
    with pytest.raises(calls.Declined):
        Made(causal=1).ask("flash-attn", fn)
    Made(causal=1, q=(1, 2, 5, 4)).ask("flash-attn", recorder()[0])


def test_flash_attn_kvcache_has_the_lengths():
    fn, seen = recorder()
    Made(kv_lens=np.array([4], "i4")).ask("flash-attn-kvcache", fn)
    assert seen["cache_seqlens"].tolist() == [4]


def test_jax_counts_from_the_start():
    fn, seen = recorder()
    Made(causal=1, kv_lens=np.array([4], "i4")).ask("jax", fn)
    assert (seen["is_causal"], seen["key_value_seq_lengths"].tolist()) == (True, [4])
    with pytest.raises(calls.Declined):
        Made(causal=2).ask("jax", fn)


def test_attest_has_the_names_of_the_abi():
    fn, seen = recorder()
    Made(causal=2, window_right=0, sink=np.zeros(2, "f4")).ask("attest", fn)
    assert (seen["causal"], seen["window_right"], seen["scale"]) == ("bottom-right", 0, 0.5)
    assert "window_left" not in seen and seen["sink"].shape == (2,)


def test_outputs_in_place_have_a_status():
    def fn(q, k, v, *, out, lse, scale):
        out[...] = 3
        return 0

    assert (Made().ask("attest", fn).arrays["out"] == 3).all()


def test_a_result_is_stored_by_its_strides():
    made = Made()
    made.forward.out = ctypes.pointer(made.tensor(np.zeros((1, 2, 3, 4), "f4")))
    target = np.zeros((1, 3, 2, 4), "f4").swapaxes(1, 2)
    made.forward.out = ctypes.pointer(made.tensor(target))
    made.ask("sdpa", lambda q, k, v: q)
    assert (target == made.arrays["q"]).all()


def test_only_knows_its_features():
    problem = calls.Problem(Made().forward, _arrays.NumpyArrays(""), CAUSAL)
    with pytest.raises(ValueError, match="no feature colour"):
        problem.only("colour")


def test_the_framework_is_that_of_the_functions_module():
    def fn(q, k, v):
        return np.zeros(1)

    assert signatures.arrays_of(signatures.find("sdpa"), fn) == "numpy"
    assert signatures.arrays_of(signatures.find("flex"), fn) == "torch"
    assert "torch" not in sys.modules
