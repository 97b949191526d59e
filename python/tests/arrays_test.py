"""Arrays are read where they lie, with the strides that they have."""

import array

import ml_dtypes
import numpy as np
import pytest
from support import attention, normal

import attest
from attest.arrays import elements_of


class OnlyDlpack:
    """An array that offers nothing but the protocol."""

    def __init__(self, kept):
        self.kept = kept

    def __dlpack__(self, **options):
        return self.kept.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.kept.__dlpack_device__()


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e5m2, bool])
def test_numpy_is_not_copied(dtype):
    kept = np.ones((3, 4), dtype)
    kept.setflags(write=False)
    for view, strides in ((kept, (4, 1)), (kept.T, (1, 4)), (kept[::-1, ::-2], (-4, -2)), (kept[:, 1:2], (4, 1))):
        elements = elements_of("q", view)
        assert elements.address == view.__array_interface__["data"][0]
        assert elements.strides == strides and elements.shape == view.shape
        assert elements.dtype == np.dtype(dtype).name
    repeated = np.broadcast_to(kept[0], (5, 4))
    assert elements_of("q", repeated).strides == (0, 1)


def test_protocols_are_not_copied():
    kept = np.arange(12, dtype=np.float32).reshape(3, 4)
    address = kept.__array_interface__["data"][0]
    for view in (memoryview(kept), OnlyDlpack(kept), OnlyDlpack(kept.T)):
        elements = elements_of("q", view)
        assert elements.address == address and elements.dtype == "float32"
    assert elements_of("q", OnlyDlpack(kept.T)).strides == (1, 4)
    assert elements_of("q", array.array("d", [1, 2])).dtype == "float64"


def test_other_byte_orders_and_odd_strides_keep_their_values():
    q, k, v = (normal(n, 1, 2, 5, 8) for n in range(3))
    out = attention(q, k, v)[0].astype(np.float32)
    assert attest.judge(out, q.astype(">f4"), k, v).ok
    packed = np.zeros((1, 2, 5, 8), [("byte", "u1"), ("value", "f4")])
    packed["value"] = q
    assert packed["value"].strides[-1] == 5
    assert attest.judge(out, packed["value"], k, v).ok


def views(x):
    """The same values in other layouts."""
    wide = np.full((*x.shape[:-1], 2 * x.shape[-1]), np.nan, x.dtype)
    wide[..., ::2] = x
    return {
        "transposed": np.ascontiguousarray(x.swapaxes(1, 2)).swapaxes(1, 2),
        "gaps": wide[..., ::2],
        "backwards": np.ascontiguousarray(x[::-1, ::-1, ::-1, ::-1])[::-1, ::-1, ::-1, ::-1],
        "fortran": np.asfortranarray(x),
        "read-only": np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("layout", ["transposed", "gaps", "backwards", "fortran", "read-only"])
def test_any_strides_give_the_same_judgement(dtype, layout):
    q, k, v = (normal(n, 2, 3, 7, 8, dtype=dtype) for n in range(3))
    out = attention(q, k, v)[0].astype(dtype)
    wrong = out.copy()
    wrong[1, 0, 2, 3] = 8
    packed = attest.judge(wrong, q, k, v)
    assert packed.worst["at"] == "out[1,0,2,3]"
    out, wrong, q, k, v = (views(x)[layout] for x in (out, wrong, q, k, v))
    assert attest.judge(out, q, k, v).ok
    found = attest.judge(wrong, q, k, v)
    assert found.worst == packed.worst and found.max_ratio == packed.max_ratio


def test_backward_keys_of_a_wrong_result_are_compared_with_known_faults():
    # Known faults read memory by other strides, and must not look before the first key.
    q, k, v = (normal(n, 2, 2, 3, 4)[::-1] for n in range(3))
    found = attest.judge(q, q, k, v, contract="f32")
    packed = attest.judge(q, *(x.copy() for x in (q, k, v)), contract="f32")
    assert found.verdict == "defective" and found.findings == packed.findings


def test_repeated_heads_are_read_as_such():
    q, k, v = normal(1, 2, 4, 6, 8), normal(2, 2, 1, 6, 8), normal(3, 1, 1, 6, 8)
    k, v = np.broadcast_to(k, (2, 4, 6, 8)), np.broadcast_to(v, (2, 4, 6, 8))
    out = attention(q, k, v)[0].astype(np.float32)
    assert attest.judge(out, q, k, v).ok
    assert not attest.judge(out[::-1], q, k, v).ok


@pytest.mark.parametrize("eight", ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"])
@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
def test_8_bit_inputs_keep_their_values(eight, dtype):
    eight = getattr(ml_dtypes, eight)
    q, k, v = (normal(n, 1, 2, 6, 8).astype(eight) for n in range(3))
    out = attention(q, k, v)[0].astype(dtype)
    assert attest.judge(out, q, k, v).ok  # q takes the dtype of out, k and v become float16
    q = normal(4, 1, 2, 6, 8, dtype=dtype)
    out = attention(q, k, v)[0].astype(dtype)
    assert attest.judge(out, q, k, v).ok
    k[0, 1, 2, 3] = -k[0, 1, 2, 3] + eight(2)
    assert not attest.judge(out, q, k, v).ok


def test_every_8_bit_value_survives():
    for name in ("float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e4m3", "float8_e3m4"):
        eight = getattr(ml_dtypes, name)
        every = np.arange(256, dtype=np.uint8).view(eight)
        for wide in ("float16", "bfloat16", "float32"):
            elements = elements_of("k", every)
            from attest.arrays import widened

            owner = widened(elements, wide).owner
            np.testing.assert_array_equal(owner.astype(np.float64), every.astype(np.float64), err_msg=f"{name} {wide}")
