"""What the tests of this folder share: they run in the virtual environment that `./attest test` makes."""

import os
import pathlib
import sys
import tempfile
import unittest

ATTEST, VENV = map(pathlib.Path, sys.argv[1:3])
if not (VENV / "installed").exists():
    print("standards: not installed (./attest test installs them)")
    sys.exit(0)
if sys.prefix == sys.base_prefix:  # not in the virtual environment yet
    os.execv(VENV / "bin" / "python", [str(VENV / "bin" / "python"), "-B", *sys.argv])

import captures
import judged
import onnx_calls


def option(name, otherwise):
    """The value behind an option of the command line."""
    rest = sys.argv[3:]
    return rest[rest.index(name) + 1] if name in rest else otherwise


def wheel_file(version):
    (path,) = (VENV / "wheels").glob(f"onnx-{version}-*.whl")
    return path


def wheel(version):
    """The node tests of Attention that a wheel holds."""
    return onnx_calls.stored_calls(wheel_file(version), f"onnx {version}")


def parts(calls):
    """{name: capture} of the outputs of calls; of scores as NAME.scores."""
    made = {}
    for name, call in calls.items():
        made[name] = captures.capture_of(call)
        if "qk_matmul_output" in call.outputs:
            made[name + ".scores"] = captures.score_capture(call, made[name])
    return made


class JudgedTest(unittest.TestCase):
    maxDiff = None

    def judge(self, made):
        """{name: verdict}."""
        with tempfile.TemporaryDirectory() as folder:
            return {name: verdict for name, (verdict, _) in judged.verdicts(ATTEST, folder, made).items()}

    def expect(self, made, verdict):
        found = self.judge(made)
        self.assertEqual({name: v for name, v in found.items() if v != verdict}, {})
