#!/usr/bin/env python3
"""examples/numpy_kernel.py computes what the definition says, and declines the rest: numpy_kernel_test.py ATTEST"""

import math
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import numpy_kernel  # noqa: E402


def texts(**others):
    given = {"scale": "0.5", "causal": "none", "softcap": "0", "window_left": "-1", "window_right": "-1"}
    return {**given, **others}


def tensors(rows=3, keys=5):
    r = np.random.default_rng(7)
    q, k, v = (r.standard_normal((2, heads, n, d)) for heads, n, d in ((4, rows, 3), (2, keys, 3), (2, keys, 2)))
    return {"q": q.astype(np.float32), "k": k.astype(np.float32), "v": v.astype(np.float32)}


def by_hand(case, head, row, seen):
    """(out, lse) of one row of batch 1 over the keys that it sees."""
    q, k, v = (case[name].astype(float) for name in "qkv")
    weights = [math.exp(0.5 * float(q[1, head, row] @ k[1, head // 2, j])) for j in seen]
    total = sum(weights)
    out = sum(w * v[1, head // 2, j] for w, j in zip(weights, seen)) / total if seen else np.zeros(2)
    return out, math.log(total) if seen else -math.inf


class Definition(unittest.TestCase):
    def check(self, case, given, visible):
        result = numpy_kernel.answer(given, case)
        for head in range(4):
            for row in range(3):
                out, lse = by_hand(case, head, row, [j for j in range(5) if visible(head, row, j)])
                np.testing.assert_allclose(result["out"][1, head, row], out, rtol=1e-6)
                np.testing.assert_allclose(result["lse"][1, head, row], lse, rtol=1e-6)

    def test_all_keys(self):
        self.check(tensors(), texts(), lambda h, i, j: True)

    def test_both_kinds_of_causality(self):
        self.check(tensors(), texts(causal="top-left"), lambda h, i, j: j <= i)
        self.check(tensors(), texts(causal="bottom-right"), lambda h, i, j: j <= i + 2)

    def test_lengths_move_the_corner(self):
        case = {**tensors(), "kv_lens": np.array([5, 2], np.int32)}
        self.check(case, texts(causal="bottom-right"), lambda h, i, j: j < 2 and j <= i - 1)

    def test_a_mask_and_an_empty_row(self):
        mask = np.ones((1, 4, 3, 5), np.uint8)
        mask[0, 1, 2] = 0
        mask[0, :, 0, 3] = 0
        self.check({**tensors(), "mask": mask}, texts(), lambda h, i, j: bool(mask[0, h, i, j]))


class Declined(unittest.TestCase):
    def test_what_it_does_not_do(self):
        for case, given in (
            ({**tensors(), "sink": np.zeros(4)}, texts()),
            (tensors(), texts(softcap="2")),
            (tensors(), texts(window_left="1")),
            ({**tensors(), "v": np.full((2, 2, 5, 2), np.nan, np.float32)}, texts()),
        ):
            with self.assertRaises(numpy_kernel.Unsupported):
                numpy_kernel.answer(given, case)


class Judged(unittest.TestCase):
    """What it answers, as captures: a campaign would start the command too often for a test."""

    def exit_code(self, given, case, factor=1.0):
        with tempfile.TemporaryDirectory() as folder:
            source, target = pathlib.Path(folder, "in"), pathlib.Path(folder, "out")
            source.mkdir(), target.mkdir()
            numpy_kernel.write(source / "case.safetensors", given, case)
            numpy_kernel.main(source, target)
            _, result = numpy_kernel.read(target / "case.safetensors")
            result["out"] = (result["out"] * factor).astype(result["out"].dtype)
            capture = pathlib.Path(folder, "capture.safetensors")
            numpy_kernel.write(capture, given, {**case, **result})
            command = [ATTEST, "check", str(capture), "--findings", f"{folder}/findings", "--quiet"]
            return subprocess.run(command, capture_output=True, check=False).returncode

    def test_its_files_conform(self):
        mask = np.random.default_rng(3).integers(0, 2, (2, 1, 3, 5)).astype(np.uint8)
        lens = {"kv_lens": np.array([5, 2], np.int32)}
        halves = {name: t.astype(np.float16) for name, t in tensors().items()}
        doubles = {name: t.astype(np.float64) for name, t in tensors(rows=9, keys=40).items()}
        for case, causal in (
            (tensors(rows=20, keys=70), "none"),
            (tensors(), "top-left"),
            ({**tensors(), **lens}, "bottom-right"),
            ({**tensors(), "mask": mask}, "none"),
            (halves, "bottom-right"),
            (doubles, "none"),
        ):
            self.assertEqual(self.exit_code(texts(causal=causal), case), 0, (causal, sorted(case)))

    def test_an_error_of_one_percent_does_not(self):
        self.assertEqual(self.exit_code(texts(), tensors(), factor=1.01), 1)


if __name__ == "__main__":
    ATTEST = sys.argv.pop(1)
    unittest.main()
