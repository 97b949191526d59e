"""attest: checks causal attention against its exact result, with a certified bound for every output.

assert_attention   raises AssertionError unless an output of attention is right
judge              the same, as a value
reference          the exact result and its radius
tolerance          how far a correct kernel can be from it, and atol and rtol for tests that need them
check              the whole campaign against a function
kernel_tests       the same as pytest items, one a law
bitwise            whether results keep their bits: by batch, decoding, chunk, threads, run
capture, watch     calls of a running program, recorded or judged
strategies         Hypothesis strategies for problems
"""

import importlib

# Where each name is. Modules are imported when a name is asked for: the process that hosts a kernel needs neither
# the extension nor Hypothesis.
_NAMES = {
    "Bits": "bits",
    "CheckError": "campaign",
    "Judgement": "judging",
    "Reference": "exact",
    "Report": "campaign",
    "Tolerance": "exact",
    "__version__": "_core",
    "assert_attention": "judging",
    "bitwise": "bits",
    "capture": "recording",
    "check": "campaign",
    "judge": "judging",
    "kernel_tests": "kernels",
    "reference": "exact",
    "tolerance": "exact",
    "watch": "watching",
}
_MODULES = ("signatures", "strategies")

__all__ = sorted([*_NAMES, *_MODULES])


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"attest.{name}")
    if name not in _NAMES:
        raise AttributeError(f"module 'attest' has no attribute '{name}'")
    globals()[name] = getattr(importlib.import_module(f"attest.{_NAMES[name]}"), name)
    return globals()[name]


def __dir__():
    return __all__
