#!/usr/bin/env python3
"""Checks that every file is used: dead_files.py ROOT BUILD

Somebody includes each header, and a target of BUILD compiles each source (BUILD/compile_commands.json), or a
CMakeLists.txt names it: for another preset, or as a source that must not compile.
"""

import json
import pathlib
import sys

import cpp

FOLDERS = ("include", "src", "proofs", "properties", "tests", "bench", "examples")
# Installed for users, who include it.
ENTRIES = {"include/attest/kernel.h"}
# What another preset compiles.
ELSEWHERE = {"tests/fuzz": "the preset fuzz"}


def files(root, endings):
    return [path for folder in FOLDERS for path in cpp.sources(root / folder, endings)]


def dead_headers(root):
    """A header counts as included by the end of its path, as different roots are on the path of includes."""
    included = {include for path in files(root, cpp.ENDINGS + (".def",))
                for include in cpp.included(cpp.text_of(path))}
    dead = []
    for path in files(root, (".hpp", ".h", ".def")):
        where = path.relative_to(root).as_posix()
        parts = where.split("/")
        ends = {"/".join(parts[i:]) for i in range(len(parts))}
        if where not in ENTRIES and not ends & included:
            dead.append(f"{where}: nobody includes it")
    return dead


def dead_sources(root, compiled):
    named = "\n".join(cpp.text_of(path) for path in sorted(root.rglob("CMakeLists.txt"))
                      if path.relative_to(root).parts[0] in FOLDERS)
    dead = []
    for path in files(root, (".cpp", ".c")):
        where = path.relative_to(root).as_posix()
        if path.resolve() in compiled or path.name in named or str(pathlib.PurePosixPath(where).parent) in ELSEWHERE:
            continue
        dead.append(f"{where}: no target compiles it")
    return dead


def main():
    root, build = (pathlib.Path(argument) for argument in sys.argv[1:3])
    commands = json.loads(cpp.text_of(build / "compile_commands.json"))
    compiled = {(pathlib.Path(entry["directory"]) / entry["file"]).resolve() for entry in commands}
    found = dead_headers(root) + dead_sources(root, compiled)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
