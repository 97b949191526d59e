#!/usr/bin/env python3
"""Writes completions for shells from what a program prints: completion.py PROGRAM FOLDER

FOLDER gets attest (bash), _attest (zsh) and attest.fish. They complete commands, options, the values of options whose
help lists them, and files.
"""

import pathlib
import re
import sys

import help_text

_CHOICES = re.compile(r"\{([^{}\s]+)\}")


def choices(term, description):
    """The values that an option or an argument may have, where the help says so; the term of CLI11's own lists them
    in braces."""
    listed = _CHOICES.search(term)
    if listed:
        return listed.group(1).split(",")
    if term.startswith("--effort"):
        return ["quick", "ci", "deep"]
    return ["f64", "f32", "f16", "bf16"] if re.match(r"--(kv-)?dtype", term) else []


def described(pages):
    """For each command: options (flag, takes a value, choices, description) and choices of its first argument."""
    for found in pages[1:]:
        options = [(flag, help_text.takes_value(term), choices(term, text), text)
                   for term, text in found.options for flag in help_text.flags(term)]
        first = choices(*found.positionals[0]) if found.positionals else []
        yield found.name.split()[1], options, first


def bash(pages):
    lines = ["# bash completion for attest; written from its --help.", "_attest() {",
             '  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} options= values=',
             '  COMPREPLY=()',
             '  if [ "$COMP_CWORD" = 1 ]; then',
             f'    COMPREPLY=($(compgen -W "{" ".join(name for name, _ in pages[0].commands)} --help --version" -- "$word"))',
             "    return", "  fi", '  case ${COMP_WORDS[1]} in']
    for name, options, first in described(pages):
        lines += [f"    {name})", f'      options="{" ".join(flag for flag, *_ in options)}"']
        lines += [f'      values="{" ".join(first)}"'] if first else []
        lines += ["      case $previous in"]
        for flag, value, some, _ in options:
            if value:
                lines += [f'        {flag}) options= values="{" ".join(some)}" ;;']
        lines += ["      esac", "      ;;"]
    lines += ["  esac", '  COMPREPLY=($(compgen -W "$options $values" -- "$word"))',
              '  [ -n "$values" ] || COMPREPLY+=($(compgen -f -- "$word"))', "}",
              "complete -o filenames -F _attest attest"]
    return "\n".join(lines) + "\n"


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh(pages):
    """_arguments specifications: brackets and colons of a description are escaped."""
    safe = lambda text: re.sub(r"([\[\]:\\])", r"\\\1", text)
    lines = ["#compdef attest", "# Written from attest --help.", "local -a commands", "commands=("]
    lines += ["  " + quoted(f"{name}:{text}") for name, text in pages[0].commands]
    lines += [")", "if (( CURRENT == 2 )); then", "  _describe command commands", "  return", "fi",
              "local command=$words[2]", "shift words", "(( CURRENT-- ))", "case $command in"]
    for name, options, first in described(pages):
        lines += [f"  {name})", "    _arguments \\"]
        for flag, value, some, text in options:
            action = f":value:({' '.join(some)})" if some else ":value:_files" if value else ""
            lines += [f"      {quoted(f'*{flag}[{safe(text)}]{action}')} \\"]
        lines += [f"      {quoted('*:argument:(' + ' '.join(first) + ')' if first else '*:argument:_files')}", "    ;;"]
    return "\n".join([*lines, "esac"]) + "\n"


def fish(pages):
    safe = lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
    lines = ["# Written from attest --help."]
    for name, text in pages[0].commands:
        lines += [f"complete -c attest -n __fish_use_subcommand -f -a {name} -d {safe(text)}"]
    for name, options, first in described(pages):
        seen = f"complete -c attest -n '__fish_seen_subcommand_from {name}'"
        lines += [f"{seen} -f -a {safe(' '.join(first))}"] if first else []
        for flag, value, some, text in options:
            kind = f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
            lines += [f"{seen} {kind} {'-r ' if value else ''}" + (f"-f -a {safe(' '.join(some))} " if some else "") +
                      f"-d {safe(text)}"]
    return "\n".join(lines) + "\n"


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    pages = help_text.read(program)
    for name, write in {"attest": bash, "_attest": zsh, "attest.fish": fish}.items():
        (folder / name).write_text(write(pages), encoding="utf-8")


if __name__ == "__main__":
    main()
