"""attest.check: the whole campaign of `attest check` against a function, from Python."""

from __future__ import annotations

import glob
import importlib.util
import inspect
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

from attest.adapters import KERNELS


def executable():
    """The program `attest`: $ATTEST_EXECUTABLE, the one of this package, of the source tree's newest build, or of PATH."""
    here = os.path.dirname(os.path.realpath(__file__))
    named = os.environ.get("ATTEST_EXECUTABLE")
    built = sorted(glob.glob(os.path.join(here, "..", "..", "build", "*", "attest")), key=os.path.getmtime, reverse=True)
    for path in (named, os.path.join(here, "bin", "attest"), *built, *_all_in_path("attest")):
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.abspath(path)
    raise FileNotFoundError("the program attest is not found; ATTEST_EXECUTABLE names it")


def _all_in_path(name):
    """Programs of this name in PATH, without scripts: the package's own script starts what this finds."""
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path
        except OSError:
            pass


def spec_of(fn, signature="sdpa", device=""):
    """The name of a function for `attest check`, which imports it in a process of its own.

    fn: a function of a module or of a file, or a name ("py:module:function", "torch:sdpa-math"). ValueError for what
    an import does not reach: lambdas, functions inside functions, bound methods, partial objects.
    """
    if isinstance(fn, str):
        name = fn
        if not name.startswith("py:") and name.split(",")[0] not in KERNELS:
            name = "py:" + name
    else:
        if not callable(fn):
            raise TypeError(f"fn is {type(fn).__name__}; expected a function or its name")
        function = getattr(fn, "__qualname__", "")
        module = getattr(fn, "__module__", None)
        if not function or not module or "<" in function or inspect.ismethod(fn):
            raise ValueError(
                f"{fn!r} cannot be imported by name: attest runs kernels in a process of their own, so fn has to be a "
                "function at the top level of a module or of a file"
            )
        path = _file_of(module)
        name = f"py:{path or module}:{function}"
    if not isinstance(signature, str):
        signature = spec_of(signature)[len("py:") :]
    if signature and signature != "sdpa" and ",signature=" not in name:
        name += f",signature={signature}"
    if device and ",device=" not in name:
        name += f",device={device}"
    return name


def _file_of(module):
    """The path of the module's file, where a name would not do: for the script, a test module, and a module of one file
    outside the installed packages, which `attest replay` would not find without this process's sys.path."""
    loaded = sys.modules.get(module)
    path = getattr(loaded, "__file__", None)
    if module != "__main__" and path is not None:
        try:
            found = importlib.util.find_spec(module)
        except (ImportError, ValueError):
            found = None
        same = found is not None and found.origin and os.path.samefile(found.origin, path)
        if same and ("." in module or path.startswith((sys.prefix, sys.base_prefix))):
            return None
    if path is None or not os.path.isfile(path):
        raise ValueError(f"the module {module} has no file, so no other process can import from it")
    return os.path.abspath(path)


@dataclass
class Report:
    """What a campaign found. verdict: conforming, defective, suspect or mistrusted. findings: one dictionary each, as in
    the JSON of `attest check` (law, kind, summary, case, elements, diagnosis, replay). laws: by name, with the status held,
    broken, not-applicable or declined. text: as on the terminal. exit: as of the command."""

    name: str
    verdict: str
    findings: list
    laws: dict
    text: str
    exit: int
    json: dict = field(repr=False)

    @property
    def conforming(self):
        return self.verdict == "conforming"

    def __repr__(self):
        return f"<attest.Report {self.name}: {self.verdict}, {len(self.findings)} findings>"

    def __str__(self):
        return self.text

    def _repr_html_(self):
        import html

        return f"<pre>{html.escape(self.text)}</pre>"


class CheckError(RuntimeError):
    """The campaign could not run: the function cannot be imported, an option is wrong."""


def check(
    fn,
    signature="sdpa",
    *,
    device="",
    effort="quick",
    seed=1,
    cases=None,
    budget=None,
    contract="",
    require="",
    require_bitwise="",
    time_limit=None,
    findings="findings",
    jobs=None,
    python=None,
):
    """Runs `attest check` against a function and returns its Report.

    fn: a function that a process of its own can import, or a name (see spec_of). signature: its name, "module:function",
    or a function (attest.signatures). effort: "quick", "ci" or "deep". require: features that the function must take,
    "causal,bf16". require_bitwise: laws whose runs must have equal bits. findings: the folder for case files, which `attest replay` reads. The new process has this one's
    interpreter, sys.path and environment, but nothing that was set in memory. CheckError where it cannot run.
    """
    options = ["--effort", effort, "--seed", str(seed), "--findings", str(findings)]
    for flag, value in (
        ("--cases", cases),
        ("--budget", budget),
        ("--contract", contract),
        ("--require", require),
        ("--require-bitwise", require_bitwise),
        ("--time-limit", time_limit),
        ("--jobs", jobs),
    ):
        if value not in (None, ""):
            options += [flag, str(value)]
    name = spec_of(fn, signature, device)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.json")
        command = [executable(), "check", name, "--json", path, *options]
        run = subprocess.run(command, capture_output=True, text=True, env=_environment(python), check=False)
        if not os.path.exists(path) or not os.path.getsize(path):
            said = (run.stderr.strip() or run.stdout.strip()).splitlines()
            raise CheckError(said[-1] if said else f"attest ended with exit status {run.returncode} and said nothing")
        with open(path, encoding="utf-8") as file:
            report = json.load(file)
    kernel = report["kernels"][0]
    return Report(kernel["name"], kernel["verdict"], kernel["findings"], kernel["laws"], run.stdout, run.returncode, kernel)


def replay_line(finding):
    """The command that reproduces a finding, with this interpreter unless it is the one that attest takes anyway."""
    line = finding["replay"]
    usual = shutil.which(os.environ.get("ATTEST_PYTHON", "python3"))
    same = usual is not None and os.path.abspath(usual) == os.path.abspath(sys.executable)
    return line if same else f"{line} --python {sys.executable}"


def _environment(python):
    environment = dict(os.environ)
    environment["ATTEST_PYTHON"] = python or os.environ.get("ATTEST_PYTHON") or sys.executable
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return environment
