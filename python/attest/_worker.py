"""The process that hosts a Python kernel: _worker.py LIBRARY SPEC, started by attest and not by hand.

It holds one interpreter for one kernel and imports its module once. libattest_python.so speaks attest's protocol,
and calls back for every problem.
"""

import os
import sys

sys.path[0] = os.getcwd()
_HERE = os.path.dirname(os.path.abspath(__file__))
_ROOT = os.path.dirname(_HERE)
if _ROOT not in sys.path:
    sys.path.insert(1, _ROOT)

import ctypes  # noqa: E402
import importlib  # noqa: E402
import traceback  # noqa: E402


# Of a message's first line; frameworks write pages.
_LONGEST = 300


def _is_own(filename):
    """attest's own code, or the interpreter's import."""
    own = (_HERE, os.path.dirname(importlib.__file__))
    return os.path.dirname(filename) in own or filename.startswith("<frozen importlib")


def describe(error):
    """One line: the exception and where it came from, the innermost place last."""
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    message = (str(error).strip().splitlines() or [""])[0][:_LONGEST]
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not _is_own(f.filename)]
    places = [f"{os.path.basename(f.filename)}:{f.lineno} in {f.name}: {f.line}" for f in frames[-3:]]
    text = f"{name}: {message}" if message else name
    return " ".join((f"{text} [{'; '.join(places)}]" if places else text).split())


class Worker:
    """The callbacks of one kernel. Nothing that Python raises leaves them."""

    def __init__(self, library, spec):
        self._library = library
        self._spec = spec
        self.arrays = self._function = self._signature = None
        self._problem = self._declines = self._declined = None

    def _fail(self, error):
        if not isinstance(error, ValueError) or error.__traceback__ is not None:
            traceback.print_exception(error)
        self._library.attest_python_fail(describe(error).encode())

    def open(self):
        try:
            from attest import _abi, _arrays, calls, signatures, specs

            self._problem = lambda address: calls.Problem(_abi.Forward.from_address(address), self.arrays, _abi.CAUSAL)
            self._declines = (calls.Declined, NotImplementedError)
            self._declined = _abi.DECLINED
            spec = specs.parse(self._spec)
            self._function = specs.attribute(specs.load(spec.module), spec.function)
            self._signature = signatures.find(spec.signature)
            framework = spec.arrays or signatures.arrays_of(self._signature, self._function)
            if framework not in _arrays.FRAMEWORKS:
                raise ValueError(f"no arrays of '{framework}'; there are: {', '.join(_arrays.FRAMEWORKS)}")
            self.arrays = _arrays.FRAMEWORKS[framework](spec.device)
            contract = getattr(self._function, "attest_contract", "")
            by_mask = getattr(self._signature, "kv_lens_by_mask", "")
            self._library.attest_python_describe(
                self._spec.encode(), self.arrays.version().encode(), contract.encode(), by_mask.encode(), self.arrays.threads()
            )
            return 1
        except BaseException as error:  # whatever a module does when it is imported
            self._library.attest_python_fail(f"cannot open {self._spec}: {describe(error)}".encode())
            return 0

    def forward(self, address):
        try:
            problem = self._problem(address)
            result = self._signature(self._function, problem)
            if isinstance(result, int) and not isinstance(result, bool):
                return result
            if result is NotImplemented:
                return self._declined
            problem.store(result)
            return 0
        except self._declines:
            return self._declined
        except BaseException as error:
            self._fail(error)
            return -1

    def set_threads(self, threads):
        try:
            return 1 if self.arrays.set_threads(threads) else 0
        except Exception:
            return 0


def serve(path, spec):
    library = ctypes.CDLL(path)
    worker = Worker(library, spec)
    opened = ctypes.CFUNCTYPE(ctypes.c_int)(worker.open)
    forward = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(worker.forward)
    threads = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(worker.set_threads)
    on_cpu = ",device=" not in spec or ",device=cpu" in spec
    library.attest_python_serve(opened, forward, threads, 1 if on_cpu else 0)


def list_kernels(family):
    from attest.adapters import KERNELS

    for name, kernel in KERNELS.items():
        if name.startswith(family + ":"):
            missing = kernel.missing()
            print(name + (f"\t{missing}" if missing else ""))


if __name__ == "__main__":
    os.environ.pop("GLIBC_TUNABLES", None)
    if sys.argv[1] == "--list":
        list_kernels(sys.argv[2])
    else:
        serve(sys.argv[1], sys.argv[2])
