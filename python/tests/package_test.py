"""The package imports without a framework and says what it is."""

import subprocess
import sys

import attest


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
