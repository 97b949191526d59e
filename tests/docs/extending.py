#!/usr/bin/env python3
"""Builds the examples of docs/extending.md: extending.py ROOT BUILD

Every section that has diffs is applied to copies of the files that it touches, by itself, and each source that it
changes or adds is compiled with the flags of the build, with the copies ahead of the tree. A comment
<!-- compiles: FILE ... --> names further sources, where the change is in a header or a list. The document has to
show every section of SECTIONS.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SECTIONS = ("A law", "An adapter", "A theorem", "A contract field", "An input")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^\+\+\+ b/(\S+)", re.MULTILINE)
COMPILES = re.compile(r"<!-- compiles: (.*?) -->", re.DOTALL)


class Problem(Exception):
    pass


def sections(text):
    """{title: its text}, of sections that have diffs."""
    parts = SECTION.split(text)
    return {title: body for title, body in zip(parts[1::2], parts[2::2]) if DIFF.search(body)}


def apply(body, root, overlay):
    """Applies a section's diffs to copies; returns the files that changed."""
    changed = []
    for diff in DIFF.findall(body):
        for path in TARGET.findall(diff):
            target = overlay / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if (root / path).exists() and not target.exists():
                target.write_bytes((root / path).read_bytes())
            changed.append(path)
        patch = subprocess.run(["patch", "-p1", "--no-backup-if-mismatch", "-d", overlay], input=diff, text=True,
                               capture_output=True)
        if patch.returncode != 0:
            raise Problem(f"does not apply:\n{patch.stdout}{patch.stderr}")
    return changed


def command_for(path, commands, root):
    """The build's command for a source, or for the nearest one where the source is new."""
    folder = root / path
    while folder != root:
        near = [file for file in commands if file == str(folder) or file.startswith(f"{folder}/")]
        if near:
            return commands[near[0]]
        folder = folder.parent
    raise Problem(f"no source is near {path}")


def compile_line(path, commands, root, overlay):
    words = shlex.split(command_for(path, commands, root)["command"])
    kept, skip = [], 0
    for word in words:
        if skip:
            skip -= 1
        elif word in ("-o", "-c", "-MF", "-MT", "-include"):  # precompiled headers are of the tree, not of the copies
            skip = 1
        elif word not in ("-MD", "-Winvalid-pch"):
            kept.append(word)
    source = overlay / path if (overlay / path).exists() else root / path
    first = [f"-I{overlay / folder}" for folder in ("src", "include", "proofs", "properties", "tests")]
    own_folder = ["-iquote", str((root / path).parent)]
    return [kept[0], *first, *own_folder, *kept[1:], "-fsyntax-only", str(source)]


def build(body, root, commands, workers):
    with tempfile.TemporaryDirectory() as made:
        overlay = pathlib.Path(made)
        changed = apply(body, root, overlay)
        sources = {path for path in changed if path.endswith(".cpp")}
        for more in COMPILES.findall(body):
            sources.update(more.split())

        def compiled(path):
            line = compile_line(path, commands, root, overlay)
            run = subprocess.run(line, capture_output=True, text=True, cwd=command_for(path, commands, root)["directory"])
            return path, run.returncode, run.stderr

        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for path, status, errors in pool.map(compiled, sorted(sources)):
                if status != 0:
                    raise Problem(f"{path} does not compile:\n{errors[:4000]}")
        return sorted(changed), sorted(sources)


def main(root, build_folder):
    text = (root / "docs/extending.md").read_text(encoding="utf-8")
    commands = {entry["file"]: entry for entry in json.loads((build_folder / "compile_commands.json").read_text())}
    examples = sections(text)
    failures = [f"docs/extending.md has no example '{title}'" for title in SECTIONS if title not in examples]
    for title, body in examples.items():
        try:
            changed, sources = build(body, root, commands, os.cpu_count() or 1)
            print(f"{title}: {len(changed)} files changed, {len(sources)} sources compiled")
        except Problem as problem:
            failures.append(f"{title}: {problem}")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
