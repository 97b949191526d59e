#!/usr/bin/env python3
"""Checks that each folder of src/ has its own namespace: namespaces.py ROOT

A file of src/ROOM opens attest::ROOM, or a namespace below it, and no other room's. The vocabulary that all rooms
share is in attest itself.
"""

import pathlib
import re
import sys

import cpp

# Folders whose names every room uses.
VOCABULARY = ("numerics", "problem")
# Files that open no namespace.
OUTSIDE = {
    "src/faults/library/exports.cpp": "defines the C functions of the ABI library",
}
# What a file may open in addition to its room's namespace.
IN_ADDITION = {
    "src/check/generate/families.hpp": ("attest", "RapidCheck finds showValue by its argument, a Problem"),
    "src/check/generate/families.cpp": ("attest", "defines showValue"),
    "src/forms/forms/forms_of_matrices.hpp": ("attest::semantics", "declares Mpfr, whose header includes MPFR"),
}
OPENED = re.compile(r"^[ \t]*(?:inline[ \t]+)?namespace[ \t]+(attest\b[\w:]*)[ \t]*\{", re.MULTILINE)


def room_of(where):
    """The namespace that belongs to a path from ROOT."""
    folder = where.split("/")[1]
    return "attest" if folder in VOCABULARY else f"attest::{folder}"


def opened(text):
    return OPENED.findall(cpp.code_of(text))


def faults_of(where, text):
    room = room_of(where)
    names = opened(text)
    inside = [name for name in names if name == room or name.startswith(room + "::")]
    if room == "attest":
        inside = [name for name in names if name == "attest"]
    found = []
    if where in OUTSIDE:
        return [f"{where} is listed as outside and opens {name}" for name in names]
    if not inside:
        found.append(f"{where} does not open namespace {room}")
    also = IN_ADDITION.get(where, ("",))[0]
    found += [f"{where} opens namespace {name}; its own is {room}" for name in names
              if name not in inside and name != also]
    if also and also not in names:
        found.append(f"{where} is listed as opening {also} and does not")
    return found


def faults(root, listed=None):
    paths = {path.relative_to(root).as_posix(): path for path in cpp.sources(root / "src", (".cpp", ".hpp"))}
    found = [fault for where, path in sorted(paths.items()) if where.count("/") > 1
             for fault in faults_of(where, cpp.text_of(path))]
    listed = [*OUTSIDE, *IN_ADDITION] if listed is None else listed
    return found + [f"{where} is listed and is not there" for where in listed if where not in paths]


def main():
    found = faults(pathlib.Path(sys.argv[1]))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
