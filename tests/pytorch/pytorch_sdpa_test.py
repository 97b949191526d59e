"""The command kernels/pytorch_sdpa.py: its files, what it masks and declines; with torch, what it computes."""

import math
import os
import struct
import subprocess
import sys
import tempfile
import unittest

KERNELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "kernels")
sys.path.insert(0, KERNELS)
import pytorch_sdpa as command  # noqa: E402

try:
    import torch
except ImportError:
    torch = None


def f32(shape, values):
    return command.Tensor("F32", shape, struct.pack(f"<{len(values)}f", *values))


def mean_case(keys, **others):
    """q = 0 over keys of value 1, 2, ...: the mean of the visible ones."""
    tensors = {
        "q": f32([1, 1, 2, 1], [0, 0]),
        "k": f32([1, 1, keys, 1], [0] * keys),
        "v": f32([1, 1, keys, 1], list(range(1, keys + 1))),
    }
    return {**tensors, **others}


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "case")

    def tearDown(self):
        self.folder.cleanup()

    def test_what_is_written_is_read(self):
        command.write_safetensors(self.path, {"scale": "0.5"}, {"q": f32([1, 2], [1, -2])})
        metadata, tensors = command.read_safetensors(self.path)
        self.assertEqual(metadata, {"scale": "0.5"})
        self.assertEqual((tensors["q"].shape, tensors["q"].values()), ([1, 2], (1, -2)))

    def test_files_that_are_none_are_named(self):
        for content in (b"", struct.pack("<Q", 99) + b"{}"):
            with open(self.path, "wb") as file:
                file.write(content)
            with self.assertRaisesRegex(ValueError, "case: "):
                command.read_safetensors(self.path)


class Visibility(unittest.TestCase):
    def seen(self, metadata, **others):
        case = command.Case(metadata, mean_case(3, **others))
        return [[case.visible(0, 0, i, j) for j in range(3)] for i in range(2)]

    def test_rows_see_what_the_abi_says(self):
        self.assertEqual(self.seen({}), [[True] * 3] * 2)
        self.assertEqual(self.seen({"causal": "1"}), [[True, False, False], [True, True, False]])
        self.assertEqual(self.seen({"causal": "bottom-right"}), [[True, True, False], [True, True, True]])
        self.assertEqual(self.seen({"window_left": "0"}), [[False, True, True], [False, False, True]])
        self.assertEqual(self.seen({"window_right": "0"}), [[True, True, False], [True, True, True]])
        lens = command.Tensor("I32", [1], struct.pack("<i", 2))
        self.assertEqual(self.seen({"causal": "2"}, kv_lens=lens), [[True, False, False], [True, True, False]])
        mask = command.Tensor("U8", [1, 1, 1, 3], bytes([1, 0, 1]))
        self.assertEqual(self.seen({}, mask=mask), [[True, False, True]] * 2)
        bias = f32([1, 1, 1, 3], [0, -math.inf, 1])
        self.assertEqual(self.seen({}, bias=bias), [[True, False, True]] * 2)

    def test_softcaps_sinks_and_lse_are_declined(self):
        plain = mean_case(3)
        self.assertIsNone(command.why_unsupported(command.Case({}, plain), {}))
        self.assertEqual(command.why_unsupported(command.Case({"softcap": "2"}, plain), {}), "no softcap")
        self.assertEqual(command.why_unsupported(command.Case({}, plain), {"want_lse": "1"}), "no lse")
        sink = mean_case(3, sink=f32([1], [0]))
        self.assertEqual(command.why_unsupported(command.Case({}, sink), {}), "no sink")


class Command(unittest.TestCase):
    def test_says_that_there_is_no_torch(self):
        code = "import sys; sys.modules['torch'] = None; import pytorch_sdpa; sys.exit(pytorch_sdpa.main(['a', 'b']))"
        done = subprocess.run([sys.executable, "-B", "-c", code], cwd=KERNELS, capture_output=True, text=True)
        self.assertEqual(done.returncode, command.EXIT_NO_TORCH)
        self.assertIn("python3-torch", done.stderr)

    @unittest.skipIf(torch is None, "no torch")
    def test_computes_a_directory_of_cases(self):
        with tempfile.TemporaryDirectory() as folder:
            source, target = os.path.join(folder, "in"), os.path.join(folder, "out")
            os.mkdir(source)
            for name, metadata in (("all", {}), ("causal", {"causal": "1"}), ("cap", {"softcap": "1"})):
                command.write_safetensors(os.path.join(source, name), {"scale": "1", **metadata}, mean_case(3))
            self.assertEqual(command.main([source, target]), 0)
            out = {name: command.read_safetensors(os.path.join(target, name)) for name in os.listdir(target)}
        self.assertEqual(out["all"][1]["out"].values(), (2, 2))
        self.assertEqual(out["causal"][1]["out"].values(), (1, 1.5))
        self.assertEqual(out["cap"][0]["status"], "unsupported")


if __name__ == "__main__":
    unittest.main()
