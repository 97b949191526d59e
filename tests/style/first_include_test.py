#!/usr/bin/env python3
"""first_include.py finds sources that include something before their own header, or never include it."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import first_include  # noqa: E402  (found through the line above)


class FirstInclude(unittest.TestCase):
    def faults(self, source):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src/a").mkdir(parents=True)
            (root / "src/a/b.hpp").write_text("#include <map>\n", encoding="utf-8")
            (root / "src/a/b.cpp").write_text(source, encoding="utf-8")
            (root / "src/a/main.cpp").write_text("#include <map>\n", encoding="utf-8")
            return first_include.faults(root)

    def test_its_own_header_first(self):
        self.assertEqual(self.faults('// Why.\n#include "a/b.hpp"\n\n#include <map>\n'), [])

    def test_another_before_it_or_none(self):
        for source in ('#include <map>\n#include "a/b.hpp"\n', "int x;\n"):
            with self.subTest(source):
                self.assertEqual(self.faults(source), ["src/a/b.cpp does not include a/b.hpp first"])


if __name__ == "__main__":
    unittest.main()
