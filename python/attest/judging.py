"""Judges outputs of attention: is each no further from the exact result than a correct kernel can be?"""

from __future__ import annotations

import html
import json
from typing import Any

from attest import _core
from attest.problems import Arguments, problem_of, text_of, threads_of, whole_number


class Judgement:
    """What was found out about outputs. `print` shows it as on a terminal.

    verdict      "conforming", "defective", "suspect" or "mistrusted"
    max_ratio    the largest |got - exact| / bound; above 1 an output is wrong
    worst        the worst element of the first finding, {"at", "expected", "got", "bound", "bound_ratio"}; or None
    findings     a list; each has "summary", "elements", "diagnosis", "laws", "would_conform_under"
    diagnosis    known faults that explain the first finding, best first
    certified    how many outputs have a bound that says something, of `outputs` that were judged
    rows         (judged, all): query rows
    contract     the arithmetic that the bound assumes
    inferred     where none was given and the assumed one does not explain the outputs: {"fields", "class", "reasons"}
                 of one that does, "ordinary" (still conforming) or "narrower" (suspect)
    mistrust     why the check is too weak to count
    report       everything, as in `attest check --json`
    """

    def __init__(self, report: _core.Report) -> None:
        self.verdict: str = report.verdict
        self.text: str = report.text
        self.report: dict[str, Any] = json.loads(report.json)
        self.findings: list[dict[str, Any]] = self.report["findings"]
        self.max_ratio: float = float(self.report["max_bound_ratio"])
        self.outputs: int = self.report["outputs"]
        self.certified: int = self.report["informative"]
        self.contract: str = self.report["contract"]
        self.mistrust: list[str] = self.report["mistrust"]
        self.rows: tuple[int, int] = (self.report["rows"]["judged"], self.report["rows"]["total"])

    @property
    def ok(self) -> bool:
        """Whether every judged output is right, and the check strong enough to say so."""
        return self.verdict == "conforming"

    @property
    def worst(self) -> dict[str, Any] | None:
        elements = self.findings[0]["elements"] if self.findings else []
        return elements[0] if elements else None

    @property
    def inferred(self) -> dict[str, Any] | None:
        """The contract under which the outputs are right, where it is not the one that was assumed."""
        found: dict[str, Any] | None = self.report["contract_inferred"]
        return found

    @property
    def diagnosis(self) -> list[dict[str, Any]]:
        return self.findings[0]["diagnosis"] if self.findings else []

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<attest.Judgement {self.verdict}: {self.certified} of {self.outputs} outputs certified, worst at {self.max_ratio:.3g} of its bound>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.text)}</pre>"


def judge(
    out: Any,
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    lse: Any = None,
    causal: str | None = None,
    window: tuple[int, int] | None = None,
    softcap: float = 0.0,
    sinks: Any = None,
    alibi_slopes: Any = None,
    kv_lens: Any = None,
    layout: str = "bhtd",
    contract: str | None = None,
    rows: int | None = None,
    seed: int = 1,
    threads: int | None = None,
) -> Judgement:
    """Compares `out` with the exact result of attention, within the bound of a correct kernel.

    The first arguments are those of torch.nn.functional.scaled_dot_product_attention, with its defaults and layout:

    out, query, key, value
        [batch, heads, length, dim] (or without batch, or without batch and heads) in float64, float32, float16 or
        bfloat16; query, key and value also in 8-bit floats. Any strides. key and value may have fewer heads.
    attn_mask
        bool (True: the key is seen) or floats to be added, broadcast to [batch, heads, rows, keys].
    is_causal
        row i sees keys 0 to i: the same as causal="top-left". Together with a mask, both hide keys.
    scale
        None: 1 / sqrt(dim of query).
    dropout_p
        must be 0.
    enable_gqa
        accepted for the sake of PyTorch's signature; heads are grouped wherever key has fewer.

    and beyond it:

    lse
        [batch, heads, length] in float32 (float64 for float64 queries): also judged.
    causal
        "none", "top-left" or "bottom-right": the last row sees all keys (FlashAttention).
    window
        (left, right): keys further than this from the row's position are not seen; -1: no limit.
    softcap
        scores become softcap * tanh(score / softcap); 0: none.
    sinks
        [heads]: one more score for the denominator.
    alibi_slopes
        [heads]: slope * distance is subtracted from scores.
    kv_lens
        [batch]: keys from kv_lens[b] on are padding.
    layout
        "bhtd", or "bthd" for [batch, length, heads, dim]; lse is [batch, heads, length] in both.
    contract
        the arithmetic that the kernel promises, as `attest list contracts` names it; None: the loosest that the
        dtypes suggest.
    rows
        judge a sample of this many query rows, drawn by `seed`, in place of all of them. The rows that were not
        judged have no certificate.
    threads
        None: one a processor.

    Raises TypeError or ValueError for arguments that make no problem.
    """
    how = Arguments(
        attn_mask, dropout_p, is_causal, scale, causal, window, softcap, sinks, alibi_slopes, kv_lens, layout
    )
    if out is None:
        raise TypeError("out is None, expected an array")
    problem = problem_of(query, key, value, how, out, lse)
    assert problem.out is not None
    return Judgement(
        _core.judge(
            problem.inputs,
            problem.numbers,
            problem.causal,
            problem.out,
            problem.lse,
            text_of("contract", contract),
            None if rows is None else whole_number("rows", rows, 1, 2**62),
            whole_number("seed", seed, 0, 2**64 - 1),
            threads_of(threads),
        )
    )


def assert_attention(
    out: Any,
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    **more: Any,
) -> Judgement:
    """Raises AssertionError, with the finding as `attest check` prints it, unless `out` is right.

    The arguments are those of attest.judge. It also fails where the check is too weak to say that the outputs are
    right. Outputs without an element pass.
    """
    __tracebackhide__ = True
    found = judge(out, query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa, **more)
    if not found.ok and found.outputs > 0:
        raise AssertionError("\n" + found.text)
    return found
