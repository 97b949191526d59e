"""The installed program finds what it needs where it was installed, and not in the tree that it was built from."""

import json
import pathlib
import shutil
import tempfile
import unittest

from installed import ATTEST, PREFIX, SOURCE, main, run

KERNEL = """
import numpy as np

def attention(q, k, v, is_causal=False, scale=None):
    s = q @ np.swapaxes(k, -1, -2) * (q.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        s = np.where(np.tril(np.ones(s.shape[-2:], bool)), s, -np.inf)
    w = np.exp(s - s.max(-1, keepdims=True))
    return w @ v / w.sum(-1, keepdims=True)
"""


class RunTime(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_third_party_kernels_are_said_to_be_missing_in_one_line(self):
        for kernel in ("ggml:f16", "onnxruntime:mha"):
            checked = run(ATTEST, "check", kernel, cwd=self.folder)
            self.assertEqual(checked.returncode, 64, checked.stdout)
            self.assertEqual(len(checked.stdout.splitlines()), 1, checked.stdout)
            self.assertIn("is not installed: run 'npm ci --ignore-scripts' in a copy of "
                          f"{PREFIX}/share/attest/kernels", checked.stdout)

    def test_third_party_kernels_are_found_by_the_variable(self):
        checked = run(ATTEST, "check", "onnxruntime:mha", "--cases", "5", cwd=self.folder,
                      ATTEST_KERNELS_DIR=str(SOURCE / "kernels" / "node_modules"))
        self.assertIn(checked.returncode, (0, 1, 2), checked.stdout)
        self.assertNotIn("not installed", checked.stdout)

    def test_a_wrong_variable_is_named_in_one_line(self):
        for kernel in ("ggml:f16", "onnxruntime:mha"):
            checked = run(ATTEST, "check", kernel, cwd=self.folder, ATTEST_KERNELS_DIR="/nowhere")
            self.assertEqual(checked.returncode, 64, checked.stdout)
            self.assertRegex(checked.stdout, r"^attest: \w+ is not in ATTEST_KERNELS_DIR: there is no /nowhere/.*\n$")

    def test_a_function_of_python_runs_with_the_installed_worker(self):
        (self.folder / "mine.py").write_text(KERNEL)
        checked = run(ATTEST, "check", "py:./mine.py:attention", "--cases", "20", "--json", "mine.json",
                      cwd=self.folder, ATTEST_PYTHON="/usr/bin/python3")
        self.assertIn(checked.returncode, (0, 1, 2), checked.stdout)
        kernel = json.loads((self.folder / "mine.json").read_text())["kernels"][0]
        self.assertGreater(kernel["cases"], 0, checked.stdout)
        self.assertEqual(kernel["findings"], [], checked.stdout)

    def test_a_function_of_python_needs_the_installed_worker(self):
        moved = self.folder / "elsewhere"
        shutil.copytree(PREFIX, moved)
        for worker in (moved / "lib" / "attest").glob("*python*"):
            worker.unlink()
        (self.folder / "mine.py").write_text(KERNEL)
        checked = run(moved / "bin" / "attest", "check", "py:./mine.py:attention", "--cases", "5", cwd=self.folder,
                      ATTEST_PYTHON="/usr/bin/python3")
        self.assertNotIn(checked.returncode, (0, 2), checked.stdout)
        self.assertIn(f"{moved}/lib/attest", checked.stdout)

    def test_the_prefix_may_be_moved(self):
        moved = self.folder / "elsewhere"
        shutil.copytree(PREFIX, moved)
        said = run(moved / "bin" / "attest", "check", "ggml:f16", cwd=self.folder).stdout
        self.assertIn(f"{moved}/share/attest/kernels", said)
        shutil.rmtree(moved / "share" / "attest" / "models")
        said = run(moved / "bin" / "attest", "space", "--generate", "And", cwd=self.folder).stdout
        self.assertIn(f"{moved}/share/attest/models/kjv.safetensors", said)

    def test_the_trained_model_is_found(self):
        spoken = run(ATTEST, "space", "--generate", "And God", "--characters", "2", cwd=self.folder)
        self.assertEqual(spoken.returncode, 0, spoken.stdout)


if __name__ == "__main__":
    main()
