"""Times campaigns of small cases against a kernel in NumPy.

python_campaign.py [--cases 500 2500] [--rounds 3]: cases a second, on the clock and of all processors together. They
come from the difference of two campaigns with seed 1, so that the start of both programs and the exploration do not
count. The least time of so many rounds. Needs the package attest and its program.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

LONGEST, WIDEST, MOST_HEADS = 8, 64, 32


def attention(q, k, v, *, scale, causal=None, lse=None):
    """The kernel: at most 8 rows and keys, 64 channels and 32 heads of all batches."""
    if max(q.shape[2], k.shape[2]) > LONGEST or max(q.shape[3], v.shape[3]) > WIDEST:
        raise NotImplementedError
    if q.shape[0] * q.shape[1] > MOST_HEADS:
        raise NotImplementedError
    group = q.shape[1] // k.shape[1]
    q64, k64, v64 = (x.astype(np.float64) for x in (q, k, v))
    if group > 1:
        k64, v64 = np.repeat(k64, group, axis=1), np.repeat(v64, group, axis=1)
    scores = q64 @ k64.swapaxes(-1, -2) * scale
    rows, keys = scores.shape[-2:]
    if causal is not None:
        past = keys - rows if causal == "bottom-right" else 0
        scores = np.where(np.tri(rows, keys, past, dtype=bool), scores, -np.inf)
    top = scores.max(-1, keepdims=True, initial=-np.inf)
    weights = np.exp(scores - np.where(np.isinf(top), 0, top))
    total = weights.sum(-1, keepdims=True)
    out = (weights @ v64 / np.where(total == 0, 1, total)).astype(q.dtype)
    if lse is None:
        return out
    with np.errstate(divide="ignore"):
        return out, (np.log(total) + top)[..., 0].astype(np.promote_types(q.dtype, np.float32))


def campaign(program, cases):
    """Answered cases, and seconds on the clock and of processors."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.json")
        command = [program, "check", f"py:{os.path.abspath(__file__)}:attention", "--signature", "attest"]
        command += ["--cases", str(cases), "--budget", "600", "--jobs", "1", "--json", path, "--findings", folder]
        start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        environment = {"ATTEST_PYTHON": sys.executable, **os.environ}
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if run.returncode != 0:
            raise SystemExit(run.stdout + run.stderr)
        with open(path) as file:
            answered = json.load(file)["kernels"][0]["cases"]
    return answered, elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    from attest.campaign import executable

    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cases", type=int, nargs=2, default=[500, 2500])
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    fewer, more = ([campaign(executable(), cases) for _ in range(chosen.rounds)] for cases in chosen.cases)
    cases = more[0][0] - fewer[0][0]
    for name, at in (("on the clock", 1), ("of processors", 2)):
        seconds = min(run[at] for run in more) - min(run[at] for run in fewer)
        print(f"{cases / seconds:.0f} cases a second {name}: {cases} cases in {seconds:.2f} s")


if __name__ == "__main__":
    main()
