"""Tensors of PyTorch, its attention, and wrong use of both."""

import pytest
import torch
import torch.nn.functional as F

import attest
from attest.arrays import elements_of

TYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16]
EIGHT = [torch.float8_e4m3fn, torch.float8_e5m2, torch.float8_e4m3fnuz, torch.float8_e5m2fnuz]


def normal(seed, *shape, dtype=torch.float32):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def inputs(dtype=torch.float32, kv_heads=4):
    return normal(1, 2, 4, 9, 16, dtype=dtype), *(normal(n, 2, kv_heads, 9, 16, dtype=dtype) for n in (2, 3))


@pytest.mark.parametrize("dtype", [*TYPES, *EIGHT, torch.bool])
def test_tensors_are_not_copied(dtype):
    kept = torch.ones(3, 4).to(dtype)
    for view in (kept, kept.T, kept[1:, ::2], kept[:1].expand(5, 4)):
        elements = elements_of("q", view)
        assert elements.address == view.data_ptr()
        assert elements.strides == view.stride() and elements.shape == tuple(view.shape)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("causal", [False, True])
def test_sdpa_is_right_and_a_changed_output_is_not(dtype, causal):
    q, k, v = inputs(dtype)
    out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    found = attest.assert_attention(out, q, k, v, is_causal=causal)
    assert found.certified == found.outputs == out.numel()
    with pytest.raises(AssertionError, match="DEFECTIVE"):
        attest.assert_attention(out, q, k, v, is_causal=not causal)
    out[1, 2, 3, 4] = 8  # beyond all values
    assert attest.judge(out, q, k, v, is_causal=causal).worst["at"] == "out[1,2,3,4]"


def test_masks_groups_scale_and_gradients():
    q, k, v = (x.requires_grad_() for x in inputs(kv_heads=2))
    mask = torch.rand(2, 1, 9, 9, generator=torch.Generator().manual_seed(4)) < 0.7
    mask[..., 0] = True
    for given in ({"attn_mask": mask}, {"attn_mask": normal(5, 9, 9)}, {"scale": 0.3}, {"is_causal": True}):
        out = F.scaled_dot_product_attention(q, k, v, enable_gqa=True, **given)
        attest.assert_attention(out, q, k, v, enable_gqa=True, **given)
        assert not attest.judge(out, q, k, v, scale=0.7).ok
    half = inputs(torch.bfloat16)
    bias = normal(6, 1, 1, 9, 9, dtype=torch.bfloat16)
    attest.assert_attention(F.scaled_dot_product_attention(*half, attn_mask=bias), *half, attn_mask=bias)


def test_layout_of_flash_attention():
    q, k, v = (x.transpose(1, 2).contiguous().transpose(1, 2) for x in inputs())
    out = F.scaled_dot_product_attention(q, k, v)
    moved = [x.transpose(1, 2) for x in (out, q, k, v)]
    assert attest.judge(*moved, layout="bthd").ok and attest.judge(out, q, k, v).ok


@pytest.mark.parametrize("eight", EIGHT)
@pytest.mark.parametrize("dtype", TYPES[1:])
def test_8_bit_keys_and_values(eight, dtype):
    q, k, v = inputs(dtype)
    k, v = k.to(eight), v.to(eight)
    out = F.scaled_dot_product_attention(*(x.double() for x in (q, k, v))).to(dtype)
    assert attest.judge(out, q, k, v).ok
    q = q.to(eight)
    out = F.scaled_dot_product_attention(*(x.double() for x in (q, k, v))).to(dtype)
    assert attest.judge(out, q, k, v).ok
    assert not attest.judge(out.flip(1), q, k, v).ok


def test_flushed_subnormals_stay_outside():
    q, k, v = inputs()
    out = F.scaled_dot_product_attention(q, k, v)
    torch.set_flush_denormal(True)
    try:
        assert attest.judge(out, q, k, v).ok
        assert torch.tensor([1e-310], dtype=torch.float64).mul(0.5).item() == 0, "the setting is back"
    finally:
        torch.set_flush_denormal(False)


def test_wrong_use_says_what_was_expected():
    q, k, v = inputs()
    out = F.scaled_dot_product_attention(q, k, v)
    for wrong, error, message in [
        (q.to_sparse(), TypeError, "query is a torch.Tensor, expected .*sparse"),
        (q.to("meta"), TypeError, "meta"),
        (q.long(), TypeError, "query is int64, expected"),
        (q.to(torch.complex64), TypeError, "query is complex64, expected"),
        (torch.nested.nested_tensor([q[0], q[1]]), TypeError, "nested"),
        (torch.quantize_per_tensor(q, 0.1, 0, torch.qint8), TypeError, "quantised"),
        (torch.tensor(1.0), ValueError, "expected 2 to 4 axes"),
        (q[:, :, :3], ValueError, "out has shape"),
        (torch.nn.Linear(2, 2), TypeError, "expected a dense array"),
    ]:
        with pytest.raises(error, match=message):
            attest.judge(out, wrong, k, v)
    conjugate = torch.view_as_complex(torch.stack([q, k], -1)).conj().imag  # a tensor with its sign still to change
    assert conjugate.is_neg()
    out = F.scaled_dot_product_attention(conjugate, k, v)
    assert attest.judge(out, conjugate, k, v).ok
