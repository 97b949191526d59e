#!/usr/bin/env python3
"""Checks that a source includes the header of its name first: first_include.py ROOT

So the compiler shows that the header stands alone. (cmake/StyleChecks.cmake compiles the other headers of src/.)
"""

import pathlib
import sys

import cpp


def faults(root):
    found = []
    for path in cpp.sources(root / "src", (".cpp",)):
        header = path.with_suffix(".hpp")
        if not header.is_file():
            continue
        wanted = header.relative_to(root / "src").as_posix()
        if cpp.included(cpp.text_of(path))[:1] != [wanted]:
            found.append(f"{path.relative_to(root).as_posix()} does not include {wanted} first")
    return found


def main():
    found = faults(pathlib.Path(sys.argv[1]))
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
