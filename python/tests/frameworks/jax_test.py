"""Arrays of JAX, its attention, and wrong use of both."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import attest
from attest.arrays import elements_of

TYPES = [jnp.float32, jnp.float16, jnp.bfloat16]


def inputs(dtype=jnp.float32, heads=(4, 4)):
    keys = jax.random.split(jax.random.key(1), 3)
    shapes = [(2, 9, heads[0], 16), (2, 9, heads[1], 16), (2, 9, heads[1], 16)]
    return [jax.random.normal(key, shape, dtype) for key, shape in zip(keys, shapes, strict=True)]


@pytest.mark.parametrize("dtype", [*TYPES, jnp.float8_e4m3fn, jnp.bool_])
def test_arrays_are_not_copied(dtype):
    kept = jnp.ones((3, 4), dtype)
    elements = elements_of("q", kept)
    assert elements.address == kept.unsafe_buffer_pointer()
    assert elements.shape == (3, 4) and elements.strides == (4, 1)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("causal", [False, True])
def test_dot_product_attention_is_right_and_a_changed_output_is_not(dtype, causal):
    q, k, v = inputs(dtype, (4, 2))
    out = jax.nn.dot_product_attention(q, k, v, is_causal=causal)
    found = attest.assert_attention(out, q, k, v, is_causal=causal, layout="bthd")
    assert found.certified == found.outputs == out.size
    wrong = out.at[1, 2, 3, 4].set(8)  # beyond all values
    assert attest.judge(wrong, q, k, v, is_causal=causal, layout="bthd").worst["at"] == "out[1,3,2,4]"


def test_reference_agrees_with_jax_in_64_bits():
    with jax.enable_x64(True):
        q, k, v = (x.astype(jnp.float64) for x in inputs())
        weights = jax.nn.softmax(jnp.einsum("bihd,bjhd->bhij", q, k) / 4, axis=-1)
        out = jnp.einsum("bhij,bjhd->bihd", weights, v)
        exact = attest.reference(q, k, v, layout="bthd")
        assert np.max(np.abs(np.asarray(out) - exact.out)) < 1e-14
        assert attest.judge(out, q, k, v, layout="bthd").ok
        # jax.nn.dot_product_attention computes scores in float32 whatever its inputs are.
        out = jax.nn.dot_product_attention(q, k, v)
        assert out.dtype == jnp.float64
        assert attest.judge(out, q, k, v, layout="bthd", contract="f64").verdict == "defective"


def test_traced_and_deleted_arrays_are_refused():
    q, k, v = inputs()
    with pytest.raises(TypeError, match="query is .*Tracer.*, expected"):
        jax.jit(lambda x: attest.judge(q, x, k, v))(q)
    gone = q + 1
    gone.delete()
    with pytest.raises(TypeError, match="deleted"):
        attest.judge(q, gone, k, v)
