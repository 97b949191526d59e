#!/usr/bin/env python3
"""The checks of rooms.py fail where they should: on small trees that break one rule each."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rooms  # noqa: E402  (found through the line above)


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, path, *includes):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f'#include "{included}"\n' for included in includes), encoding="utf-8")


class Circles(Tree):
    def test_one_way_between_rooms_is_none(self):
        self.write("src/low/a.hpp")
        self.write("src/low/a.cpp", "low/a.hpp")
        self.write("src/low/high/b.hpp", "low/a.hpp")
        self.assertEqual(rooms.circle_faults(self.root), [])

    def test_a_room_and_the_folder_around_it(self):
        self.write("src/low/a.hpp")
        self.write("src/low/c.cpp", "low/high/b.hpp")
        self.write("src/low/high/b.hpp", "low/a.hpp")
        self.assertEqual(rooms.circle_faults(self.root), [
            "include circle between rooms of src: low/c.cpp includes low/high/b.hpp; "
            "low/high/b.hpp includes low/a.hpp"])

    def test_of_three_rooms_behind_a_room_outside_it(self):
        self.write("src/a/entry.hpp", "b/one.hpp")
        self.write("src/b/one.hpp", "c/two.hpp")
        self.write("src/c/two.hpp", "d/three.hpp")
        self.write("src/d/three.hpp")
        self.write("src/d/back.cpp", "b/one.hpp")
        (fault,) = rooms.circle_faults(self.root)
        self.assertIn("d/back.cpp includes b/one.hpp", fault)
        self.assertNotIn("a/entry.hpp", fault)

    def test_system_headers_are_no_rooms(self):
        self.write("src/a/one.hpp", "attest/kernel.h")
        self.assertEqual(rooms.circle_faults(self.root), [])


class Crowds(Tree):
    def fill(self, folder, files):
        for i in range(files):
            self.write(f"{folder}/file_{i}.cpp")

    def test_the_most_files_are_allowed(self):
        self.fill("src/a", rooms.MOST_FILES)
        self.fill("src/a/room", rooms.MOST_FILES)
        self.assertEqual(rooms.crowd_faults(self.root, equals={}), [])

    def test_one_more_is_not(self):
        for folder in ("src/a", "properties/b", "proofs"):
            with self.subTest(folder):
                self.setUp()
                self.fill(folder, rooms.MOST_FILES + 1)
                (fault,) = rooms.crowd_faults(self.root, equals={})
                self.assertIn(f"{folder} holds 25 files", fault)

    def test_equals_may_be_many(self):
        self.fill("src/laws", rooms.MOST_FILES + 1)
        self.assertEqual(rooms.crowd_faults(self.root, equals={"src/laws": "a law a file"}), [])

    def test_a_list_of_equals_names_folders_that_are_there(self):
        self.write("src/a/one.hpp")
        (fault,) = rooms.crowd_faults(self.root, equals={"src/gone": "moved since"})
        self.assertIn("src/gone", fault)


if __name__ == "__main__":
    unittest.main()
