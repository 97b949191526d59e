#!/usr/bin/env python3
"""Checks the rooms of the tree: rooms.py ROOT

A room is a folder of src/ with sources of its own. No include path leads from a room through other rooms back to
it, and no folder holds more files than a reader can take in at once, apart from folders of equals.
"""

import pathlib
import re
import sys

MOST_FILES = 24
# Folders whose files are equals: whoever has read one knows the shape of all.
EQUALS = {
    "src/faults/kernels": "a faulty kernel a file",
    "src/laws/kernel_laws": "a law a file",
    "src/semantics": "a number system a file",
}
COUNTED = ("src", "properties", "proofs")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def sources(folder):
    return sorted(path for path in folder.rglob("*") if path.suffix in (".cpp", ".hpp"))


def room_arrows(src):
    """For each room, the rooms it includes: {room: {other room: "file includes file"}}."""
    arrows = {}
    for path in sources(src):
        room = path.parent.relative_to(src).as_posix()
        known = arrows.setdefault(room, {})
        for included in INCLUDE.findall(path.read_text(encoding="utf-8")):
            other = pathlib.PurePosixPath(included).parent.as_posix()
            if other != room and (src / included).is_file():
                known.setdefault(other, f"{path.relative_to(src)} includes {included}")
    return arrows


def circle(arrows):
    """The rooms of one include circle, in order; empty where there is none."""
    done, path = set(), []

    def walk(room):
        if room in path:
            return path[path.index(room):]
        if room in done:
            return []
        path.append(room)
        for other in sorted(arrows.get(room, {})):
            found = walk(other)
            if found:
                return found
        done.add(path.pop())
        return []

    for room in sorted(arrows):
        found = walk(room)
        if found:
            return found
    return []


def circle_faults(root):
    arrows = room_arrows(root / "src")
    rooms = circle(arrows)
    if not rooms:
        return []
    steps = [arrows[a][b] for a, b in zip(rooms, rooms[1:] + rooms[:1])]
    return ["include circle between rooms of src: " + "; ".join(steps)]


def crowd_faults(root, equals=None):
    equals = EQUALS if equals is None else equals
    counts = {}
    for top in COUNTED:
        for path in sources(root / top):
            folder = path.parent.relative_to(root).as_posix()
            counts[folder] = counts.get(folder, 0) + 1
    faults = [f"{folder} holds {count} files; at most {MOST_FILES}: make rooms"
              for folder, count in sorted(counts.items()) if count > MOST_FILES and folder not in equals]
    faults += [f"{folder} is listed as a folder of equals and is not there" for folder in sorted(equals)
               if folder not in counts]
    return faults


def main():
    root = pathlib.Path(sys.argv[1])
    faults = circle_faults(root) + crowd_faults(root)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
