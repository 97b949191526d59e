#!/usr/bin/env python3
"""contract_fields.py finds each way in which a source reads a field, and nothing else."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import contract_fields  # noqa: E402  (found through the line above)

HEADER = """
struct Contract {
  std::string text;  ///< shown; not a number
  Sum score, numerator, denominator;
  int key_block = 1;     ///< keys, and more
  std::optional<Format> q_conversion;
  Merge merge = Merge::state;
  double tau = 0;
};
"""


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.write(contract_fields.CONTRACT, HEADER)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def found(self, text):
        self.write("src/laws/law.cpp", text)
        return contract_fields.faults(self.root)


class Fields(Tree):
    def test_are_those_of_the_struct(self):
        self.assertEqual(contract_fields.fields(HEADER), {"score", "numerator", "denominator", "key_block",
                                                          "q_conversion", "merge", "tau"})


class Reads(Tree):
    def test_of_each_spelling_are_found(self):
        for text in ("bool f(const Contract& c) { return c.tau > 0; }",
                     "for (const Contract& each : set.alternatives) use(each.score.format);",
                     "for (const auto& each : contract.alternatives) use(each.merge);",
                     "std::any_of(a, b, [](const Contract& c) { return c.key_block; })",
                     "int f(const Contract* p) { return p->key_block; }",
                     "return stored(p, contract.alternatives.front().tau);",
                     "return contract.alternatives[i].tau;",
                     "return parse_contract(text).q_conversion;",
                     "const auto kept = parse_contract(text);\nreturn kept.tau;",
                     "const BoundTerms& t = a.terms; return t.c.tau + a.terms.c.tau;"):
            with self.subTest(text):
                (fault, *_) = self.found(text)
                self.assertIn("src/laws/law.cpp", fault)

    def test_name_their_line(self):
        (fault,) = self.found("// c.tau of Contract& c\n\nvoid f(const Contract& c) {\n  use(c.tau);\n}\n")
        self.assertIn("law.cpp:4: reads c.tau", fault)

    def test_of_others_are_none(self):
        for text in ("void f(const Contract& c) { use(c.text, largest_score(c)); }",
                     "for (const KeyScore& s : scores) use(s.score);",
                     "row.choices.tau = 3; limits.score = 2;",
                     "void f(const Contract& c, Choices d) { use(d.c.tau); }",
                     "void f(const Contract& c) {}\nvoid g(const Coefficients& c) { use(c.score); }"):
            with self.subTest(text):
                self.assertEqual(self.found(text), [])

    def test_in_the_rooms_that_know_the_fields_are_allowed(self):
        for room in contract_fields.ROOMS:
            self.write(f"{room}/use.cpp", "bool f(const Contract& c) { return c.tau > 0; }")
        self.assertEqual(contract_fields.faults(self.root), [])


if __name__ == "__main__":
    unittest.main()
