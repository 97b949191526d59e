"""Kernels of frameworks that attest knows by name. A name is available where the framework is installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    requires: str
    module: str
    function: str
    signature: str

    def missing(self):
        """Why it cannot run here; empty if it can. Imports nothing of the framework."""
        found = importlib.util.find_spec(self.requires) is not None
        return "" if found else f"the Python package {self.requires} is not installed"


_TORCH = "attest.adapters.torch_kernels"
_JAX = "attest.adapters.jax_kernels"

KERNELS = {
    "torch:sdpa-math": Named("torch", _TORCH, "sdpa_math", "sdpa"),
    "torch:sdpa-flash": Named("torch", _TORCH, "sdpa_flash", "sdpa"),
    "torch:mha-fast-path": Named("torch", _TORCH, "mha_fast_path", "attest"),
    "torch:flex": Named("torch", _TORCH, "flex", "flex"),
    "torch:flex-compiled": Named("torch", _TORCH, "flex_compiled", "flex"),
    "jax:xla": Named("jax", _JAX, "xla", "jax"),
    "jax:pallas-interpret": Named("jax", _JAX, "pallas_interpret", "attest"),
}
