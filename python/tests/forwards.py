"""attest_forward over NumPy's arrays, as the worker gets it, and what is right for it."""

import ctypes

import numpy as np

from attest import _arrays, calls, signatures
from attest._abi import CAUSAL, DLTensor, Forward


class Made:
    """attest_forward over NumPy's arrays, as the worker gets it."""

    def __init__(self, q=(1, 2, 3, 4), kv=(1, 2, 5, 4), dtype="f4", lse=False, arrays="numpy", **features):
        self._framework = _arrays.FRAMEWORKS[arrays]("")
        random = np.random.default_rng(1)
        self.arrays = {name: random.standard_normal(s).astype(dtype) for name, s in zip("qkv", (q, kv, kv))}
        self.arrays["out"] = np.zeros(q, dtype)
        if lse:
            self.arrays["lse"] = np.zeros(q[:3], "f4")
        for name in ("bias", "mask", "alibi_slopes", "sink", "kv_lens"):
            if name in features:
                self.arrays[name] = features.pop(name)
        fields = {name: ctypes.pointer(self.tensor(array)) for name, array in self.arrays.items()}
        numbers = {"scale": 0.5, "window_left": -1, "window_right": -1, **features}
        self.forward = Forward(**fields, **numbers)

    def tensor(self, array):
        rank = array.ndim
        code = {"f": 2, "u": 1, "i": 0}[array.dtype.kind]
        shape = (ctypes.c_int64 * rank)(*array.shape)
        strides = (ctypes.c_int64 * rank)(*(s // array.itemsize for s in array.strides))
        return DLTensor(array.ctypes.data, 1, 0, rank, code, 8 * array.itemsize, 1, shape, strides, 0)

    @staticmethod
    def bf16(array):
        """The DLTensor of an array of ml_dtypes.bfloat16."""
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        strides = (ctypes.c_int64 * array.ndim)(*(s // 2 for s in array.strides))
        return DLTensor(array.ctypes.data, 1, 0, array.ndim, 4, 16, 1, shape, strides, 0)

    def problem(self):
        return calls.Problem(self.forward, self._framework, CAUSAL)

    def ask(self, signature, fn):
        problem = self.problem()
        result = signatures.find(signature)(fn, problem)
        if not isinstance(result, int):
            problem.store(result)
        return self


    def expected(self):
        """out and lse by the definition of kernel.h, in float64."""
        arrays, forward = self.arrays, self.forward
        q, k, v = (arrays[name].astype("f8") for name in "qkv")
        groups = q.shape[1] // k.shape[1]
        score = forward.scale * (q @ np.repeat(k, groups, 1).swapaxes(2, 3))
        if forward.softcap:
            score = forward.softcap * np.tanh(score / forward.softcap)
        lens = arrays.get("kv_lens", np.full(q.shape[0], k.shape[2])).reshape(-1, 1, 1, 1)
        rows, keys = np.arange(q.shape[2]).reshape(1, 1, -1, 1), np.arange(k.shape[2]).reshape(1, 1, 1, -1)
        at = rows if forward.causal == 1 else rows + lens - q.shape[2]
        if "bias" in arrays:
            score = score + arrays["bias"]
        if "alibi_slopes" in arrays:
            score = score - arrays["alibi_slopes"].reshape(1, -1, 1, 1) * np.abs(at - keys)
        seen = keys < lens
        if forward.causal:
            seen = seen & (keys <= at)
        if forward.window_left >= 0:
            seen = seen & (keys >= at - forward.window_left)
        if forward.window_right >= 0:
            seen = seen & (keys <= at + forward.window_right)
        if "mask" in arrays:
            seen = seen & (arrays["mask"] != 0)
        weights = np.where(seen, np.exp(score), 0)
        total = weights.sum(-1, keepdims=True)
        return weights / total @ np.repeat(v, groups, 1), np.log(total[..., 0])
