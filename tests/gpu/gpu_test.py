#!/usr/bin/env python3
"""What needs drivers for GPU kernels: gpu_test.py ATTEST ROOT

`./attest test gpu` runs it. A test whose driver is missing is counted and named, and the exit code is then 2: it did not
pass. `./attest setup --gpu` installs the drivers.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ATTEST, ROOT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
EXAMPLES = ROOT / "examples" / "opencl"
missing = {}


def check(kernel, *options):
    """The JSON of a check of one kernel, and the exit code. Skips, and notes it, where the driver is missing."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([ATTEST, "check", kernel, *options, "--json", "-", "--findings", folder],
                             capture_output=True, text=True, timeout=1800, check=False)
    if " is not available: " in run.stderr:
        why = run.stderr.strip().split(" is not available: ")[1]
        raise unittest.SkipTest(f"{kernel}: {why}")
    return json.loads(run.stdout), run.returncode


def findings_of(kernel):
    return [(finding["kind"], finding["summary"]) for finding in kernel["findings"]]


class OpenCl(unittest.TestCase):
    def test_the_right_kernel_conforms_and_has_no_race(self):
        report, code = check(f"opencl:{EXAMPLES / 'attention.cl'}", "--races", "--cases", "150")
        self.assertEqual([kernel["verdict"] for kernel in report["kernels"]], ["conforming", "conforming"],
                         [findings_of(kernel) for kernel in report["kernels"]])
        self.assertEqual(code, 0)

    def test_a_missing_barrier_is_found_with_its_line(self):
        report, code = check(f"opencl-races:{EXAMPLES / 'missing_barrier.cl'}", "--cases", "20")
        self.assertEqual(code, 1)
        found = findings_of(report["kernels"][0])
        self.assertEqual(found[0][0], "memory", found)
        self.assertIn("data race", found[0][1])
        lines = (EXAMPLES / "missing_barrier.cl").read_text(encoding="utf-8").splitlines()
        written = 1 + next(i for i, line in enumerate(lines) if "shared[item] = mine;" in line)
        read = 1 + next(i for i, line in enumerate(lines) if "return shared[0];" in line)
        for line in (written, read):
            self.assertIn(f"line {line} ", found[0][1])


class Result(unittest.TextTestResult):
    def addSkip(self, test, reason):
        missing[str(test)] = reason
        super().addSkip(test, reason)


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    result = unittest.TextTestRunner(resultclass=Result, verbosity=2).run(suite)
    if not result.wasSuccessful():
        sys.exit(1)
    if missing:
        print(f"gpu: {len(missing)} of {result.testsRun} tests did not run, for want of a driver:")
        for test, why in missing.items():
            print(f"  {test}: {why}")
        sys.exit(2)
