"""Defects of PyTorch and JAX that attest found, without attest: a test fails when an upgrade fixes one
(docs/findings.md)."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from attest import calls
from attest.adapters import jax_kernels


@pytest.mark.parametrize("scale", [0.0, -1.0])
def test_pytorch_flash_attention_is_nan_under_a_causal_mask_with_a_scale_that_is_not_positive(scale):
    q, kv = torch.ones(1, 1, 1, 4), torch.ones(1, 1, 2, 4)
    found = {}
    for backend in (SDPBackend.MATH, SDPBackend.FLASH_ATTENTION):
        with sdpa_kernel(backend):
            found[backend] = torch.nn.functional.scaled_dot_product_attention(q, kv, kv, is_causal=True, scale=scale)
    assert (found[SDPBackend.MATH] == 1).all()
    assert found[SDPBackend.FLASH_ATTENTION].isnan().all()


def test_pytorchs_multihead_attention_is_nan_where_padding_hides_every_key():
    """Not promised otherwise: attest's adapter declines such rows."""
    module = torch.nn.MultiheadAttention(2, 2, batch_first=True).eval()
    x, padded = torch.ones(1, 2, 2), torch.ones(1, 2, dtype=torch.bool)
    found = {}
    with torch.no_grad():
        for fast in (True, False):
            torch.backends.mha.set_fastpath_enabled(fast)
            found[fast] = module(x, x, x, key_padding_mask=padded, need_weights=False)[0]
    torch.backends.mha.set_fastpath_enabled(True)
    assert found[True].isnan().all()
    assert found[False].isfinite().all()


def test_jax_compiles_no_bf16_attention_of_one_row_and_one_key():
    x = jnp.zeros((1, 1, 1, 8), jnp.bfloat16)
    assert (jax.nn.dot_product_attention(x, x, x) == 0).all()
    with pytest.raises(Exception, match="Algorithm not supported by the ElementalIrEmitter"):
        jax.jit(jax.nn.dot_product_attention)(x, x, x).block_until_ready()


def test_jax_returns_the_residual_of_bf16_attention_in_bf16():
    """Not promised otherwise: attest's adapter declines lse of 16-bit arrays."""
    k = jnp.zeros((1, 257, 1, 1), jnp.bfloat16)
    _, residual = jax.nn.dot_product_attention(k[:, :1], k, k, return_residual=True)
    assert residual.dtype == jnp.bfloat16
    assert float(residual[0, 0, 0]) == 5.5625  # ln 257 = 5.5491 and more than half a unit away
    with pytest.raises(calls.Declined, match="residual"):
        jax_kernels.xla(k[:, :1], k, k, return_residual=True)


def test_jax_gives_a_row_that_sees_no_key_the_mean_of_all_values():
    """Not promised otherwise: attest's adapter declines such rows."""
    q = jnp.zeros((1, 1, 1, 1), jnp.float32)
    v = jnp.array([1.0, 2.0, 6.0]).reshape(1, 3, 1, 1)
    out = jax.nn.dot_product_attention(q, jnp.zeros_like(v), v, mask=jnp.zeros((1, 1, 1, 3), bool))
    assert np.allclose(out, 3)
