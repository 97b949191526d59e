"""Runs `attest check` on captures."""

import json
import pathlib
import subprocess

import numpy as np


def write(folder, name, capture):
    path = pathlib.Path(folder) / f"{name}.npz"
    np.savez(path, **capture)
    return path


def verdicts(attest, folder, captures, *options):
    """Verdict of each capture by name, "conforming", and the report: {name: (verdict, report)}."""
    made = {}
    names = list(captures)
    for begin in range(0, len(names), 200):
        part = names[begin : begin + 200]
        paths = [write(folder, name, captures[name]) for name in part]
        run = subprocess.run(
            [attest, "check", *map(str, paths), "--findings", "", "--json", "-", *options],
            capture_output=True, text=True, check=False)
        if run.returncode not in (0, 1, 2):
            raise AssertionError(f"attest check exits with {run.returncode}: {run.stderr}")
        for name, report in zip(part, json.loads(run.stdout)["kernels"], strict=True):
            made[name] = (report["verdict"], report)
        for path in paths:
            path.unlink()
    return made
