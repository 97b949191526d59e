#!/usr/bin/env python3
"""Checks who reads the fields of a contract: contract_fields.py ROOT

What a field costs is known to the contract's own room, the bound and the noise. Everything else in src asks
(oracle/contract/questions.hpp, exactness.hpp), so that a new field is not looked for all over the tree.
"""

import pathlib
import re
import sys

CONTRACT = "src/oracle/contract/contract.hpp"
ROOMS = ("src/oracle/contract", "src/oracle/bound", "src/oracle/noise")
OPEN = {"text"}  # how reports name a contract
STRUCT = re.compile(r"^struct Contract \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"//[^\n]*")
NAME = re.compile(r"(\w+)\s*(?:=[^,;]*)?(?=[,;])")
# What a contract is called: a declaration, a loop over alternatives, a call's result, the constants of a bound.
DECLARED = re.compile(r"\bContract\b\s*(?:const\b\s*)?[&*]*\s*(\w+)")
LOOPED = re.compile(r"\bauto\b\s*(?:const\b\s*)?[&*]*\s*(\w+)\s*:\s*[\w.()>-]*\balternatives\b")
ASSIGNED = re.compile(r"\bauto\b\s*(?:const\b\s*)?[&*]*\s*(\w+)\s*=\s*(?:[\w:]+::)?(?:parse_contract|with_fields)\(")
OTHER = re.compile(r"\b(?:[A-Z]\w*|auto)\b\s*(?:const\b\s*)?[&*]*\s*(\w+)\s*(?=[,)=:;({])")
UNNAMED = (r"\balternatives(?:\.front\(\)|\.back\(\)|\.at\([^()]*\)|\[[^\]]*\])", r"\bparse_contract\([^()]*\)",
           r"\bterms\w*\.c", r"\bt\.c")


def fields(header):
    """The members of struct Contract."""
    body = COMMENT.sub("", STRUCT.search(header).group(1))
    names = set()
    for declaration in re.findall(r"[^;]+;", body):
        parts = declaration.split(None, 1)
        names |= set(NAME.findall(parts[1])) if len(parts) > 1 else set()
    return names - OPEN


def is_contract(text, name, at):
    """Whether the last declaration of a name before a place is a contract's."""
    def last(patterns):
        return max((match.start(1) for pattern in patterns for match in pattern.finditer(text, 0, at)
                    if match.group(1) == name), default=-1)
    return last((DECLARED, LOOPED, ASSIGNED)) >= last((OTHER,))


def reads(text, names):
    """The fields that a source reads: [(line, expression)]."""
    text = COMMENT.sub("", text)
    member = rf"\s*(?:\.|->)\s*(?:{'|'.join(sorted(names))})\b(?!\s*\()"
    found = [match for owner in UNNAMED for match in re.finditer(owner + member, text)]
    for name in {name for pattern in (DECLARED, LOOPED, ASSIGNED) for name in pattern.findall(text)}:
        found += [match for match in re.finditer(rf"(?<![\w.>]){re.escape(name)}{member}", text)
                  if is_contract(text, name, match.start())]
    found.sort(key=lambda match: match.start())
    return [(text.count("\n", 0, match.start()) + 1, match.group(0)) for match in found]


def faults(root):
    names = fields((root / CONTRACT).read_text(encoding="utf-8"))
    found = []
    for path in sorted((root / "src").rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in (".cpp", ".hpp") or name.startswith(tuple(room + "/" for room in ROOMS)):
            continue
        for line, expression in reads(path.read_text(encoding="utf-8"), names):
            found.append(f"{name}:{line}: reads {expression}: ask a question of oracle/contract/questions.hpp")
    return found


def main():
    found = faults(pathlib.Path(sys.argv[1]))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
