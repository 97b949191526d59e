#!/usr/bin/env python3
"""extending.py accepts a diff that applies and compiles, and no other."""

import json
import pathlib
import tempfile
import unittest

import extending

SOURCE = "int one();\nint two() { return 2; }\n"


def document(added, context="int one();"):
    return ("## A law\n\n```diff\n--- a/src/a.cpp\n+++ b/src/a.cpp\n@@ -1,2 +1,3 @@\n"
            f" {context}\n+{added}\n int two() {{ return 2; }}\n```\n")


class Extending(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "src").mkdir()
        (self.root / "src/a.cpp").write_text(SOURCE)
        file = str(self.root / "src/a.cpp")
        self.commands = {file: {"file": file, "directory": folder.name,
                                "command": f"c++ -std=c++20 -MD -MT a.o -MF a.d -o a.o -c {file}"}}
        self.build = self.root / "build"
        self.build.mkdir()
        (self.build / "compile_commands.json").write_text(json.dumps(list(self.commands.values())))

    def run_on(self, text):
        body = extending.sections(text)["A law"]
        return extending.build(body, self.root, self.commands, 1)

    def test_a_diff_that_compiles(self):
        changed, sources = self.run_on(document("int three() { return 3; }"))
        self.assertEqual((changed, sources), (["src/a.cpp"], ["src/a.cpp"]))
        self.assertEqual((self.root / "src/a.cpp").read_text(), SOURCE)

    def test_a_diff_that_does_not_compile(self):
        with self.assertRaisesRegex(extending.Problem, "does not compile"):
            self.run_on(document("int three() { return missing; }"))

    def test_a_diff_that_does_not_apply(self):
        with self.assertRaisesRegex(extending.Problem, "does not apply"):
            self.run_on(document("int three();", "int other_context();\n int more();\n int lines();"))

    def test_a_new_file_takes_the_flags_of_its_neighbour(self):
        text = ("## A law\n\n```diff\n--- /dev/null\n+++ b/src/b.cpp\n@@ -0,0 +1 @@\n+int four() { return missing; }\n"
                "```\n")
        with self.assertRaisesRegex(extending.Problem, "b.cpp does not compile"):
            self.run_on(text)

    def test_an_example_that_is_missing(self):
        (self.root / "docs").mkdir()
        (self.root / "docs/extending.md").write_text(document("int three();"))
        self.assertEqual(extending.main(self.root, self.build), 1)


if __name__ == "__main__":
    unittest.main()
