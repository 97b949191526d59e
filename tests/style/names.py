#!/usr/bin/env python3
"""Checks that no behaviour depends on a name for people: names.py ROOT

Laws, families, theorems, faults and kernels have names that reports show. Code that compares such a name with a
string takes a decision that belongs to a member or an enumeration, and breaks when the name is improved. (Names
that come from outside, from a file or a command line, are looked up; tests may ask for what a user asks for.)
"""

import pathlib
import re
import sys

import cpp

FOLDERS = ("src", "proofs", "properties", "bench")
# Members that hold names for people.
MEMBER = (r"(?:\.|->)(?:name|semantics|number|cause|fault|law|family|theorem|form|variant|cpu)(?:\(\))?")
COMPARED = re.compile(MEMBER + r'\s*[!=]=\s*"[^"]+"|"[^"]+"\s*[!=]=\s*[\w.\->()\[\]]*?' + MEMBER + r"\b"
                      + "|" + MEMBER + r'\.(?:starts_with|ends_with|find|rfind|compare)\(\s*"'
                      r'|\bfind_(?:law|form_law)\(\s*"')


def faults_in(text):
    """(line, code) of each comparison."""
    code = cpp.code_of(text, keep_strings=True)
    return [(code.count("\n", 0, match.start()) + 1, match.group(0)) for match in COMPARED.finditer(code)]


def faults(root):
    found = []
    for folder in FOLDERS:
        for path in cpp.sources(root / folder):
            if path.name.endswith("_test.cpp"):
                continue
            where = path.relative_to(root).as_posix()
            found += [f"{where}:{line}: behaviour by a display name: {code}"
                      for line, code in faults_in(cpp.text_of(path))]
    return found


def main():
    found = faults(pathlib.Path(sys.argv[1]))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
