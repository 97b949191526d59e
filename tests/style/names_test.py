#!/usr/bin/env python3
"""names.py finds decisions by display names, and leaves other comparisons alone."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import names  # noqa: E402  (found through the line above)


class Names(unittest.TestCase):
    def test_compared_with_strings_are_found(self):
        for code in ('if (law.name == "definition") return;', 'return families()[i].name != "rows apart";',
                     'ask(law->name == "lse")', 'if ("7" == example.fault) return;', 'example.fault != "7"',
                     'theorem.semantics.rfind("z3_fp ", 0) == 0', 'theorem.semantics.starts_with("Gappa")',
                     'check(*find_law("repeat"))', 'kernel.info().name == "onednn"'):
            with self.subTest(code):
                self.assertEqual(len(names.faults_in("int x;\n" + code)), 1)
                self.assertEqual(names.faults_in("int x;\n" + code)[0][0], 2)

    def test_other_comparisons_are_none(self):
        for code in ('if (law.id == LawId::definition) return;', 'if (name == "none") return Causal::none;',
                     '// law.name == "definition"', 'law.name == other.name', 'if (law.name == "") return;',
                     'find_law(name)', 'options.json == "-"', 'say("law.name is == \\"x\\"")'):
            with self.subTest(code):
                self.assertEqual(names.faults_in(code), [])


if __name__ == "__main__":
    unittest.main()
