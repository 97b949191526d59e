#!/usr/bin/env python3
"""The command of docs/shards.md for GNU parallel, with a shard that is killed: parallel_test.py SOURCE ATTEST KERNELS"""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, ATTEST, KERNELS = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
CHECK = f"{KERNELS}/tiled_f32.so:mask_one_key_too_far --cases 24"
# Stands for attest: notes each run, and kills the first one of the third shard.
WRAPPER = """#!/bin/sh
echo "$*" >>runs
case "$*" in
  *--shard\\ 3/8*) if [ ! -e killed ]; then touch killed; exec sh -c 'kill -KILL $$'; fi ;;
esac
exec "$ATTEST" "$@"
"""


def documented():
    """The lines of docs/shards.md: parallel's, and the merge."""
    page = (SOURCE / "docs" / "shards.md").read_text()
    block = re.search(r"```\n(seq 8 \| parallel .*?)(\./attest merge [^\n]*)\n```", page, re.S)
    return block.group(1), block.group(2)


class Parallel(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        (self.folder / "attest").write_text(WRAPPER)
        (self.folder / "attest").chmod(0o755)
        self.parallel, self.merge = documented()
        wanted = "./libmine.so --effort deep"
        self.assertEqual(self.parallel.count(wanted), 1)
        self.parallel = self.parallel.replace(wanted, CHECK)

    def run_shell(self, command):
        return subprocess.run(["bash", "-c", command], cwd=self.folder, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=os.environ | {"ATTEST": str(ATTEST)})

    def runs(self):
        """How often each shard was started."""
        lines = (self.folder / "runs").read_text().splitlines()
        return collections.Counter(re.search(r"--shard (\d)/8", line).group(1) for line in lines if "--shard" in line)

    def report(self, command, code):
        run = self.run_shell(command)
        self.assertEqual(run.returncode, code, run.stdout)
        kernel = json.loads((self.folder / "report.json").read_text())["kernels"][0]
        kernel["findings"] = [(f["identity"], f["cases"]) for f in kernel["findings"]]
        # What is measured, and what parts leave to merge.
        for own in ("seconds", "memory", "lost_shards", "shrink_steps_left_out"):
            kernel.pop(own, None)
        for law in kernel["laws"].values():
            law.pop("why", None)
        return kernel

    def whole(self):
        return self.report(f"./attest check {CHECK} --quiet --json report.json", 1)

    def test_a_killed_shard_is_tried_again_and_changes_nothing(self):
        run = self.run_shell(self.parallel)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertTrue((self.folder / "killed").exists())
        self.assertEqual(self.runs(), {shard: 2 if shard == "3" else 1 for shard in "12345678"})
        self.assertEqual(self.report(self.merge + " --json report.json", 1), self.whole())

    def test_a_lost_shard_is_named_until_it_is_resumed(self):
        command = self.parallel.replace("--retries 3", "--retries 1").replace("mask_one_key_too_far", "correct")
        self.assertNotEqual(self.run_shell(command).returncode, 0)
        self.assertFalse((self.folder / "shard-3.json").exists())
        merged = self.run_shell(self.merge)
        self.assertEqual(merged.returncode, 2, merged.stdout)
        self.assertIn("shard 3 of 8 is missing", merged.stdout)
        self.assertEqual(self.run_shell(command).returncode, 0)
        self.assertEqual(self.runs(), {shard: 2 if shard == "3" else 1 for shard in "12345678"})
        merged = self.run_shell(self.merge)
        self.assertEqual(merged.returncode, 0, merged.stdout)
        self.assertNotIn("missing", merged.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
