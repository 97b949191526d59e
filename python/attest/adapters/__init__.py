"""Kernels of frameworks that attest knows by name. A name is available where the framework is installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    requires: tuple[str, ...]
    module: str
    function: str
    signature: str

    def missing(self):
        """Why it cannot run here; empty if it can. Imports nothing of the framework."""
        missing = [name for name in self.requires if importlib.util.find_spec(name) is None]
        return f"the Python package {missing[0]} is not installed" if missing else ""


_TORCH = "attest.adapters.torch_kernels"
_JAX = "attest.adapters.jax_kernels"
_FLA = "attest.adapters.fla_kernels"
_CONCH = "attest.adapters.conch_kernels"

KERNELS = {
    "torch:sdpa-math": Named(("torch",), _TORCH, "sdpa_math", "sdpa"),
    "torch:sdpa-flash": Named(("torch",), _TORCH, "sdpa_flash", "sdpa"),
    "torch:mha-fast-path": Named(("torch",), _TORCH, "mha_fast_path", "attest"),
    "torch:flex": Named(("torch",), _TORCH, "flex", "flex"),
    "torch:flex-compiled": Named(("torch",), _TORCH, "flex_compiled", "flex"),
    "jax:xla": Named(("jax",), _JAX, "xla", "jax"),
    "jax:pallas-interpret": Named(("jax",), _JAX, "pallas_interpret", "attest"),
    "triton:fla-parallel": Named(("triton", "torch", "fla"), _FLA, "parallel", "attest"),
    "triton:conch-varlen": Named(("triton", "torch", "conch"), _CONCH, "varlen", "attest"),
}
