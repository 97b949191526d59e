"""The help of a program whose command line is CLI11's, taken apart: what manual.py and completion.py share."""

import dataclasses
import re
import subprocess

_HEADINGS = {"Positionals:": "positionals", "Options:": "options", "Subcommands:": "commands"}


@dataclasses.dataclass
class Help:
    """Entries are pairs (term, description): ("--json FILE", "Write the results ...")."""

    name: str
    summary: str = ""
    usage: str = ""
    positionals: list = dataclasses.field(default_factory=list)
    options: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)
    footer: str = ""


def _entry(line, following):
    """A term that is too long has its description on a line of its own, the next."""
    if following.startswith(" " * 34):
        return line.strip(), following.strip()
    term, *rest = re.split(r"\s{2,}", line.strip(), maxsplit=1)
    if not rest and len(line) > 34:
        term, rest = line[:33].strip(), [line[33:].strip()]
    return term, rest[0] if rest else ""


def parse(name, text):
    """Raises ValueError for a text that is not such a help."""
    lines = text.rstrip("\n").split("\n")
    usage = next((at for at, line in enumerate(lines) if line.startswith("Usage: ")), None)
    if usage is None:
        raise ValueError(f"{name}: its help has no line 'Usage: '")
    found = Help(name, " ".join(lines[:usage]), lines[usage].removeprefix("Usage: "))
    at, section = usage + 1, None
    while at < len(lines):
        line, following = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
        at += 1
        if line in _HEADINGS:
            section = getattr(found, _HEADINGS[line])
        elif section is not None and line.startswith("  "):
            section.append(_entry(line, following))
            at += following.startswith(" " * 34)
        elif line:
            found.footer = "\n".join(lines[at - 1:])
            break
    return found


def read(program):
    """The help of the program itself, then that of each of its commands."""

    def ask(*command):
        words = [program, *command, "--help"]
        run = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
        return parse(" ".join(("attest", *command)), run.stdout)

    whole = ask()
    return [whole, *(ask(name) for name, _ in whole.commands)]


def flags(term):
    """The spellings of an option: ["-h", "--help"] of "-h,--help"."""
    return [word for word in term.split()[0].split(",") if word.startswith("-")]


def takes_value(term):
    return len(term.split()) > 1
