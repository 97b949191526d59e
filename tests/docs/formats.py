#!/usr/bin/env python3
"""Runs the examples of docs/formats.md: formats.py ROOT ATTEST

The Python block writes a capture, which is conforming, and no longer is after a change. The JSON block is a case
file: a right kernel holds on it, one of the tree and the command in NumPy. Every input and scalar of the ABI is named.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(attest, folder, *arguments):
    return subprocess.run([attest, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def failures(root, attest, folder):
    """What does not hold, a line each."""
    text = (root / "docs" / "formats.md").read_text()
    for name in re.findall(r'\.name = "(\w+)"', (root / "src" / "problem" / "inputs.hpp").read_text()):
        if f"`{name}`" not in text:
            yield f"{name} is not described"
    (capture,), (case,) = blocks(text, "python"), blocks(text, "json")
    subprocess.run([sys.executable, "-c", capture], cwd=folder, check=True)
    right = run(attest, folder, "check", "capture.npz", "--quiet")
    if right.returncode != 0:
        yield f"the capture is not conforming: {right.stdout}{right.stderr}"
    arrays = dict(np.load(folder / "capture.npz"))
    arrays["out"] = arrays["out"] * np.float32(1.25)
    np.savez(folder / "wrong.npz", **arrays)
    wrong = run(attest, folder, "check", "wrong.npz", "--quiet")
    if wrong.returncode != 1:
        yield f"a wrong capture is not defective: {wrong.stdout}{wrong.stderr}"
    (folder / "case.json").write_text(case)
    script = root / "examples" / "numpy_kernel.py"
    for kernel in ("onednn", f"exec:{sys.executable} {script} {{in_dir}} {{out_dir}}"):
        held = run(attest, folder, "replay", "case.json", "--kernel", kernel, "--quiet")
        if held.returncode != 0:
            yield f"the case does not hold for {kernel}: {held.stdout}{held.stderr}"


def main(root, attest):
    with tempfile.TemporaryDirectory() as folder:
        found = list(failures(pathlib.Path(root), attest, pathlib.Path(folder)))
    for failure in found:
        print(f"docs/formats.md: {failure}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
