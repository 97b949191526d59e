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
