#!/usr/bin/env python3
"""namespaces.py finds files outside their folder's namespace."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import namespaces  # noqa: E402  (found through the line above)


class Files(unittest.TestCase):
    def test_in_their_namespace_are_right(self):
        for where, text in (
                ("src/oracle/judge/judge.hpp", "namespace attest::oracle {\nint x;\n}\n"),
                ("src/oracle/blocked/tier.cpp", "namespace attest::oracle::blocked {\n}\n"),
                ("src/oracle/blocked/exp-inl.hpp", "namespace attest::oracle::blocked::HWY_NAMESPACE {\n}\n"),
                ("src/problem/problem.hpp", "namespace attest {\nnamespace {\n}\n}\n"),
                ("src/faults/library/exports.cpp", 'extern "C" {\n}\n')):
            with self.subTest(where):
                self.assertEqual(namespaces.faults_of(where, text), [])

    def test_in_no_namespace_of_attest_are_wrong(self):
        for text in ("int x;\n", "namespace {\n}\n", "// namespace attest::oracle {\n",
                     'f("namespace attest::oracle {");\n'):
            with self.subTest(text):
                self.assertEqual(namespaces.faults_of("src/oracle/a.cpp", text),
                                 ["src/oracle/a.cpp does not open namespace attest::oracle"])

    def test_in_another_namespace_are_wrong(self):
        for name in ("attest", "attest::check", "attest::oracles"):
            with self.subTest(name):
                self.assertEqual(namespaces.faults_of("src/oracle/a.cpp", f"namespace {name} {{\n}}\n"), [
                    "src/oracle/a.cpp does not open namespace attest::oracle",
                    f"src/oracle/a.cpp opens namespace {name}; its own is attest::oracle"])

    def test_in_two_namespaces_are_wrong(self):
        text = "namespace attest::check {\nclass C;\n}\nnamespace attest::oracle {\n}\n"
        self.assertEqual(namespaces.faults_of("src/oracle/a.cpp", text),
                         ["src/oracle/a.cpp opens namespace attest::check; its own is attest::oracle"])

    def test_of_the_vocabulary_have_no_room(self):
        self.assertEqual(namespaces.faults_of("src/numerics/a.cpp", "namespace attest::numerics {\n}\n"), [
            "src/numerics/a.cpp does not open namespace attest",
            "src/numerics/a.cpp opens namespace attest::numerics; its own is attest"])


class Lists(unittest.TestCase):
    def test_allow_what_they_say_and_no_more(self):
        where = "src/check/generate/families.hpp"
        text = "namespace attest::check {\n}\n"
        self.assertEqual(namespaces.faults_of(where, text + "namespace attest {\n}\n"), [])
        self.assertEqual(namespaces.faults_of(where, text), [f"{where} is listed as opening attest and does not"])
        self.assertEqual(namespaces.faults_of(where, text + "namespace attest {\n}\nnamespace attest::kernel {\n}\n"),
                         [f"{where} opens namespace attest::kernel; its own is attest::check"])
        outside = "src/faults/library/exports.cpp"
        self.assertEqual(namespaces.faults_of(outside, text),
                         [f"{outside} is listed as outside and opens attest::check"])

    def test_name_files_that_are_there(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src/oracle").mkdir(parents=True)
            (root / "src/oracle/a.hpp").write_text("namespace attest::oracle {\n}\n", encoding="utf-8")
            self.assertEqual(namespaces.faults(root, listed=[]), [])
            self.assertEqual(namespaces.faults(root, listed=["src/gone.hpp"]),
                             ["src/gone.hpp is listed and is not there"])
            (root / "src/oracle/b.cpp").write_text("int x;\n", encoding="utf-8")
            self.assertEqual(namespaces.faults(root, listed=[]),
                             ["src/oracle/b.cpp does not open namespace attest::oracle"])


if __name__ == "__main__":
    unittest.main()
