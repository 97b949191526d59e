#!/usr/bin/env python3
"""Writes src/attention with every mutant in it at once: schemata.py ATTENTION OUT [--without FILE] [--audit]

A mutant changes one place of one line. In OUT/attention each such place asks at run time which mutant is active
(attention/mutant.hpp), so that one build runs them all. OUT/mutants.tsv lists them: number, the name that an audit gave
it, the line of its alternative in OUT, and its key: file, line as it stands, and what becomes of what. --without leaves
out mutants by their keys, one a line: those that have no meaning in C++. --audit leaves out all but the audit's.
"""

import argparse
import bisect
import pathlib
import re
import sys

import audit
import operators
import tokens

ACTIVE = """// Which mutant is active; 0: none. Constants are computed without any.
#pragma once
#include <type_traits>
namespace attest::mutants {
inline int active = 0;
constexpr bool is(int mutant) {
  if (std::is_constant_evaluated()) return false;
  return active == mutant;
}
}  // namespace attest::mutants
"""


class Mutant:
    def __init__(self, file, line, old, new, whole, name):
        self.file, self.line, self.old, self.new, self.whole, self.name = file, line, old, new, whole, name
        self.number = 0
        self.key = ""
        self.text = ""  # of the slot that it changes


def write_changed(path, text):
    """Leaves a file alone that says the same: what includes it need not be compiled again."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def one_line(text):
    return " ".join(text.split())


class Source:
    """One file and its mutants."""

    def __init__(self, name, text):
        self.name, self.lines = name, text.split("\n")
        self.text = re.sub(r"//[^\n]*", "", text)
        self.starts = [0] + [m.end() for m in re.finditer("\n", self.text)]
        self.reader = tokens.Reader(self.text)
        self.mutants = []
        self.collect(self.reader.root)
        for entry in audit.MUTATIONS:
            if entry[1] == name:
                self.add_audited(*entry)

    def span(self, slot):
        return self.reader.tokens[slot.first].start, self.reader.tokens[slot.last - 1].end

    def add(self, slot, start, end, new, name=""):
        begin, stop = self.span(slot)
        line = bisect.bisect_right(self.starts, start)
        mutant = Mutant(self.name, line, one_line(self.text[start:end]), one_line(new),
                        self.lines[line - 1].strip(), name)
        mutant.text = one_line(self.text[begin:start] + new + self.text[end:stop])
        known = next((other for other in slot.mutants if other.text == mutant.text), None)
        if known:
            known.name = known.name or name
        else:
            slot.mutants.append(mutant)
            self.mutants.append(mutant)

    def collect(self, slot):
        if slot is not self.reader.root and slot.last > slot.first:
            start, end = self.span(slot)
            if slot.statement:
                if operators.is_action(self.reader, slot.first, slot.last):
                    self.add(slot, start, end, "")
            elif operators.is_expression(self.reader, slot.first, slot.last):
                inner = {i for child in slot.children for i in range(child.first, child.last)}
                after = self.reader.tokens[slot.last].text if slot.last < len(self.reader.tokens) else ""
                assigned = after in tokens.ASSIGN  # a place, not a value
                for i in range(slot.first, slot.last):
                    if i not in inner and not assigned:
                        for change in operators.changes_at(self.reader, i):
                            if start <= change[0] and change[1] <= end:
                                self.add(slot, *change)
                for change in operators.of_slot(self.reader, slot) if not assigned else []:
                    self.add(slot, *change)
        for child in slot.children:
            self.collect(child)

    def add_audited(self, name, _, before, old, new):
        if self.text.count(before + old) != 1:
            sys.exit(f"schemata.py: {self.name} has {self.text.count(before + old)} places such as: {before}{old}")
        start = self.text.index(before + old) + len(before)
        slot, inside = None, self.reader.root.children
        while inside:
            inside = [child for child in inside
                      if self.span(child)[0] <= start and start + len(old) <= self.span(child)[1]]
            if inside:
                slot, inside = inside[0], inside[0].children
        if slot is None:
            sys.exit(f"schemata.py: no expression of {self.name} holds: {old}")
        self.add(slot, start, start + len(old), new, name)

    def emit(self, first, last, children):
        """The text first..last with the alternatives of all slots in it."""
        result, at = [], first
        for child in sorted(children, key=lambda c: self.span(c)[0]):
            if child.last == child.first:
                continue
            start, end = self.span(child)
            result += [self.text[at:start], self.alternatives(child)]
            at = end
        return "".join(result) + self.text[at:last]

    def alternatives(self, slot):
        start, end = self.span(slot)
        right = self.emit(start, end, slot.children)
        mutants = [mutant for mutant in slot.mutants if mutant.number]
        if not mutants:
            return right
        if slot.statement:
            text = "".join(f"\n::attest::mutants::is({mutant.number}) ? static_cast<void>(({mutant.text or 0})) :"
                           for mutant in mutants)
            return f"({text}\nstatic_cast<void>(({right})))"
        text = "".join(f"\n::attest::mutants::is({mutant.number}) ? ({mutant.text}) :" for mutant in mutants)
        whole = f"({text}\n({right}))"
        return f"static_cast<std::size_t>{whole}" if slot.in_braces and right.strip().isdigit() else whole

    def overlay(self):
        text = self.emit(0, len(self.text), self.reader.root.children)
        if self.name.endswith(".hpp"):
            return text.replace("#pragma once", '#pragma once\n#include "attention/mutant.hpp"', 1)
        return '#include "attention/mutant.hpp"\n' + text


def number(sources, without, audited_alone):
    """Keys and numbers, 0 for those left out: a key names a mutant as long as its line stands."""
    seen, count = {}, 0
    for source in sources:
        for mutant in sorted(source.mutants, key=lambda m: m.line):
            key = f"{mutant.file} | {mutant.whole} | {mutant.old} -> {mutant.new}"
            seen[key] = seen.get(key, 0) + 1
            mutant.key = key if seen[key] == 1 else f"{key} #{seen[key]}"
            count += 1
            left_out = mutant.key in without or audited_alone and not mutant.name
            mutant.number = 0 if left_out else count


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("attention", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--without", type=pathlib.Path)
    parser.add_argument("--audit", action="store_true")
    arguments = parser.parse_args()
    without = set(arguments.without.read_text().splitlines()) if arguments.without else set()
    names = sorted(path.relative_to(arguments.attention).as_posix()
                   for path in arguments.attention.rglob("*") if path.suffix in (".hpp", ".cpp"))
    sources = [Source(name, (arguments.attention / name).read_text()) for name in names]
    number(sources, without, arguments.audit)
    rows = []
    for source in sources:
        path = arguments.out / "attention" / source.name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = source.overlay()
        write_changed(path, text)
        at = {int(m.group(1)): i + 1 for i, line in enumerate(text.split("\n"))
              for m in re.finditer(r"mutants::is\((\d+)\)", line)}
        rows += [(m.number, m.name, at[m.number], m.key) for m in source.mutants if m.number]
    write_changed(arguments.out / "attention" / "mutant.hpp", ACTIVE)
    table = "".join("\t".join(str(cell) for cell in row) + "\n" for row in sorted(rows))
    (arguments.out / "mutants.tsv").write_text(table)


if __name__ == "__main__":
    main()
