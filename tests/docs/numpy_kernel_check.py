#!/usr/bin/env python3
"""`attest check` finds examples/numpy_kernel.py conforming. Limits are numbers of cases: the time of a busy machine
decides nothing."""

import json
import pathlib
import subprocess
import sys
import tempfile


def main(root, attest):
    script = pathlib.Path(root) / "examples" / "numpy_kernel.py"
    command = f"exec:{sys.executable} {script} {{in_dir}} {{out_dir}}"
    limits = ["--cases", "40", "--budget", "86400", "--time-limit", "3600"]
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run([attest, "check", command, *limits, "--quiet", "--json", "report.json"],
                             cwd=folder, capture_output=True, text=True)
        if run.returncode != 0:
            print(f"exit {run.returncode}: {run.stdout}{run.stderr}")
            return 1
        kernel = json.loads((pathlib.Path(folder) / "report.json").read_text())["kernels"][0]
    wrong = [f"{name} is {kernel[name]}" for name, wanted in
             (("verdict", "conforming"), ("stopped_early", False), ("findings", [])) if kernel[name] != wanted]
    if kernel["cases"] < 30:
        wrong.append(f"only {kernel['cases']} cases were answered")
    missing = {"f32", "f16", "f64"} - set(kernel["accepts"]["dtypes"])
    if missing:
        wrong.append(f"it declines {missing}")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
