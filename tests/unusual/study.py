#!/usr/bin/env python3
"""Checks correct kernels that compute in unusual ways: study.py ATTEST FOLDER [options]

FOLDER has unusual.so and ofast.so. Prints a line for each kernel and seed; exit code 1 where a verdict is not the one
that the table wants. --out FILE appends the lines, and skips those that it has, so that a long study may be divided.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

CONFORMING = "conforming"

# Kernel, and what a contract that is inferred must contain: None where the kernel declares its contract, and none may
# be. A seed whose cases do not show what a kernel does infers nothing.
KERNELS = (
    ("unusual.so:split_6_chained", None),
    ("unusual.so:undeclared_split_6_chained", "merge="),
    ("unusual.so:split_5_by_lse", None),
    ("unusual.so:undeclared_split_5_by_lse", "merge=lse"),
    ("unusual.so:shift_by_lse", None),
    ("unusual.so:undeclared_shift_by_lse", ""),
    ("unusual.so:flush_to_zero", None),
    ("unusual.so:undeclared_flush_to_zero", "underflow="),
    ("ofast.so", ""),
    ("unusual.so:scaled_query_in_bf16", None),
    ("unusual.so:converted_query_in_f16", None),
    ("unusual.so:probability_stochastic", None),
    ("unusual.so:probability_times_256", None),
    ("unusual.so:probability_16_bits", None),
    ("unusual.so:shift_by_norms", None),
    ("unusual.so:sigmoid_weights", None),
    ("unusual.so:reciprocal_estimate", None),
    ("unusual.so:probability_e4m3", None),
    ("unusual.so:values_centred", None),
    ("unusual.so:undeclared_values_centred", "numerator_sums=centred"),
    ("unusual.so:one_sided_exp", None),
    ("unusual.so:cache_in_f16", None),
)
# Correct, but too few of their outputs may be certified for a verdict. P in e4m3 is off by up to 1/16, and a bound of
# more than 1/16 of the largest value says nothing. Relative to a bound of the scores by norms, every weight of a row of
# large scores may underflow. An absolute error of sigmoids, and 64 merges, say little of rows of small values or large
# scores.
MAY_BE_MISTRUSTED = ("unusual.so:probability_e4m3", "unusual.so:shift_by_norms", "unusual.so:sigmoid_weights")
# Those whose f32 variants are cheap, and of which no other test says anything.
SMALL = ("scaled_query_in_bf16", "converted_query_in_f16", "one_sided_exp", "cache_in_f16", "ofast", "sigmoid_weights")


def inferred_of(kernel):
    inferred = kernel.get("contract_inferred")
    return inferred["fields"] if inferred else ""


def first_problem(kernel):
    for finding in kernel["findings"]:
        return f"{finding['law']}: {finding['summary']}"
    for name in ("suspicions", "mistrust"):
        texts = kernel.get(name) or kernel.get("alarm", {}).get(name) or []
        if texts:
            return texts[0]
    return ""


def check(attest, folder, name, effort, cases, seed):
    with tempfile.TemporaryDirectory() as scratch:
        command = [attest, "check", f"{folder}/{name}", "--effort", effort, "--seed", str(seed), "--quiet",
                   "--findings", f"{scratch}/findings", "--json", f"{scratch}/report.json"]
        if cases:
            command += ["--cases", str(cases)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        report = pathlib.Path(scratch, "report.json")
        if not report.exists():
            raise SystemExit(f"{' '.join(command)}\n{ended.stderr}")
        return json.loads(report.read_text(encoding="utf-8"))["kernels"][0]


def line_of(name, effort, seed, kernel, wanted):
    """The line that is printed, and whether it says what the table wants."""
    fields = inferred_of(kernel)
    as_wanted = not fields or (wanted is not None and wanted in fields)
    undecided = name in MAY_BE_MISTRUSTED and kernel["verdict"] == "mistrusted"
    right = as_wanted and (undecided or kernel["verdict"] == CONFORMING)
    under = f"under {fields}" if fields else ""
    parts = [name, effort, f"seed {seed}", kernel["verdict"], under, first_problem(kernel)]
    return "\t".join(parts) + ("" if right else "\tSURPRISE"), right


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attest")
    parser.add_argument("folder")
    parser.add_argument("--effort", default="quick")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--small", action="store_true", help="only kernels of which no other test says anything")
    parser.add_argument("--only", default="", help="only kernels whose name contains this")
    parser.add_argument("--out", type=pathlib.Path)
    options = parser.parse_args()
    done = options.out.read_text(encoding="utf-8") if options.out and options.out.exists() else ""
    surprises = done.count("SURPRISE")
    for seed in options.seeds:
        for name, wanted in KERNELS:
            small = any(part in name for part in SMALL)
            if (options.small and not small) or options.only not in name:
                continue
            if f"{name}\t{options.effort}\tseed {seed}\t" in done:
                continue
            kernel = check(options.attest, options.folder, name, options.effort, options.cases, seed)
            line, right = line_of(name, options.effort, seed, kernel, wanted)
            surprises += not right
            print(line, flush=True)
            if options.out:
                with options.out.open("a", encoding="utf-8") as out:
                    out.write(line + "\n")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main())
