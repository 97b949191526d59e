"""Tensors of attest_forward as arrays of NumPy, PyTorch or JAX, and results back into them."""

from __future__ import annotations

import numpy as np

from attest._abi import DTYPES
from attest.calls import Declined

_NUMPY = {"f64": "<f8", "f32": "<f4", "f16": "<f2", "bf16": "<u2", "u8": "|u1", "i32": "<i4"}
_SIZES = {"f64": 8, "f32": 4, "f16": 2, "bf16": 2, "u8": 1, "i32": 4}


class _Memory:
    """What NumPy needs to see memory as an array."""

    __slots__ = ("__array_interface__",)

    def __init__(self, interface):
        self.__array_interface__ = interface


def dtype_of(tensor):
    """'f32' and the like, of a DLTensor."""
    return DTYPES[tensor.code, tensor.bits]


def view(tensor):
    """A DLTensor as a NumPy array over the same memory; bf16 as its 16 bits."""
    rank = tensor.ndim
    shape = tuple(tensor.shape[:rank])
    name = DTYPES[tensor.code, tensor.bits]
    address = tensor.data
    if not address:
        return np.empty(shape, _NUMPY[name])
    size = _SIZES[name]
    strides = tuple([size * s for s in tensor.strides[:rank]])
    interface = {"shape": shape, "strides": strides, "typestr": _NUMPY[name], "data": (address, False), "version": 3}
    return np.asarray(_Memory(interface))


class NumpyArrays:
    """NumPy's arrays; bf16 needs the package ml_dtypes."""

    name = "numpy"

    def __init__(self, device):
        if device not in ("", "cpu"):
            raise ValueError(f"NumPy's arrays are on the cpu, not on {device}")
        try:
            import ml_dtypes

            self._bf16 = np.dtype(ml_dtypes.bfloat16)
        except ImportError:
            self._bf16 = None
        self._types = {"f64": np.dtype("f8"), "f32": np.dtype("f4"), "f16": np.dtype("f2"), "bf16": self._bf16}

    def array(self, tensor):
        seen = view(tensor)
        if tensor.code != 4:
            return seen
        if self._bf16 is None:
            raise Declined("NumPy has no bf16 without the package ml_dtypes")
        return seen.view(self._bf16)

    def boolean(self, array):
        return array.view(np.bool_)

    def from_numpy(self, values):
        return values

    def cast_like(self, array, like):
        with np.errstate(over="ignore"):
            return array.astype(like.dtype)

    def where(self, condition, array, other):
        return np.where(condition, array, np.asarray(other, array.dtype))

    def store(self, result, tensor, what):
        target = view(tensor)
        result = np.asarray(result)
        expect(result.shape, target.shape, what)
        wanted = self._types[dtype_of(tensor)]
        if result.dtype != wanted:
            raise TypeError(f"returned {what} of type {result.dtype}; expected {wanted}")
        target[...] = result.view(np.uint16) if tensor.code == 4 else result

    def set_threads(self, threads):
        return False

    def threads(self):
        return 1

    def version(self):
        return f"NumPy {np.__version__}"


class TorchArrays:
    """PyTorch's tensors, over the same memory on the cpu; what PyTorch cannot stride is copied."""

    name = "torch"

    def __init__(self, device):
        import torch

        self._torch = torch
        self._device = torch.device(device or "cpu")
        self._default_threads = torch.get_num_threads()
        self._types = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}

    def array(self, tensor):
        seen = view(tensor)
        if tensor.code == 4:
            seen = seen.view(np.int16)
        if any(s < 0 for s in seen.strides):
            seen = seen.copy()
        made = self._torch.from_numpy(seen)
        if tensor.code == 4:
            made = made.view(self._torch.bfloat16)
        return made if self._device.type == "cpu" else made.to(self._device)

    def boolean(self, array):
        return array.view(self._torch.bool)

    def from_numpy(self, values):
        return self._torch.from_numpy(values).to(self._device)

    def cast_like(self, array, like):
        return array.to(like.dtype)

    def where(self, condition, array, other):
        return self._torch.where(condition, array, other)

    def store(self, result, tensor, what):
        if not isinstance(result, self._torch.Tensor):
            raise TypeError(f"returned {type(result).__name__} for {what}; expected a torch.Tensor")
        target = view(tensor)
        expect(tuple(result.shape), target.shape, what)
        wanted = self._types[dtype_of(tensor)]
        if result.dtype != wanted:
            raise TypeError(f"returned {what} of type {result.dtype}; expected {wanted}")
        result = result.detach().cpu()
        if tensor.code == 4:
            target.view(np.int16)[...] = result.view(self._torch.int16).numpy()
        else:
            target[...] = result.numpy()

    def set_threads(self, threads):
        self._torch.set_num_threads(threads or self._default_threads)
        return True

    def threads(self):
        return self._default_threads

    def version(self):
        return f"PyTorch {self._torch.__version__}"


class JaxArrays:
    """JAX's arrays, which are copies. f64 needs jax_enable_x64."""

    name = "jax"

    def __init__(self, device):
        import jax

        self._jax = jax
        self._device = jax.devices(device or "cpu")[0]
        self._numpy = NumpyArrays("")

    def array(self, tensor):
        if dtype_of(tensor) == "f64" and not self._jax.config.jax_enable_x64:
            raise Declined("JAX has no f64 without jax_enable_x64")
        return self._jax.device_put(self._numpy.array(tensor).copy(), self._device)

    def boolean(self, array):
        return array.astype(bool)

    def from_numpy(self, values):
        return self._jax.device_put(values, self._device)

    def cast_like(self, array, like):
        return array.astype(like.dtype)

    def where(self, condition, array, other):
        return self._jax.numpy.where(condition, array, other)

    def store(self, result, tensor, what):
        self._numpy.store(np.asarray(result), tensor, what)

    def set_threads(self, threads):
        return False

    def threads(self):
        import os

        return os.cpu_count() or 1

    def version(self):
        return f"JAX {self._jax.__version__}"


def expect(shape, wanted, what):
    if tuple(shape) != tuple(wanted):
        raise ValueError(f"returned {what} of shape {list(shape)}; expected {list(wanted)}")


FRAMEWORKS = {"numpy": NumpyArrays, "torch": TorchArrays, "jax": JaxArrays}
