"""One call that attest makes: what a signature turns into the arguments of a function."""

from __future__ import annotations

import functools

import numpy as np


class Declined(Exception):
    """A signature or a function raises this for a problem that it does not take. It is counted, never a defect."""


_INPUTS = ("bias", "mask", "alibi_slopes", "sink", "kv_lens")
_FEATURES = (*_INPUTS, "causal", "window", "softcap", "lse", "groups", "dtypes", "head dims")


@functools.lru_cache(maxsize=None)
def _all_but(names):
    """The features that are not named."""
    unknown = set(names) - set(_FEATURES)
    if unknown:
        raise ValueError(f"no feature {', '.join(sorted(unknown))}; there are: {', '.join(_FEATURES)}")
    return frozenset(_FEATURES) - set(names)


class _Input:
    """An array of a problem, made when it is asked for: most signatures use a few of them."""

    def __set_name__(self, owner, name):
        self._name = name

    def __get__(self, problem, owner=None):
        if problem is None:
            return self
        name = self._name
        pointer = getattr(problem._forward, name)
        value = problem._arrays.array(pointer[0]) if pointer else None
        if name == "mask" and value is not None:
            value = problem._arrays.boolean(value)
        problem.__dict__[name] = value  # found before this descriptor from now on
        return value


class Problem:
    """One forward problem of include/attest/kernel.h.

    q, k, v: arrays [batch, heads, length, dim] of the framework, with the strides that attest chose. scale, softcap
    (0: none), causal (None, "top-left", "bottom-right") and window (left, right; -1: no limit) are plain numbers.
    bias, mask (boolean), alibi_slopes, sink and kv_lens are arrays, or None where the problem has none. want_lse:
    whether the logarithm of the denominator is asked for too.
    """

    def __init__(self, forward, arrays, causal_names):
        self._forward = forward
        self._arrays = arrays
        self.scale = forward.scale
        self.softcap = forward.softcap
        self.causal = causal_names[forward.causal]
        self.window = (forward.window_left, forward.window_right)
        self.want_lse = bool(forward.lse)
        q, k, v = forward.q[0], forward.k[0], forward.v[0]
        self.batch, self.q_heads, self.q_len, self.qk_dim = q.shape[:4]
        self.kv_heads, self.kv_len = k.shape[1], k.shape[2]
        self.v_dim = v.shape[3]
        self.one_dtype = (q.code, q.bits) == (k.code, k.bits)
        self._features = self._present()

    q = _Input()
    k = _Input()
    v = _Input()
    bias = _Input()
    mask = _Input()
    alibi_slopes = _Input()
    sink = _Input()
    kv_lens = _Input()

    def _present(self):
        forward = self._forward
        present = {name for name in _INPUTS if getattr(forward, name)}
        if self.causal is not None:
            present.add("causal")
        if self.window != (-1, -1):
            present.add("window")
        if self.softcap != 0:
            present.add("softcap")
        if self.want_lse:
            present.add("lse")
        if self.q_heads != self.kv_heads:
            present.add("groups")
        if not self.one_dtype:
            present.add("dtypes")
        if self.qk_dim != self.v_dim:
            present.add("head dims")
        return present

    def has(self, name):
        """Whether the problem has this feature: "bias", "causal", "window", "softcap", "lse", "groups", ..."""
        if name not in self._features and name not in _FEATURES:
            raise KeyError(name)
        return name in self._features

    def only(self, *names):
        """Declines a problem with a feature that is not named here. The scale is never declined."""
        left_out = self._features & _all_but(names)
        if left_out:
            first = next(name for name in _FEATURES if name in left_out)
            raise Declined(f"the signature has no place for {first}")

    def decline(self, why):
        raise Declined(why)

    @property
    def default_scale(self):
        """Whether the scale is what frameworks take by default, 1/sqrt(qk_dim)."""
        return self.qk_dim > 0 and self.scale == self.qk_dim**-0.5

    @property
    def counts_from_start(self):
        """Whether row i is at position i."""
        return self.causal == "top-left" or self._square

    @property
    def counts_from_end(self):
        """Whether row i is at position i + length of the keys - q_len."""
        return self.causal != "top-left" or self._square

    @property
    def _square(self):
        return self.q_len == self.kv_len and not self.has("kv_lens")

    def visible(self):
        """Keys that causality, the window and kv_lens leave visible: a boolean array [batch or 1, 1, q_len, kv_len]."""
        lens = np.array([self.kv_len])
        if self.has("kv_lens"):
            from attest._arrays import view

            lens = view(self._forward.kv_lens[0]).astype(np.int64)
        lens = lens.reshape(-1, 1, 1, 1)
        rows = np.arange(self.q_len).reshape(1, 1, -1, 1)
        keys = np.arange(self.kv_len).reshape(1, 1, 1, -1)
        at = rows if self.causal == "top-left" else rows + lens - self.q_len
        seen = keys < lens
        if self.causal is not None:
            seen = seen & (keys <= at)
        left, right = (min(w, 1 << 40) for w in self.window)
        if left >= 0:
            seen = seen & (keys >= at - left)
        if right >= 0:
            seen = seen & (keys <= at + right)
        shape = (len(lens), 1, self.q_len, self.kv_len)
        return self._arrays.from_numpy(np.broadcast_to(seen, shape).copy())

    def attn_mask(self, additive=False):
        """One mask for all that hides keys, as frameworks take it: None, boolean (True: takes part), or where there is a
        bias, or on request, additive in q's type. Declines a bias that q's type does not hold."""
        seen = self.visible() if any(map(self.has, ("causal", "window", "kv_lens"))) else None
        if self.has("mask"):
            seen = self.mask if seen is None else seen & self.mask
        if not self.has("bias"):
            if seen is None or not additive:
                return seen
            zeros = self._arrays.cast_like(seen, self.q) * 0
            return self._arrays.where(seen, zeros, float("-inf"))
        bias = self._arrays.cast_like(self.bias, self.q)
        if not bool((self._arrays.cast_like(bias, self.bias) == self.bias).all()):
            raise Declined("the mask has q's type, which does not hold this bias")
        return bias if seen is None else self._arrays.where(seen, bias, float("-inf"))

    def store(self, result):
        """Puts what a signature returned, out or (out, lse), where attest reads it."""
        out, lse = result if isinstance(result, tuple) else (result, None)
        self._arrays.store(out, self._forward.out[0], "out")
        if not self.want_lse:
            return
        if lse is None:
            raise Declined("the function returns no lse")
        self._arrays.store(lse, self._forward.lse[0], "lse")

    def outputs(self):
        """out and lse (None if not wanted) as NumPy views, for functions that write their results in place."""
        from attest._arrays import view

        return view(self._forward.out[0]), view(self._forward.lse[0]) if self.want_lse else None
