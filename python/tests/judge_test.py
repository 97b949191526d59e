"""attest.judge and attest.assert_attention on outputs of NumPy, right and wrong."""

import ml_dtypes
import numpy as np
import pytest
from support import attention, causal, normal

import attest

SHAPE = (2, 4, 9, 16)


def inputs(dtype=np.float32, kv_heads=4, keys=9):
    return (
        normal(1, *SHAPE, dtype=dtype),
        normal(2, 2, kv_heads, keys, 16, dtype=dtype),
        normal(3, 2, kv_heads, keys, 16, dtype=dtype),
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, ml_dtypes.bfloat16])
def test_right_outputs_are_certified(dtype):
    q, k, v = inputs(dtype)
    out, _ = attention(q, k, v)
    found = attest.assert_attention(out.astype(dtype), q, k, v)
    assert found.verdict == "conforming"
    assert found.certified == found.outputs == out.size
    assert found.rows == (72, 72)
    # float64 outputs of float64 sums come close to their bound only by chance; rounding to 16 bits must show.
    assert 0 < found.max_ratio <= 1


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, ml_dtypes.bfloat16])
def test_one_wrong_output_is_found(dtype):
    q, k, v = inputs(dtype)
    out = attention(q, k, v)[0].astype(dtype)
    out[1, 2, 3, 5] = 8  # beyond all values: no contract explains it
    with pytest.raises(AssertionError, match=r"DEFECTIVE") as raised:
        attest.assert_attention(out, q, k, v)
    assert "out[1,2,3,5]" in str(raised.value)
    found = attest.judge(out, q, k, v)
    assert found.worst["at"] == "out[1,2,3,5]"
    assert found.max_ratio > 1
    first = str(found).split("\n\n")[:2]  # later parts tell the time
    assert str(raised.value).startswith("\n" + "\n\n".join(first))


def features():
    slopes = np.array([0.5, 0.25, 0.125, 0.0625], np.float32)
    sinks = np.array([0.5, -1, 2, -np.inf], np.float32)
    distance = np.abs(np.arange(9)[:, None] - np.arange(9))
    mask = np.random.default_rng(5).random((2, 1, 9, 9)) < 0.7
    bias = normal(6, 4, 9, 9)
    lens = np.array([9, 4])
    below = np.arange(9) < lens[:, None, None, None]
    return {
        "causal": ({"is_causal": True}, {"visible": causal(9, 9)}),
        "bottom right": ({"causal": "bottom-right"}, {"visible": causal(9, 9, True)}),
        "scale": ({"scale": 0.5}, {"scale": 0.5}),
        "window": ({"window": (2, 0)}, {"visible": causal(9, 9) & (distance <= 2)}),
        "softcap": ({"softcap": 1.5}, {"softcap": 1.5}),
        "mask": ({"attn_mask": mask}, {"visible": mask}),
        "mask of one column": ({"attn_mask": mask[..., :1]}, {"visible": mask[..., :1]}),
        "bias": ({"attn_mask": bias}, {"bias": bias}),
        "bias in float64": ({"attn_mask": bias.astype(np.float64)}, {"bias": bias}),
        "sinks": ({"sinks": sinks}, {"sinks": sinks}),
        "alibi": ({"alibi_slopes": slopes}, {"bias": -slopes[:, None, None] * distance}),
        "kv_lens": ({"kv_lens": [9, 4]}, {"visible": below}),
    }


@pytest.mark.parametrize("name", features())
def test_each_feature_is_judged(name):
    asked, meant = features()[name]
    q, k, v = inputs()
    if name == "kv_lens":
        k[1, :, 4:] = np.nan  # padding is not read
    out, lse = attention(q, np.nan_to_num(k), v, **meant)
    found = attest.assert_attention(out.astype(np.float32), q, k, v, lse=lse.astype(np.float32), **asked)
    assert found.report["laws"]["lse"]["status"] == "held"
    plain = np.nan_to_num(k)
    if name == "kv_lens":
        assert not attest.judge(out.astype(np.float32), q, plain, v).ok
    else:
        assert attest.judge(out.astype(np.float32), q, k, v).verdict in ("defective", "suspect")


def test_lse_is_judged():
    q, k, v = inputs()
    out, lse = attention(q, k, v)
    lse = lse.astype(np.float32)
    assert attest.judge(out.astype(np.float32), q, k, v, lse=lse).ok
    lse[0, 1, 2] += 1e-3
    found = attest.judge(out.astype(np.float32), q, k, v, lse=lse, contract="f32")
    assert found.worst["at"] == "lse[0,1,2]"


def test_arithmetic_that_nobody_declared_is_suspect():
    q, k, v = inputs()
    narrow = q.astype(ml_dtypes.bfloat16).astype(np.float32)
    out = attention(narrow, k, v)[0].astype(np.float32)
    with pytest.raises(AssertionError, match="SUSPECT"):
        attest.assert_attention(out, q, k, v)
    found = attest.judge(out, q, k, v)
    assert found.inferred["class"] == "narrower" and found.findings == []
    assert attest.judge(out, q, k, v, contract="f32;" + found.inferred["fields"]).ok


def test_heads_are_grouped():
    q, k, v = inputs(kv_heads=2, keys=5)
    out = attention(q, k, v)[0].astype(np.float32)
    assert attest.judge(out, q, k, v, enable_gqa=True).ok
    assert attest.judge(out[:, ::-1], q, k, v).verdict == "defective"


def test_layouts_and_fewer_axes():
    q, k, v = inputs()
    out, lse = (x.astype(np.float32) for x in attention(q, k, v))
    moved = [x.swapaxes(1, 2) for x in (out, q, k, v)]
    assert attest.judge(*moved, layout="bthd", lse=lse).ok
    assert attest.judge(*(x.copy() for x in moved), layout="bthd", lse=lse).ok
    assert attest.judge(out[0], q[0], k[0], v[0], lse=lse[0]).ok
    assert attest.judge(*(x[0] for x in moved), layout="bthd", lse=lse[0]).ok
    assert attest.judge(out[0, 0], q[0, 0], k[0, 0], v[0, 0], lse=lse[0, 0]).ok


def test_contract_is_the_bound():
    q, k, v = inputs()
    out = attention(q, k, v)[0].astype(np.float16).astype(np.float32)
    with pytest.raises(AssertionError):
        attest.assert_attention(out, q, k, v, contract="f32")
    assert attest.judge(out, q, k, v, contract="f32;output=f16").ok


def test_a_sample_says_how_many_rows_it_judged():
    q, k, v = inputs()
    out = attention(q, k, v)[0].astype(np.float32)
    found = attest.judge(out, q, k, v, rows=20)
    assert found.ok and found.rows == (20, 72) and found.outputs == 20 * 16
    out[0, 0, 0, 0] = np.nan  # every output is looked at
    assert attest.judge(out, q, k, v, rows=20).verdict == "defective"


def test_threads_do_not_change_the_judgement():
    q, k, v = inputs()
    out = attention(q, k, v)[0].astype(np.float32)
    one, four = (attest.judge(out, q, k, v, threads=n).report for n in (1, 4))
    one["seconds"] = four["seconds"] = 0
    assert one == four


def test_empty_results_pass():
    q, k, v = inputs()
    assert attest.assert_attention(q[:, :, :0], q[:, :, :0], k, v).outputs == 0


def test_rows_without_a_key_are_zero():
    q, k, v = inputs()
    k, v = k[:, :, :0], v[:, :, :0]
    found = attest.judge(np.zeros_like(q), q, k, v)
    assert found.report["rows_by_tier"]["exact"] == 72
    assert attest.judge(q, q, k, v).verdict == "defective"


def test_notebooks_get_escaped_text():
    q, k, v = inputs()
    found = attest.judge(q, q, k, v)
    found.text = "a < b"
    assert found._repr_html_() == "<pre>a &lt; b</pre>"
    assert repr(found).startswith("<attest.Judgement defective: 1152 of 1152 outputs certified")
