#!/usr/bin/env python3
"""Writes manual pages from what a program prints: manual.py PROGRAM VERSION FOLDER

One page for attest and one for each command, attest-check.1, from their --help alone, so that no page can say
anything else.
"""

import pathlib
import sys

import help_text


def escaped(text):
    """Plain text in roff. A line must not begin with a control character."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def entries(title, pairs):
    lines = [f".SH {title}"] if pairs else []
    for term, description in pairs:
        lines += [".TP", f".B {escaped(term)}", escaped(description)]
    return lines


def page(found, version, others):
    name = found.name.replace(" ", "-")
    lines = [f'.TH {name.upper()} 1 "" "attest {version}" "User Commands"']
    lines += [".SH NAME", f"{name} \\- {escaped(found.summary[:1].lower() + found.summary[1:].rstrip('.'))}"]
    lines += [".SH SYNOPSIS", f".B {escaped(found.usage)}"]
    lines += [".SH DESCRIPTION", escaped(found.summary)]
    lines += entries("ARGUMENTS", found.positionals)
    lines += entries("OPTIONS", found.options)
    lines += entries("COMMANDS", found.commands)
    if found.footer:
        lines += [".SH EXIT STATUS AND EXAMPLES", ".nf", escaped(found.footer), ".fi"]
    seen = [f".BR {other.name.replace(' ', '-')} (1)" for other in others if other.name != found.name]
    lines += [".SH SEE ALSO", *(f"{line} ," for line in seen[:-1]), *seen[-1:]]
    return "\n".join(lines) + "\n"


def main():
    program, version, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    pages = help_text.read(program)
    for old in folder.glob("*.1"):
        old.unlink()  # of a command that has gone
    for found in pages:
        path = folder / f"{found.name.replace(' ', '-')}.1"
        path.write_text(page(found, version, pages), encoding="utf-8")


if __name__ == "__main__":
    main()
