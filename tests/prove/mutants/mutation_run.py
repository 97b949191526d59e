#!/usr/bin/env python3
"""Builds every mutant of src/attention and runs the theorems over them: mutation_run.py BUILD SECONDS

Mutants that no compiler takes are found first, and left out. Results are appended to BUILD/mutation.tsv, so a run may
be cut into pieces of SECONDS. mutation_run.py BUILD --summary counts them against survivors.tsv, which says of mutants
that survive whether they are equivalent, or why no theorem refutes them.
"""

import collections
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ERROR = re.compile(r"of_attest_mutation_run/attention/([\w/.]+):(\d+):\d+: error:")


def alternatives(build):
    """Where each mutant's alternative stands: (file, line) to key."""
    places = {}
    for line in (build / "tests/prove/mutants/of_attest_mutation_run/mutants.tsv").read_text().splitlines():
        _, _, at, key = line.split("\t")
        places[key.split(" | ")[0], int(at)] = key
    return places


def mutants_of(errors, places):
    """The mutants at errors: the nearest alternative above a line, where the error is in what follows it."""
    bad = set()
    for file, line in errors:
        above = [at for at in range(int(line), int(line) - 6, -1) if (file, at) in places]
        bad.update(places[file, at] for at in above[:1])
    return bad


def compiled(build):
    """Builds until what is left compiles; how many mutants were left out."""
    without = build / "tests/prove/mutants/without.txt"
    for target in ("attest_mutants_compile", "attest_mutation_run"):
        while True:
            done = subprocess.run(["ninja", "-C", build, "-k", "0", target], text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            if done.returncode == 0:
                break
            bad = mutants_of(set(ERROR.findall(done.stdout)), alternatives(build))
            if not bad:
                sys.exit(f"mutation_run.py: no mutant explains why the build fails:\n{done.stdout[-4000:]}")
            print(f"{len(bad)} mutants do not compile", flush=True)
            with without.open("a") as file:
                file.write("".join(f"{key}\n" for key in sorted(bad)))
    return len(without.read_text().splitlines())


def survivors():
    """What survives: the sort of reason, the reason, and a pattern of keys."""
    lines = [line for line in (HERE / "survivors.tsv").read_text().splitlines() if line and line[0] != "#"]
    return [line.split("\t") for line in lines]


def summary(build):
    """Prints the shares; true if a survivor is not listed, or nothing of a listed sort survives."""
    rows = [line.split("\t") for line in (build / "mutation.tsv").read_text().splitlines()]
    listed = survivors()
    by_file = collections.defaultdict(collections.Counter)
    wrong, met = [], set()
    for fate, _, _, _, key in rows:
        sort = fate
        if fate == "survived":
            lines = [line for line in listed if re.search(line[2], key)]
            sort = lines[0][0] if lines else "not listed"
            met.update(line[2] for line in lines[:1])
        if sort == "not listed":
            wrong.append(f"not listed: {key}")
        by_file[key.split(" | ")[0]][sort] += 1
    wrong += [f"nothing survives: {pattern}" for _, _, pattern in listed if pattern not in met]
    total = sum(by_file.values(), collections.Counter())
    for name, counts in sorted(by_file.items()) + [("all", total)]:
        print(f"{name:34}" + "  ".join(f"{sort} {count}" for sort, count in sorted(counts.items())))
    print("\n".join(wrong))
    return bool(wrong)


def main():
    build = pathlib.Path(sys.argv[1])
    if sys.argv[2] == "--summary":
        sys.exit(summary(build))
    print(f"{compiled(build)} mutants left out: they do not compile", flush=True)
    subprocess.run([build / "tests/prove/mutants/attest_mutation_run",
                    build / "tests/prove/mutants/of_attest_mutation_run/mutants.tsv", build / "mutation.tsv", sys.argv[2]], check=True)


if __name__ == "__main__":
    main()
