"""The names of Python kernels, "py:MODULE:FUNCTION[,signature=S][,device=D][,arrays=A]", and what they stand for."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass

from attest.adapters import KERNELS


@dataclass
class Spec:
    name: str
    module: str
    function: str
    signature: str = "sdpa"
    device: str = ""
    arrays: str = ""


def parse(text):
    """Throws ValueError, in one line, for what is no name of a Python kernel."""
    name, *options = text.split(",")
    if name.startswith("py:"):
        module, colon, function = name[3:].rpartition(":")
        if not colon or not module or not function:
            raise ValueError(f"'{name}' is not py:MODULE:FUNCTION")
        spec = Spec(text, module, function)
    else:
        known = KERNELS.get(name)
        if known is None:
            family = name.split(":")[0]
            names = ", ".join(each for each in KERNELS if each.startswith(family + ":"))
            raise ValueError(f"there is no kernel '{name}'; there are: {names}")
        missing = known.missing()
        if missing:
            raise ValueError(f"{name} is not available: {missing}")
        spec = Spec(text, known.module, known.function, known.signature)
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or key not in ("signature", "device", "arrays"):
            raise ValueError(f"'{option}' is no option of a Python kernel: signature=, device=, arrays=")
        setattr(spec, key, value)
    return spec


def load(module):
    """Imports a module by its dotted name, or by the path of its file."""
    if not module.endswith(".py"):
        return importlib.import_module(module)
    path = os.path.abspath(module)
    if not os.path.isfile(path):
        raise ValueError(f"there is no file {module}")
    folder, name = os.path.split(path)
    name = name[: -len(".py")]
    if folder not in sys.path:
        sys.path.insert(0, folder)
    found = importlib.util.spec_from_file_location(name, path)
    made = importlib.util.module_from_spec(found)
    sys.modules[name] = made
    found.loader.exec_module(made)
    return made


def attribute(module, dotted):
    value = module
    for part in dotted.split("."):
        if not hasattr(value, part):
            raise ValueError(f"{module.__name__} has no {dotted}")
        value = getattr(value, part)
    if not callable(value):
        raise ValueError(f"{module.__name__}.{dotted} is not callable")
    return value
