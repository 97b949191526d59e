"""attest: checks causal attention against its exact result, with a certified bound for every output.

assert_attention   raises AssertionError unless an output of attention is right
judge              the same, as a value
reference          the exact result and its radius
tolerance          how far a correct kernel can be from it, and atol and rtol for tests that need them
"""

from attest._core import __version__
from attest.judge import Judgement, assert_attention, judge
from attest.reference import Reference, Tolerance, reference, tolerance

__all__ = [
    "Judgement",
    "Reference",
    "Tolerance",
    "__version__",
    "assert_attention",
    "judge",
    "reference",
    "tolerance",
]
