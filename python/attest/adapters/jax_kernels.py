"""Attention of JAX.

What the documents promise (https://docs.jax.dev/en/latest/_autosummary/jax.nn.dot_product_attention.html): softmax in
float32, is_causal and local_window_size by the absolute index of rows and keys, key_value_seq_lengths as padding,
mask True takes part.
"""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np

from attest.calls import Declined

_STATIC = ("scale", "is_causal", "local_window_size", "return_residual")


@functools.partial(jax.jit, static_argnames=_STATIC)
def _xla(query, key, value, **options):
    return jax.nn.dot_product_attention(query, key, value, implementation="xla", **options)


def _every_row_sees_a_key(query, key, bias=None, mask=None, is_causal=False, key_value_seq_lengths=None, **_):
    rows, keys = query.shape[1], key.shape[1]
    seen = np.ones((1, 1, rows, keys), bool)
    if is_causal:
        seen = np.tri(rows, keys, dtype=bool)[None, None]
    if key_value_seq_lengths is not None:
        seen = seen & (np.arange(keys) < np.asarray(key_value_seq_lengths)[:, None, None, None])
    if mask is not None:
        seen = seen & np.asarray(mask)
    if bias is not None:
        seen = seen & (np.asarray(bias) != -np.inf)
    return seen.any(-1).all()


def xla(query, key, value, **options):
    """The documents leave open what a row that sees no key returns: it is the mean of all values, hidden ones too."""
    if query.shape[1] * key.shape[1] == 0:
        raise Declined("dot_product_attention takes no empty arrays")
    if options.get("return_residual") and query.dtype.itemsize < 4:
        raise Declined("the residual has the type of the queries, and lse is float32")  # docs/findings.md
    if not _every_row_sees_a_key(query, key, **options):
        raise Declined("the documents do not say what a row that sees no key returns")
    try:
        return _xla(query, key, value, **options)
    except ValueError as error:
        if "is not supported by dot_general" in str(error):  # f16 on the CPU, JAX's own refusal
            raise Declined(str(error)) from error
        raise


def pallas_interpret(q, k, v, *, scale, causal=None):
    """The attention that JAX ships as an example of Pallas for GPUs, in Pallas' interpreter."""
    from jax.experimental.pallas.ops.gpu import attention

    if q.shape != k.shape or q.shape != v.shape or q.dtype != k.dtype or 0 in q.shape:
        raise Declined("mha takes one shape and one type")
    length = q.shape[2]
    block = next((n for n in (64, 32, 16) if length % n == 0), None)
    if block is None:
        raise Declined("lengths are multiples of a block")
    sizes = attention.BlockSizes(block_q=block, block_k=block)
    arrays = (jnp.swapaxes(x, 1, 2) for x in (q, k, v))
    out = attention.mha(
        *arrays, segment_ids=None, sm_scale=scale, causal=causal is not None, block_sizes=sizes, interpret=True
    )
    return jnp.swapaxes(out, 1, 2)
