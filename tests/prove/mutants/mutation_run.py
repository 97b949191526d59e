#!/usr/bin/env python3
"""Builds every mutant of src/attention and runs theorems over them: mutation_run.py BUILD

Mutants that no compiler takes are found first, and left out. Results are appended to BUILD/mutation.tsv, so a run may be
cut into pieces of --seconds; remove the file after a change of src/attention. The shares are then counted against
survivors.tsv, which says of the mutants that survive whether they are equivalent, or why no theorem refutes them. Exit
code 1: a survivor is not listed there, a listed one does not survive, or one of the audit's (audit.py) survives.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOM = "tests/prove/mutants"
ERROR = re.compile(r"of_attest_mutation_run/attention/([\w/.]+):(\d+):\d+: error:")


def rows_of(path):
    """The cells of a table; lines that begin with # are comments."""
    lines = path.read_text().splitlines() if path.exists() else []
    return [line.split("\t") for line in lines if line and line[0] != "#"]


def alternatives(build):
    """Where each mutant's alternative stands: (file, line) to key."""
    rows = rows_of(build / ROOM / "of_attest_mutation_run/mutants.tsv")
    return {(key.split(" | ")[0], int(at)): key for _, _, at, key in rows}


def mutants_of(errors, places):
    """The mutants at errors: the nearest alternative above a line, where the error is in what follows it."""
    bad = set()
    for file, line in errors:
        above = [at for at in range(int(line), int(line) - 6, -1) if (file, at) in places]
        bad.update(places[file, at] for at in above[:1])
    return bad


def compiled(build):
    """Builds until what is left compiles; how many mutants were left out."""
    without = build / ROOM / "without.txt"
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


def counted(results, listed, audited):
    """Counts by file, and what is wrong: survivors that are not listed, lines that nothing survives, audited ones."""
    by_file = collections.defaultdict(collections.Counter)
    wrong, met = [], set()
    for fate, _, _, name, key in results:
        sort = fate
        if fate == "survived":
            lines = [line for line in listed if re.search(line[2], key)]
            sort = lines[0][0] if lines else "not listed"
            met.update(line[2] for line in lines[:1])
            wrong += [f"not listed: {key}"] if not lines else []
            wrong += [f"survives, of the audit: {name}"] if name else []
        by_file[key.split(" | ")[0]][sort] += 1
    wrong += [f"nothing survives: {pattern}" for _, _, pattern in listed if pattern not in met]
    names = {name for _, _, _, name, _ in results}
    wrong += [f"not run, of the audit: {name}" for name in audited if name not in names]
    return by_file, wrong


def summary(build):
    """Prints the shares and what is wrong; 1 if anything is."""
    mutants = rows_of(build / ROOM / "of_attest_mutation_run/mutants.tsv")
    keys = {key for _, _, _, key in mutants}
    results = [row for row in rows_of(build / "mutation.tsv") if row[4] in keys]
    by_file, wrong = counted(results, rows_of(HERE / "survivors.tsv"), [row[1] for row in mutants if row[1]])
    if len(results) < len(keys):
        wrong.append(f"{len(keys) - len(results)} mutants were not run")
    total = sum(by_file.values(), collections.Counter())
    for name, counts in sorted(by_file.items()) + [("all", total)]:
        print(f"{name:34}" + "  ".join(f"{sort} {count}" for sort, count in sorted(counts.items())))
    print("\n".join(wrong))
    return int(bool(wrong))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--seconds", default="1e9", help="stop after so many, to go on in a later run")
    parser.add_argument("--survivors", action="store_true", help="run again what survived: theorems have grown")
    parser.add_argument("--summary", action="store_true", help="run nothing")
    arguments = parser.parse_args()
    results = arguments.build / "mutation.tsv"
    if not arguments.summary:
        print(f"{compiled(arguments.build)} mutants left out: they do not compile", flush=True)
        if arguments.survivors:
            kept = [row for row in rows_of(results) if row[0] != "survived"]
            results.write_text("".join("\t".join(row) + "\n" for row in kept))
        room = arguments.build / ROOM
        subprocess.run([room / "attest_mutation_run", room / "of_attest_mutation_run/mutants.tsv", results,
                        arguments.seconds], check=True)
    sys.exit(summary(arguments.build))


if __name__ == "__main__":
    main()
