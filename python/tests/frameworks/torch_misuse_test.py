"""Random tensors of PyTorch in every argument: a judgement, or one TypeError or ValueError, and never a crash.

CI draws 1,000 uses; ATTEST_MISUSES names another number.
"""

import os

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import attest

DTYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2]
OTHERS = [torch.int64, torch.int32, torch.uint8, torch.bool, torch.complex64]
ARGUMENTS = ["out", "query", "key", "value", "attn_mask", "lse", "sinks", "alibi_slopes", "kv_lens"]
FITTING = {name: torch.ones(2, 2, 3, 2) for name in ("out", "query", "key", "value")}

shapes = st.just((2, 2, 3, 2)) | st.lists(st.sampled_from([0, 1, 1, 2, 2, 3]), max_size=5).map(tuple)


def dressed(tensor, how):
    """The same numbers as another kind of tensor."""
    match how:
        case "grad":
            return tensor.clone().requires_grad_() if tensor.is_floating_point() else tensor
        case "parameter":
            return torch.nn.Parameter(tensor.clone(), requires_grad=tensor.is_floating_point())
        case "inference":
            with torch.inference_mode():
                return tensor.clone()
        case "meta":
            return tensor.to("meta")
        case "sparse":
            return tensor.to(torch.float32).to_sparse()
        case "nested":
            return torch.nested.nested_tensor([tensor.to(torch.float32).reshape(-1)])
        case "quantised":
            return torch.quantize_per_tensor(tensor.to(torch.float32), 0.5, 0, torch.qint8)
        case "conjugate":
            return torch.ones(tensor.shape, dtype=torch.complex64).conj()
        case "negated":
            return torch.ones(tensor.shape, dtype=torch.complex64).conj().imag
        case "transposed":
            return tensor.mT if tensor.ndim > 1 else tensor
        case "strided":
            return tensor.repeat_interleave(2, -1)[..., ::2] if tensor.ndim else tensor
        case "expanded":
            return tensor[:1].expand(2, *tensor.shape[1:]) if tensor.ndim and len(tensor) else tensor
        case "fake":
            with torch._subclasses.FakeTensorMode():
                return torch.ones(tensor.shape, dtype=tensor.dtype)
    return tensor


KINDS = ["plain", "grad", "parameter", "inference", "meta", "sparse", "nested", "quantised", "conjugate", "negated"]
KINDS += ["transposed", "strided", "expanded", "fake"]


@st.composite
def tensors(draw):
    made = torch.ones(draw(shapes)).to(draw(st.sampled_from(DTYPES * 2 + OTHERS)))
    if made.numel() and made.is_floating_point() and draw(st.booleans()):
        made.view(-1)[0] = draw(st.sampled_from([float("nan"), float("inf"), -0.0, 3e4]))
    return dressed(made, draw(st.sampled_from(["plain", *KINDS])))


@settings(
    max_examples=int(os.environ.get("ATTEST_MISUSES", "1000")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.dictionaries(st.sampled_from(ARGUMENTS), tensors(), min_size=1, max_size=4))
def test_no_misuse_of_tensors_crashes(changes):
    try:
        found = attest.judge(**(FITTING | changes))
    except (TypeError, ValueError) as error:
        assert str(error) and "\n" not in str(error), error
    else:
        assert found.verdict in ("conforming", "defective", "suspect", "mistrusted")


def test_what_random_uses_found():
    nested = torch.nested.nested_tensor([torch.ones(2)])
    with pytest.raises(TypeError, match="sinks is a torch.Tensor, expected 2 numbers: "):
        attest.judge(**(FITTING | {"sinks": nested}))
    with pytest.raises(TypeError, match="sinks is a torch.Tensor, expected 2 numbers: "):
        attest.judge(**(FITTING | {"sinks": torch.ones(2, device="meta")}))
    with pytest.raises(TypeError, match="query is a torch.*FakeTensor, expected .*holds no elements"):
        attest.judge(**(FITTING | {"query": dressed(FITTING["query"], "fake")}))
