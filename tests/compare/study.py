#!/usr/bin/env python3
"""Compares each kernel of the fault library with its control, and counts the verdicts that are right.

study.py ATTEST LIBRARY FILE [options of attest compare] [--names NAME ...]: appends a line of JSON a pair to FILE, and
leaves out pairs that are there. study.py --summary FILE: counts them.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile


def pairs_of(attest):
    """(name, control, is a fault) of the catalogues: a narrow fault has the narrow kernel without it as its control,
    and every other kernel the plain one."""
    with tempfile.TemporaryDirectory() as folder:
        listed = pathlib.Path(folder) / "faults.json"
        subprocess.run([attest, "list", "faults", "--json", listed], check=True, stdout=subprocess.DEVNULL)
        entries = json.loads(listed.read_text())["faults"]
    controls = [e["name"] for e in entries if e["meaning"].startswith("control:") or e["meaning"].endswith("; control")]
    pairs = []
    for entry in entries:
        name = entry["name"]
        gates = [c for c in controls if c.startswith("narrow_") and name.startswith(c + "_")]
        if name != "correct":
            pairs.append((name, max(gates, key=len) if gates else "correct", name not in controls))
    return pairs


def compared(attest, library, pair, options):
    name, control, fault = pair
    given = {flag.replace("_", "-"): value for flag, value in vars(options).items()}
    size = [word for flag in ("cases", "effort", "after-first", "dtype", "budget", "seed") if given[flag]
            for word in ("--" + flag, str(given[flag]))]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "compare.json"
        run = subprocess.run(
            [attest, "compare", f"{library}:{name}", f"{library}:{control}", "--quiet", "--json", file,
             "--findings", folder, "--jobs", "1", *size],
            stdout=subprocess.DEVNULL, check=False)
        result = json.loads(file.read_text())["pairs"][0]
    return {"name": name, "control": control, "fault": fault, "seed": options.seed, "cases": options.cases,
            "effort": options.effort, "dtype": options.dtype, "exit": run.returncode,
            "verdict": result["verdict"], "wrong": [wrong.split(":")[-1] for wrong in result["wrong"]],
            "why": result["why"], "outputs": result["differences"]["outputs"],
            "beyond": result["differences"]["beyond"], "seconds": result["seconds"],
            "law": next((f["law"] for k in result["kernels"] for f in k["findings"]), None)}


def lines_of(file):
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def is_right(x):
    if x["fault"]:
        return x["verdict"] == "one is wrong" and x["wrong"] == [x["name"]] and x["exit"] == 1
    return x["verdict"] in ("equal bits", "equivalent") and x["exit"] == 0 and x["beyond"] == 0


def summary(lines):
    faults = [x for x in lines if x["fault"]]
    found = [x for x in faults if is_right(x)]
    print(f"{len(faults)} pairs of a fault and its control: the wrong one named in {len(found)}, "
          f"{len([x for x in found if x['beyond'] == 0])} of them without an output beyond the sum of both bounds")
    controls = [x for x in lines if not x["fault"]]
    print(f"{len(controls)} pairs of two right kernels: {len([x for x in controls if is_right(x)])} equal or equivalent")
    for x in lines:
        if not is_right(x):
            print(f"  {x['name']} beside {x['control']}: {x['verdict']} {x['wrong']} {x['why']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="+")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--effort")
    parser.add_argument("--after-first", type=int)
    parser.add_argument("--dtype")
    parser.add_argument("--budget", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--names", nargs="*")
    parser.add_argument("--summary", action="store_true")
    options = parser.parse_args()
    file = pathlib.Path(options.words[-1])
    if not options.summary:
        attest, library = options.words[:2]
        done = {x["name"] for x in lines_of(file)}
        for pair in pairs_of(attest):
            if pair[0] in done or (options.names and pair[0] not in options.names):
                continue
            with file.open("a") as out:
                out.write(json.dumps(compared(attest, library, pair, options)) + "\n")
    summary(lines_of(file))


if __name__ == "__main__":
    main()
