"""attest_forward and DLTensor of include/attest/kernel.h, as ctypes sees them."""

from __future__ import annotations

import ctypes

DECLINED = 1
CAUSAL = {0: None, 1: "top-left", 2: "bottom-right"}


class DLTensor(ctypes.Structure):
    _fields_ = [
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("code", ctypes.c_uint8),
        ("bits", ctypes.c_uint8),
        ("lanes", ctypes.c_uint16),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("byte_offset", ctypes.c_uint64),
    ]


_Tensor = ctypes.POINTER(DLTensor)


class Forward(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("abi", ctypes.c_uint32),
        ("q", _Tensor),
        ("k", _Tensor),
        ("v", _Tensor),
        ("out", _Tensor),
        ("lse", _Tensor),
        ("scale", ctypes.c_double),
        ("causal", ctypes.c_int32),
        ("reserved", ctypes.c_int32),
        ("window_left", ctypes.c_int64),
        ("window_right", ctypes.c_int64),
        ("softcap", ctypes.c_double),
        ("bias", _Tensor),
        ("mask", _Tensor),
        ("alibi_slopes", _Tensor),
        ("sink", _Tensor),
        ("kv_lens", _Tensor),
    ]


# DLPack's codes of types: 0 signed, 1 unsigned, 2 float, 4 bfloat.
DTYPES = {(2, 64): "f64", (2, 32): "f32", (2, 16): "f16", (4, 16): "bf16", (1, 8): "u8", (0, 32): "i32"}
