"""The exact result of attention, and how far from it a correct kernel can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from attest import _core
from attest.problems import Arguments, problem_of, text_of, threads_of

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy import float64
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[float64]


class Reference(NamedTuple):
    """Arrays of NumPy in float64. The exact result is within `radius` of `out`, that of lse within `lse_radius`.

    Where inputs are not finite, out is NaN and radius infinite. Rows that see no key have out 0 and lse -inf.
    """

    out: Floats
    lse: Floats
    radius: Floats
    lse_radius: Floats


class Tolerance(NamedTuple):
    """How far from the exact result a correct kernel can be, for each output; infinite: anywhere."""

    expected: Floats  #: the exact result
    bound: Floats
    lse: Floats
    lse_bound: Floats
    contract: str  #: the arithmetic that was assumed
    unit_roundoff: float  #: of query's dtype

    def allclose(self) -> tuple[float, float]:
        """(atol, rtol) for numpy.allclose and its like against the exact result: no correct kernel fails.

        rtol is the unit roundoff of query's dtype, atol the least that goes with it on these inputs. Raises
        ValueError where an output has no bound.
        """
        needed = self.bound - self.unit_roundoff * abs(self.expected)
        atol = float(needed.max(initial=0.0))
        if not atol < float("inf"):
            raise ValueError("some outputs may be anywhere under this contract: there is no such tolerance")
        return atol, self.unit_roundoff


def reference(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    causal: str | None = None,
    window: tuple[int, int] | None = None,
    softcap: float = 0.0,
    sinks: Any = None,
    alibi_slopes: Any = None,
    kv_lens: Any = None,
    layout: str = "bhtd",
    threads: int | None = None,
) -> Reference:
    """Computes attention to a stated radius. The arguments are those of attest.judge. Needs NumPy."""
    how = Arguments(
        attn_mask, dropout_p, is_causal, scale, causal, window, softcap, sinks, alibi_slopes, kv_lens, layout
    )
    found = _certified(query, key, value, how, "", False, threads)
    return Reference(*(found[name] for name in ("out", "lse", "radius", "lse_radius")))


def tolerance(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    causal: str | None = None,
    window: tuple[int, int] | None = None,
    softcap: float = 0.0,
    sinks: Any = None,
    alibi_slopes: Any = None,
    kv_lens: Any = None,
    layout: str = "bhtd",
    contract: str | None = None,
    threads: int | None = None,
) -> Tolerance:
    """Computes the bound of every output. The arguments are those of attest.judge. Needs NumPy."""
    how = Arguments(
        attn_mask, dropout_p, is_causal, scale, causal, window, softcap, sinks, alibi_slopes, kv_lens, layout
    )
    found = _certified(query, key, value, how, text_of("contract", contract), True, threads)
    return Tolerance(*(found[name] for name in ("out", "bound", "lse", "lse_bound", "contract", "unit_roundoff")))


def _certified(
    query: Any, key: Any, value: Any, how: Arguments, contract: str, sharp: bool, threads: int | None
) -> dict[str, Any]:
    problem = problem_of(query, key, value, how)
    found = _core.certify(problem.inputs, problem.numbers, problem.causal, contract, sharp, threads_of(threads))
    for name, array in found.items():
        if name in ("contract", "unit_roundoff"):
            continue
        if how.layout == "bthd" and array.ndim == 4 and problem.axes > 2:
            array = array.swapaxes(1, 2)
        found[name] = array.reshape(array.shape[4 - problem.axes :])
    return found
