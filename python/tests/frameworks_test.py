"""A framework that is missing is counted and named, and no test run with it passes."""

import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

HIDE = """
import importlib.util
real = importlib.util.find_spec
hidden = {"torch", "jax", "jaxlib", "triton", "fla", "conch"}
importlib.util.find_spec = lambda name, package=None: None if name in hidden else real(name, package)
"""


def run(tmp_path, **environment):
    (tmp_path / "hide_frameworks.py").write_text(HIDE)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "hide_frameworks", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(
        [*command, HERE / "frameworks"], capture_output=True, text=True, check=False, env=environment
    )


def test_a_missing_framework_is_named_and_fails(tmp_path):
    found = run(tmp_path)
    assert found.returncode == 1
    for name in ("torch", "jax", "triton"):
        assert f"{name} is not installed: " in found.stdout
    assert "tests did not run (triton_test.py)" in found.stdout


def test_one_that_is_not_asked_for_is_named_too(tmp_path):
    found = run(tmp_path, ATTEST_FRAMEWORKS="")
    assert found.returncode == 5  # pytest: nothing was collected
    assert "triton is not installed: " in found.stdout
