#!/usr/bin/env python3
"""Checks that functions and files stay short enough to see: lengths.py ROOT

What is longer stands in long.txt with its lines. That list may only shrink: an entry gets no longer than it says,
and goes when it is no longer needed.
"""

import pathlib
import sys

import cpp

MOST_LINES = {"function": 60, "file": 300}
FOLDERS = ("include", "src", "proofs", "properties", "tests", "bench", "examples")


def read_list(text):
    """{(kind, where): lines} of lines such as "function src/a.cpp:f 70"."""
    listed = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            kind, where, lines = line.split()
            listed[kind, where] = int(lines)
    return listed


def measured(root):
    """{(kind, where): lines} of all files and functions; of functions of one name in a file, the longest."""
    lengths = {}
    for folder in FOLDERS:
        for path in cpp.sources(root / folder):
            text = cpp.text_of(path)
            where = path.relative_to(root).as_posix()
            lengths["file", where] = text.count("\n")
            for name, _, lines in cpp.functions(text):
                key = "function", f"{where}:{name}"
                lengths[key] = max(lines, lengths.get(key, 0))
    return lengths


def faults(lengths, listed):
    found = []
    for key, lines in sorted(lengths.items()):
        kind, where = key
        most = MOST_LINES[kind]
        if lines > max(most, listed.get(key, 0)):
            limit = f"long.txt allows it {listed[key]}" if key in listed else f"a {kind} has at most {most}"
            found.append(f"{where} has {lines} lines; {limit}: split it")
        if key in listed and lines <= most:
            found.append(f"{where} has {lines} lines now: remove it from tests/style/long.txt")
    found += [f"{where} is in tests/style/long.txt and is not there: remove it" for _, where in sorted(listed)
              if not any(where == there for _, there in lengths)]
    return found


def main():
    root = pathlib.Path(sys.argv[1])
    found = faults(measured(root), read_list(cpp.text_of(root / "tests/style/long.txt")))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
