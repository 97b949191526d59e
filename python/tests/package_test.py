"""The package imports without a framework and says what it is."""

import os
import subprocess
import sys

import pytest

import attest
from attest.campaign import executable


def test_version_is_that_of_the_build():
    major, minor, patch = attest.__version__.split(".")
    assert (int(major), int(minor), int(patch)) >= (0, 1, 0)


def test_import_needs_no_package():
    code = "import sys, attest; print(sorted(m for m in sys.modules if m in ('numpy', 'torch', 'jax')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_judging_needs_no_package():
    code = """
import sys
from array import array
import attest

def matrix(seed):
    numbers = array("f", [(seed * 37 + i * 11) % 17 / 8 - 1 for i in range(16)])
    return memoryview(numbers).cast("B").cast("f", shape=[1, 1, 4, 4])

q, k, v = matrix(1), matrix(2), matrix(3)
found = attest.judge(q, q, k, v, contract="f32")
print(found.verdict, found.rows, "numpy" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "defective (4, 4) False"


def run_module(*arguments, **environment):
    command = [sys.executable, "-m", "attest", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_the_module_runs_the_program():
    run = run_module("--version")
    assert (run.returncode, run.stdout.split()[0]) == (0, "attest")
    assert run_module("check", "no-such-kernel").returncode == 64


def test_the_program_has_this_interpreter_for_python_functions():
    run = run_module("check", "py:json:no_such_function", ATTEST_PYTHON="")
    assert (run.returncode, "json has no no_such_function" in run.stderr) == (64, True)


def test_the_packages_script_in_path_is_no_program(tmp_path, monkeypatch):
    script = tmp_path / "attest"
    script.write_text("#!/bin/sh\nexec python3 -m attest\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("ATTEST_EXECUTABLE", raising=False)
    monkeypatch.setattr("attest.campaign.glob.glob", lambda _: [])
    if os.path.exists(os.path.join(os.path.dirname(attest.__file__), "bin", "attest")):
        pytest.skip("the package holds the program")
    with pytest.raises(FileNotFoundError, match="ATTEST_EXECUTABLE"):
        executable()
    elf = tmp_path / "more" / "attest"
    elf.parent.mkdir()
    elf.write_bytes(b"\x7fELF")
    elf.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{elf.parent}")
    assert executable() == str(elf)
