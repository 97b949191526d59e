"""What the arrays of NumPy, PyTorch, JAX, CuPy and others hold, read where they keep it.

An array is not copied where its elements lie in the host's memory in a type that attest judges. Copies are made of
elements on a device, of 8-bit floats (as float16, exactly), of other byte orders, and of inputs that attest reads in
one type only (a mask, a bias, lengths, numbers for each head).
"""

from __future__ import annotations

import math
import sys
from typing import Any, NamedTuple

from attest._core import Array

FLOATS = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
FLOATS8 = ("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e4m3", "float8_e3m4")
MOST_ELEMENTS = 2**36
EXPECTED = "float64, float32, float16, bfloat16 or an 8-bit float"


class Elements(NamedTuple):
    """Elements of an array, whatever library it is of."""

    dtype: str  #: "float32", "bfloat16", "float8_e4m3fn", "bool", "int64", ...
    shape: tuple[int, ...]
    strides: tuple[int, ...]  #: in elements
    address: int  #: of the element at index 0 of every axis
    owner: Any  #: keeps them

    def array(self, dtype: str) -> Array:
        """The same elements for the extension, under one of its dtypes."""
        return Array.at(self.address, dtype, list(self.shape), list(self.strides), self.owner)

    def permuted(self, *axes: int) -> Elements:
        return self._replace(shape=tuple(self.shape[a] for a in axes), strides=tuple(self.strides[a] for a in axes))

    def with_leading_axes(self, rank: int) -> Elements:
        missing = rank - len(self.shape)
        return self._replace(shape=(1,) * missing + self.shape, strides=(0,) * missing + self.strides)


def elements_of(name: str, value: Any) -> Elements:
    """Reads an array. Raises TypeError that names it."""
    try:
        elements = _read(value)
    except MemoryError:
        raise
    except Exception as error:  # whatever an object raises when it is asked for its elements
        raise TypeError(f"{name} is {shown(value)}, expected a dense array of floats: {one_line(error)}") from None
    if math.prod(elements.shape) > MOST_ELEMENTS:
        raise ValueError(f"{name} has shape {list(elements.shape)}, expected at most 2^36 elements")
    return elements


def _read(value: Any) -> Elements:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _of_torch(torch, value)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _of_numpy(numpy, value)
    jax = sys.modules.get("jax")
    if jax is not None and isinstance(value, jax.Array):
        return _converted(value)
    cupy = sys.modules.get("cupy")
    if cupy is not None and isinstance(value, cupy.ndarray):
        return _converted(value.get())
    array = Array.of(value)
    names = {short: long for long, short in FLOATS.items()} | {"i32": "int32", "u8": "uint8"}
    return Elements(names[array.dtype], tuple(array.shape), tuple(array.strides), array.address, array)


def _converted(value: Any) -> Elements:
    import numpy

    return _of_numpy(numpy, numpy.asarray(value))


def _of_torch(torch: Any, tensor: Any) -> Elements:
    if tensor.layout != torch.strided or tensor.is_nested or tensor.is_quantized:
        raise TypeError("sparse, nested and quantised tensors have no elements at strides")
    if tensor.is_meta:
        raise TypeError("a tensor on the device 'meta' holds no elements")
    tensor = tensor.detach()
    if tensor.device.type != "cpu":
        tensor = tensor.cpu()
    tensor = tensor.resolve_conj().resolve_neg()
    dtype = str(tensor.dtype).removeprefix("torch.")
    address = tensor.data_ptr() if tensor.numel() > 0 else 0
    if address == 0 and tensor.numel() > 0:
        raise TypeError("the tensor holds no elements")
    return Elements(dtype, tuple(tensor.shape), tuple(tensor.stride()), address, tensor)


def _of_numpy(numpy: Any, array: Any) -> Elements:
    if isinstance(array, numpy.ma.MaskedArray):
        raise TypeError("a masked array has elements without a value")
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    size = array.dtype.itemsize
    if array.dtype.hasobject or size == 0:
        raise TypeError("its elements are objects")
    if any(stride % size for stride in array.strides):
        array = numpy.ascontiguousarray(array)
    strides = tuple(stride // size for stride in array.strides)
    address = array.__array_interface__["data"][0]
    return Elements(array.dtype.name, array.shape, strides, address, array)


def widened(elements: Elements, dtype: str) -> Elements:
    """The elements in a wider type, "float16" or "bfloat16" or "float32": exact for 8-bit floats. A copy."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(elements.owner, torch.Tensor):
        return _of_torch(torch, elements.owner.to(torch.float32).to(getattr(torch, dtype)))
    import numpy

    if dtype == "bfloat16":
        import ml_dtypes

        return _of_numpy(numpy, elements.owner.astype(numpy.float32).astype(ml_dtypes.bfloat16))
    return _of_numpy(numpy, elements.owner.astype(numpy.float32).astype(dtype))


def shown(value: Any) -> str:
    """A value in a message: itself where it is short, else its type."""
    if value is None or isinstance(value, (bool, int, float, str, bytes, tuple)):
        text = repr(value)
        if len(text) <= 60 and "\n" not in text:
            return text
    kind = type(value)
    return f"a {kind.__qualname__ if kind.__module__ == 'builtins' else f'{kind.__module__}.{kind.__qualname__}'}"


def one_line(error: Exception) -> str:
    """What it says, cut short."""
    text = " ".join(str(error).split())
    return text if len(text) <= 160 else text[:157] + "..."
