#!/usr/bin/env python3
"""dead_files.py finds headers that nobody includes and sources that no target compiles."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import dead_files  # noqa: E402  (found through the line above)


class DeadFiles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("src/a/used.hpp", "")
        self.write("src/a/list.def", "")
        self.write("src/a/used.cpp", '#include "a/used.hpp"\n#include "a/list.def"\n')
        self.write("include/attest/kernel.h", "")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def compiled(self, *paths):
        return {(self.root / path).resolve() for path in paths}

    def test_where_all_are_used_there_are_none(self):
        self.assertEqual(dead_files.dead_headers(self.root), [])
        self.assertEqual(dead_files.dead_sources(self.root, self.compiled("src/a/used.cpp")), [])

    def test_a_header_or_list_that_nobody_includes(self):
        self.write("src/a/alone.hpp", '#include "a/used.hpp"\n')
        self.write("proofs/alone.def", "")
        self.assertEqual(dead_files.dead_headers(self.root), [
            "src/a/alone.hpp: nobody includes it", "proofs/alone.def: nobody includes it"])

    def test_a_header_that_only_a_comment_includes(self):
        self.write("src/a/alone.hpp", "")
        self.write("src/a/used.cpp", '#include "a/used.hpp"\n#include "a/list.def"\n// #include "a/alone.hpp"\n')
        self.assertEqual(dead_files.dead_headers(self.root), ["src/a/alone.hpp: nobody includes it"])

    def test_a_source_that_no_target_compiles(self):
        self.write("tests/a/alone_test.cpp", "")
        self.assertEqual(dead_files.dead_sources(self.root, self.compiled("src/a/used.cpp")),
                         ["tests/a/alone_test.cpp: no target compiles it"])

    def test_a_source_that_a_build_file_names(self):
        self.write("tests/a/alone_test.cpp", "")
        self.write("tests/a/CMakeLists.txt", "add_library(other alone_test.cpp)\n")
        self.assertEqual(dead_files.dead_sources(self.root, self.compiled("src/a/used.cpp")), [])


if __name__ == "__main__":
    unittest.main()
