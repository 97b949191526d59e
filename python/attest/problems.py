"""Calls of attention, in the arguments of PyTorch's scaled_dot_product_attention and more, as problems of attest."""

from __future__ import annotations

import math
import os
from array import array as packed
from typing import Any, NamedTuple

from attest._core import Array
from attest.arrays import EXPECTED, FLOATS, FLOATS8, Elements, elements_of, one_line, shown, widened

CAUSAL = ("none", "top-left", "bottom-right")
LAYOUTS = ("bhtd", "bthd")


class Problem(NamedTuple):
    """What the extension takes."""

    inputs: dict[str, Array]
    numbers: dict[str, float]
    causal: str
    out: Array | None
    lse: Array | None
    axes: int  #: of query as it was given


class Arguments(NamedTuple):
    """The arguments that say what is computed, by the names of attest.assert_attention."""

    attn_mask: Any
    dropout_p: float
    is_causal: bool
    scale: float | None
    causal: str | None
    window: tuple[int, int] | None
    softcap: float
    sinks: Any
    alibi_slopes: Any
    kv_lens: Any
    layout: str


def problem_of(query: Any, key: Any, value: Any, how: Arguments, out: Any = None, lse: Any = None) -> Problem:
    """Raises TypeError or ValueError with what was expected. `out` and `lse` are left out where they are None."""
    _one_of("layout", how.layout, LAYOUTS)
    if isinstance(how.dropout_p, bool) or _number("dropout_p", how.dropout_p) != 0:
        raise ValueError(f"dropout_p is {shown(how.dropout_p)}, expected 0: with dropout there is no exact result")
    result = None if out is None else _floats("out", out)
    if result is not None and result.dtype in FLOATS8:
        raise TypeError(f"out is {result.dtype}, expected float64, float32, float16 or bfloat16")
    q, k, v = (_floats(name, given) for name, given in (("query", query), ("key", key), ("value", value)))
    q = _in_16_bits(q, like=result)
    k, v = _in_16_bits(k, like=v), _in_16_bits(v, like=k)
    rank = len(q.shape)
    if not 2 <= rank <= 4:
        raise ValueError(f"query has shape {list(q.shape)}, expected 2 to 4 axes: {_axes(how.layout)}")
    named = {"key": k, "value": v} | ({} if result is None else {"out": result})
    for name, elements in named.items():
        if len(elements.shape) != rank:
            raise ValueError(f"{name} has {len(elements.shape)} axes, expected {rank} as query has")
    q, k, v = (_in_order(x, how.layout) for x in (q, k, v))
    inputs = {"q": _array(q), "k": _array(k), "v": _array(v)}
    lengths = (q.shape[0], q.shape[1], q.shape[2], k.shape[2])
    inputs |= _mask(how.attn_mask, lengths)
    inputs |= _vector("sinks", "sink", how.sinks, lengths[1], "f")
    inputs |= _vector("alibi_slopes", "alibi_slopes", how.alibi_slopes, lengths[1], "f")
    inputs |= _vector("kv_lens", "kv_lens", how.kv_lens, lengths[0], "i")
    return Problem(
        inputs,
        _numbers(how, q.shape[3]),
        _causal(how),
        None if result is None else _array(_in_order(result, how.layout)),
        None if lse is None else _lse(lse, rank),
        rank,
    )


def threads_of(threads: int | None) -> int:
    """The number of threads to use; None: one a processor that this process may run on."""
    if threads is None:
        return len(os.sched_getaffinity(0))
    return whole_number("threads", threads, 1, 1024)


def whole_number(name: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} is {shown(value)}, expected a whole number")
    if not least <= value.__index__() <= most:
        raise ValueError(f"{name} is {shown(value)}, expected {least} to {most}")
    return int(value.__index__())


def text_of(name: str, value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name} is {shown(value)}, expected a text")
    return value or ""


def _axes(layout: str) -> str:
    return "[batch, heads, length, dim]" if layout == "bhtd" else "[batch, length, heads, dim]"


def _one_of(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} is {shown(value)}, expected {' or '.join(map(repr, allowed))}")


def _number(name: str, value: Any) -> float:
    if isinstance(value, (bool, str, bytes, bytearray)) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        raise TypeError(f"{name} is {shown(value)}, expected a number")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise TypeError(f"{name} is {shown(value)}, expected a number") from None


def _flag(name: str, value: Any) -> bool:
    if type(value).__name__ not in ("bool", "bool_"):
        raise TypeError(f"{name} is {shown(value)}, expected True or False")
    return bool(value)


def _floats(name: str, value: Any) -> Elements:
    elements = elements_of(name, value)
    if elements.dtype not in FLOATS and elements.dtype not in FLOATS8:
        raise TypeError(f"{name} is {elements.dtype}, expected {EXPECTED}")
    return elements


def _in_16_bits(elements: Elements, like: Elements | None) -> Elements:
    if elements.dtype not in FLOATS8:
        return elements
    return widened(elements, like.dtype if like is not None and like.dtype in FLOATS else "float16")


def _in_order(elements: Elements, layout: str) -> Elements:
    """As [batch, heads, length, dim]."""
    if layout == "bthd" and len(elements.shape) > 2:
        axes = (1, 0, 2) if len(elements.shape) == 3 else (0, 2, 1, 3)
        elements = elements.permuted(*axes)
    return elements.with_leading_axes(4)


def _array(elements: Elements) -> Array:
    return elements.array(FLOATS[elements.dtype])


def _lse(lse: Any, rank: int) -> Array:
    elements = _floats("lse", lse)
    if elements.dtype not in ("float32", "float64"):
        raise TypeError(f"lse is {elements.dtype}, expected float32, or float64 where query is float64")
    if len(elements.shape) != rank - 1:
        raise ValueError(f"lse has {len(elements.shape)} axes, expected {rank - 1}: [batch, heads, length]")
    return _array(elements.with_leading_axes(3))


def _numbers(how: Arguments, qk_dim: int) -> dict[str, float]:
    scale = 1 / math.sqrt(max(qk_dim, 1)) if how.scale is None else _number("scale", how.scale)
    numbers = {"scale": scale, "softcap": _number("softcap", 0 if how.softcap is None else how.softcap)}
    if how.window is None:
        return numbers
    if not isinstance(how.window, (tuple, list)) or len(how.window) != 2:
        raise TypeError(f"window is {shown(how.window)}, expected two whole numbers: keys to the left and to the right")
    sides = [whole_number("window", side, -1, 2**53) for side in how.window]
    return numbers | {"window_left": float(sides[0]), "window_right": float(sides[1])}


def _causal(how: Arguments) -> str:
    if how.causal is not None:
        _one_of("causal", how.causal, CAUSAL)
    if not _flag("is_causal", how.is_causal):
        return how.causal or "none"
    if how.causal not in (None, "top-left"):
        raise ValueError(f"is_causal=True means causal='top-left', but causal is {shown(how.causal)}")
    return "top-left"


def _mask(mask: Any, lengths: tuple[int, ...]) -> dict[str, Array]:
    """A mask of PyTorch: bool, True where a key is seen, or floats that are added to scores."""
    if mask is None:
        return {}
    elements = elements_of("attn_mask", mask)
    if elements.dtype not in FLOATS and elements.dtype != "bool":
        raise TypeError(f"attn_mask is {elements.dtype}, expected bool (True: the key is seen) or floats to be added")
    if len(elements.shape) > 4:
        raise ValueError(f"attn_mask has {len(elements.shape)} axes, expected at most 4: [batch, heads, rows, keys]")
    elements = elements.with_leading_axes(4)
    for axis, (extent, wanted) in enumerate(zip(elements.shape, lengths, strict=True)):
        if extent not in (1, wanted):
            raise ValueError(
                f"attn_mask has shape {list(elements.shape)}, expected {list(lengths)}, or 1 in place of axis {axis}"
            )
    if elements.dtype != "bool":
        return {"bias": _as_float32("attn_mask", elements, lengths[3])}
    return {"mask": _over_keys(elements, lengths[3]).array("u8")}


def _over_keys(elements: Elements, keys: int) -> Elements:
    """One column stands for all keys."""
    if elements.shape[3] == keys:
        return elements
    return elements._replace(shape=(*elements.shape[:3], keys), strides=(*elements.strides[:3], 0))


def _as_float32(name: str, elements: Elements, keys: int) -> Array:
    if elements.dtype == "float32":
        return _over_keys(elements, keys).array("f32")
    try:
        narrow = Array.as_float32(_array(elements))
    except ValueError:
        raise ValueError(f"{name} is float64 and holds values that are no float32; pass what the kernel adds") from None
    owned = Elements("float32", tuple(narrow.shape), tuple(narrow.strides), narrow.address, narrow)
    return _over_keys(owned, keys).array("f32")


def _vector(name: str, field: str, value: Any, length: int, code: str) -> dict[str, Array]:
    """Numbers for each head or batch: an array or a sequence."""
    if value is None:
        return {}
    expected = f"expected {length} {'whole numbers' if code == 'i' else 'numbers'}"
    if isinstance(value, (str, bytes, dict, set)) or not (hasattr(value, "tolist") or isinstance(value, (list, tuple))):
        raise TypeError(f"{name} is {shown(value)}, {expected}")
    try:
        shape = tuple(value.shape) if hasattr(value, "shape") else (len(value),)
        numbers = value.tolist() if hasattr(value, "tolist") and shape == (length,) else value
    except Exception as error:  # whatever an object raises when it is asked for its numbers
        raise TypeError(f"{name} is {shown(value)}, {expected}: {one_line(error)}") from None
    if shape != (length,):
        raise ValueError(f"{name} has shape {list(shape)}, {expected}")
    if code == "i":
        return {field: Array.of(packed("i", [whole_number(name, number, 0, 2**31 - 1) for number in numbers]))}
    floats = [_number(name, number) for number in numbers]
    kept = packed("f", [_in_range(name, number) for number in floats])
    for number, single in zip(floats, kept, strict=True):
        if number != single and number == number:
            raise ValueError(f"{name} holds {number}, which is no float32; pass the numbers that the kernel reads")
    return {field: Array.of(kept)}


def _in_range(name: str, number: float) -> float:
    if math.isfinite(number) and abs(number) > 3.4028234663852886e38:
        raise ValueError(f"{name} holds {number}, which is no float32")
    return number
