"""Wrong use ends in one TypeError or ValueError that says what was expected, and never in a crash."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import attention, normal

import attest

Q, K, V = (normal(n, 2, 4, 5, 8) for n in range(3))
OUT = attention(Q, K, V)[0].astype(np.float32)


class Raises:
    def __dlpack__(self, **options):
        raise OSError("the device is gone")

    def __dlpack_device__(self):
        return (1, 0)


class Lies(Raises):
    def __dlpack__(self, **options):
        return "no capsule"


def judged(**changes):
    given = {"out": OUT, "query": Q, "key": K, "value": V} | changes
    return attest.judge(**given)


def repeated(*shape):
    return np.lib.stride_tricks.as_strided(np.ones(1, np.float32), shape, [0] * len(shape))


WRONG = [
    ({"query": None}, TypeError, "query is None"),
    ({"query": [[1.0, 2.0]]}, TypeError, "query is a list, expected"),
    ({"key": "keys"}, TypeError, "key is 'keys', expected"),
    ({"value": Raises()}, TypeError, "value is .*Raises, expected"),
    ({"value": Lies()}, TypeError, "value is .*Lies, expected"),
    ({"query": Q.astype(np.int64)}, TypeError, "query is int64, expected float64, float32"),
    ({"query": Q.astype(complex)}, TypeError, "query is complex128, expected"),
    ({"query": Q.astype(object)}, TypeError, "its elements are objects"),
    ({"query": np.ma.masked_array(Q)}, TypeError, "masked array"),
    ({"query": np.float32(1)}, ValueError, "expected 2 to 4 axes"),
    ({"query": np.array(1, np.float32)}, ValueError, r"query has shape \[\], expected 2 to 4 axes: \[batch, heads"),
    ({"query": Q[None]}, ValueError, "expected 2 to 4 axes"),
    ({"key": K[0]}, ValueError, "key has 3 axes, expected 4"),
    ({"out": OUT[0]}, ValueError, "out has 3 axes, expected 4"),
    ({"out": OUT[:, :, :4]}, ValueError, r"out has shape \[2, 4, 4, 8\], expected .*= \[2, 4, 5, 8\]"),
    ({"out": OUT.astype(np.float64)}, ValueError, "out is f64, expected f32"),
    ({"out": OUT.astype(ml_dtypes.float8_e5m2)}, TypeError, "out is float8_e5m2, expected"),
    ({"out": None}, TypeError, "out is None"),
    ({"key": K[:, :3], "value": V[:, :3]}, ValueError, "kv_heads 3 does not divide q_heads 4"),
    ({"key": K[..., :7]}, ValueError, r"k has shape \[2, 4, 5, 7\], expected"),
    ({"value": V[:, :, :4]}, ValueError, r"v has shape \[2, 4, 4, 8\], expected"),
    ({"value": V.astype(np.float16)}, ValueError, "k and v differ in dtype"),
    ({"query": Q.swapaxes(1, 2)}, ValueError, "kv_heads 4 does not divide q_heads 5"),
    ({"query": repeated(2**15, 2**15, 2**15, 2**14)}, ValueError, "expected at most"),
    ({"dropout_p": 0.1}, ValueError, "dropout_p is 0.1, expected 0"),
    ({"dropout_p": True}, ValueError, "dropout_p is True, expected 0"),
    ({"is_causal": 1}, TypeError, "is_causal is 1, expected True or False"),
    ({"is_causal": True, "causal": "bottom-right"}, ValueError, "is_causal=True means"),
    ({"causal": "diagonal"}, ValueError, "causal is 'diagonal', expected 'none' or 'top-left'"),
    ({"causal": True}, ValueError, "causal is True, expected"),
    ({"scale": "1"}, TypeError, "scale is '1', expected a number"),
    ({"scale": float("nan")}, ValueError, "scale"),
    ({"softcap": -1}, ValueError, "softcap"),
    ({"window": 5}, TypeError, "window is 5, expected two whole numbers"),
    ({"window": (1, -2)}, ValueError, "window is -2, expected -1 to"),
    ({"window": (1.5, 0)}, TypeError, "window is 1.5, expected a whole number"),
    ({"layout": "thd"}, ValueError, "layout is 'thd', expected 'bhtd' or 'bthd'"),
    ({"contract": "f31"}, ValueError, "contract: .*f31"),
    ({"contract": "flash-bf16"}, ValueError, "contract 'flash-bf16' does not fit q in f32"),
    ({"contract": 3}, TypeError, "contract is 3, expected a text"),
    ({"rows": 0}, ValueError, "rows is 0, expected 1 to"),
    ({"rows": 1.5}, TypeError, "rows is 1.5, expected a whole number"),
    ({"seed": -1}, ValueError, "seed is -1"),
    ({"threads": 0}, ValueError, "threads is 0"),
    ({"attn_mask": np.ones((5, 5), np.int32)}, TypeError, "attn_mask is int32, expected bool"),
    ({"attn_mask": np.ones((5, 4), bool)}, ValueError, r"attn_mask has shape \[1, 1, 5, 4\], expected \[2, 4, 5, 5\]"),
    ({"attn_mask": np.ones((1, 1, 1, 5, 5), bool)}, ValueError, "attn_mask has 5 axes, expected at most 4"),
    ({"attn_mask": np.full((5, 5), 0.1)}, ValueError, "attn_mask is float64 and holds values that are no float32"),
    ({"attn_mask": np.full((5, 5), np.nan, np.float32)}, ValueError, "bias holds nan; it must be finite or -inf"),
    ({"sinks": 3.0}, TypeError, "sinks is 3.0, expected 4 numbers"),
    ({"sinks": [1, 2, 3]}, ValueError, r"sinks has shape \[3\], expected 4 numbers"),
    ({"sinks": [0.1, 0, 0, 0]}, ValueError, "sinks holds 0.1, which is no float32"),
    ({"sinks": [1e300, 0, 0, 0]}, ValueError, r"sinks holds 1e\+300, which is no float32"),
    ({"sinks": ["a", 0, 0, 0]}, TypeError, "sinks is 'a', expected a number"),
    ({"alibi_slopes": np.ones((4, 4))}, ValueError, r"alibi_slopes has shape \[4, 4\], expected 4 numbers"),
    ({"kv_lens": [5.0, 5.0]}, TypeError, "kv_lens is 5.0, expected a whole number"),
    ({"kv_lens": [5, 6]}, ValueError, "kv_lens holds 6, outside 0..kv_len = 5"),
    ({"kv_lens": np.array(5)}, ValueError, r"kv_lens has shape \[\], expected 2 whole numbers"),
    ({"lse": OUT}, ValueError, r"lse has 4 axes, expected 3: \[batch, heads, length\]"),
    ({"lse": OUT[:, :2, :, 0]}, ValueError, r"lse has shape \[2, 2, 5\], expected"),
    ({"lse": OUT[..., 0].astype(np.float16)}, TypeError, "lse is float16, expected float32"),
    ({"colour": "red"}, TypeError, "colour"),
]


@pytest.mark.parametrize(("changes", "error", "message"), WRONG, ids=range(len(WRONG)))
def test_wrong_use_says_what_was_expected(changes, error, message):
    with pytest.raises(error, match=message) as raised:
        judged(**changes)
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 300


def test_the_others_take_the_same_care():
    for call in (attest.reference, attest.tolerance):
        with pytest.raises(TypeError, match="query is a list"):
            call([1.0], K, V)
        with pytest.raises(ValueError, match="does not divide"):
            call(Q, K[:, :3], V[:, :3])


DTYPES = [np.float64, np.float32, np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.int4]
OTHERS = [np.int64, bool, complex, object, "U3", "M8[s]", ">f4", [("a", "f4")]]
ODD = [None, 0, -1, 2**70, 1.5, float("nan"), "", "none", "bthd", b"q", [], {}, (), [1.0, 2.0], (1, 0), (2, -1), True]
ODD += [object(), Raises(), Lies(), Raises, len, memoryview(b"abcd"), np.float32(1), np.ma.masked_array(Q), Ellipsis]
ODD += [repeated(2**15, 2**15, 2**15, 2**14), np.zeros(0), np.zeros((0, 0, 0, 0), np.float32), "f32", "f32;splits=0"]

shapes = st.lists(st.sampled_from([0, 1, 1, 2, 2, 3]), min_size=0, max_size=5).map(tuple) | st.just((2, 2, 3, 2))


@st.composite
def arrays(draw):
    dtype = draw(st.sampled_from(DTYPES * 2 + OTHERS))
    shape = draw(shapes)
    made = np.zeros(shape, dtype) if draw(st.booleans()) else np.ones(shape, np.int8).astype(dtype)
    if made.dtype.kind == "f" and made.size and draw(st.booleans()):
        with np.errstate(over="ignore"):
            made.flat[0] = draw(st.sampled_from([np.nan, np.inf, -np.inf, 1e300, 1e-300, 65504, -0.0]))
    if made.ndim and draw(st.booleans()):
        made = made[::-1] if draw(st.booleans()) else made.T
    return np.broadcast_to(made, (2, *made.shape)) if made.ndim < 4 and draw(st.booleans()) else made


values = arrays() | st.sampled_from(ODD)
NAMES = ["attn_mask", "dropout_p", "is_causal", "scale", "enable_gqa", "lse", "causal", "window", "softcap", "sinks"]
NAMES += ["alibi_slopes", "kv_lens", "layout", "contract", "rows", "seed", "threads", "out", "query", "key", "value"]
TINY = {name: np.ones((2, 2, 3, 2), np.float32) for name in ("out", "query", "key", "value")}


@settings(max_examples=10_000, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(NAMES), values, min_size=1, max_size=4))
def test_no_misuse_crashes(changes):
    try:
        found = attest.judge(**(TINY | changes))
    except (TypeError, ValueError) as error:
        assert str(error) and "\n" not in str(error), error
    else:
        assert found.verdict in ("conforming", "defective", "suspect", "mistrusted")
