#!/usr/bin/env python3
"""Compares the program of the proofs in Coq with src/attention, bit by bit: link_test.py PROOFS BUILT WRITER

WRITER writes vectors that the C++ computed; Coq's kernel evaluates the program of proofs/coq/program.v in binary32 on
them. BUILT holds the compiled proofs (prove.sh makes them).
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROOFS = BUILT = WRITER = None
COUNT = 300
ASK = "Eval vm_compute in (length vectors, wrong vectors, length traces, traces_agree traces).\n"

# Programs that differ in one operation.
MUTATIONS = {
    "block: the maximum is the last score": ("fold_left (fun m k => max A m (score_of k)) ks m",
                                             "fold_left (fun m k => score_of k) ks m"),
    "accumulate: the weight is not added": ("(add A (row_l r) w)", "(row_l r)"),
    "merge: the second part is not rescaled": ("(mul A (row_l b) rb)", "(row_l b)"),
    "merge: differences of shifts are reversed": ("(sub A (row_m b) m)", "(sub A m (row_m b))"),
    "absorb: weights before the rescale": ("(mul A (row_l r) f)", "(row_l r)"),
    "finalize: a reciprocal": ("div A (row_o r c) (row_l r)",
                               "mul A (row_o r c) (div A (row_l r) (mul A (row_l r) (row_l r)))"),
}


def vectors(count, seed):
    return subprocess.run([WRITER, str(count), str(seed)], check=True, capture_output=True, text=True).stdout


def answer(text, built=None):
    """(how many vectors, the numbers of those that differ, how many traces, whether they are the same)."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "vectors.v"
        file.write_text(text + ASK)
        run = subprocess.run(["nice", "coqc", "-q", "-Q", built or BUILT, "Attest", file], capture_output=True, text=True)
        found = re.search(r"= \((\d+), \[([\d; ]*)\], (\d+), (true|false)\)", " ".join(run.stdout.split()))
        if not found:
            raise AssertionError(f"no answer: {run.stdout}{run.stderr}")
        wrong = [int(i) for i in found.group(2).split(";") if i.strip()]
        return int(found.group(1)), wrong, int(found.group(3)), found.group(4) == "true"


class Link(unittest.TestCase):
    def test_bits_and_traces_are_those_of_the_code(self):
        self.assertEqual(answer(vectors(COUNT, 20240611)), (COUNT, [], 20, True))

    def test_vectors_have_numbers_of_every_kind(self):
        text = vectors(COUNT, 20240611)
        for plan in ("block_of", "merge_of", "step_of", "absorb_of"):
            self.assertGreater(text.count(plan), COUNT // 5)
        results = [int(x) for x in re.findall(r"-?\d+", " ".join(re.findall(r"\[[^][]*\]%Z\.$", text, re.MULTILINE)))]
        magnitude = [x & 0x7FFFFFFF for x in results if x >= 0]
        self.assertGreater(len(results), COUNT)
        self.assertGreater(results.count(-1), 0)                                # NaN
        self.assertGreater(sum(x == 0x7F800000 for x in magnitude), 0)          # infinity
        self.assertGreater(sum(0 < x < 0x800000 for x in magnitude), 0)         # subnormal
        self.assertGreater(sum(0x800000 <= x < 0x7F800000 for x in magnitude), COUNT)

    def test_one_bit_is_noticed(self):
        text = vectors(3, 5)
        line = re.search(r"(?m)^Definition v1 := .*$", text).group(0)
        last = re.search(r"(\d+)\]%Z\.$", line)
        changed = line[:last.start(1)] + str(int(last.group(1)) ^ 1) + line[last.end(1):]
        self.assertEqual(answer(text)[1], [])
        self.assertEqual(answer(text.replace(line, changed))[1], [1])

    def test_another_event_is_noticed(self):
        text = vectors(1, 5)
        self.assertIn("loop 2 3 1", text)
        self.assertFalse(answer(text.replace("loop 2 3 1", "loop 2 3 0"))[3])

    def test_another_program_is_noticed(self):
        text = vectors(60, 7)
        program = (PROOFS / "program.v").read_text()
        for name, (right, wrong) in MUTATIONS.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                self.assertEqual(program.count(right), 1)
                (folder / "program.v").write_text(program.replace(right, wrong))
                for module in ("space", "link"):
                    shutil.copy(PROOFS / f"{module}.v", folder)
                for module in ("program", "space", "link"):
                    subprocess.run(["nice", "coqc", "-q", "-Q", ".", "Attest", f"{module}.v"], cwd=folder, check=True)
                self.assertGreater(len(answer(text, folder)[1]), 0)


def main():
    global PROOFS, BUILT, WRITER
    PROOFS, BUILT, WRITER = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    if not shutil.which("coqc"):
        print("coq: not available")
        return 0
    return 0 if unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
