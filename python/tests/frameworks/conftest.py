"""Which frameworks the tests of this folder need. One that is missing is counted and named, and fails the run unless
ATTEST_FRAMEWORKS, a list with commas, leaves it out."""

import ast
import importlib.metadata
import importlib.util
import os
import pathlib

PACKAGES = {"torch": ("torch",), "jax": ("jax", "jaxlib"), "triton": ("triton", "fla", "conch")}
NEEDS = {
    "jax_test.py": {"jax"},
    "torch_misuse_test.py": {"torch"},
    "torch_test.py": {"torch"},
    "triton_test.py": {"torch", "triton"},
}
FILES = sorted(pathlib.Path(__file__).parent.glob("*_test.py"))


def installed(framework):
    return all(importlib.util.find_spec(package) is not None for package in PACKAGES[framework])


MISSING = [framework for framework in PACKAGES if not installed(framework)]


def needs(path):
    return NEEDS.get(path.name, {"torch", "jax"})


def tests_in(path):
    return sum(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_") for node in ast.parse(path.read_text()).body
    )


collect_ignore = [path.name for path in FILES if needs(path) & set(MISSING)]


def summary(framework):
    if framework not in MISSING:
        return f"{framework} {importlib.metadata.version(PACKAGES[framework][0])}: tested"
    untested = [path for path in FILES if framework in needs(path)]
    names = ", ".join(path.name for path in untested)
    return f"{framework} is not installed: {sum(map(tests_in, untested))} tests did not run ({names})"


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("frameworks")
    for framework in PACKAGES:
        terminalreporter.line(summary(framework))


def pytest_sessionfinish(session, exitstatus):
    wanted = os.environ.get("ATTEST_FRAMEWORKS", ",".join(PACKAGES)).split(",")
    if exitstatus in (0, 5) and set(wanted) & set(MISSING):
        session.exitstatus = 1
