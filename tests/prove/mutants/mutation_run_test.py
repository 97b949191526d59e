#!/usr/bin/env python3
"""Which mutants a file has, how one build holds them, and what a run of them is found to be."""

import unittest

import mutation_run
import schemata

SUM = """#pragma once
template <class A>
int sum(const A& k, const int* x, int n) {
  int total = x[0];
  for (int i = 1; i < n; ++i) total = k.add(total, x[i]);
  return total;
}
"""


def source_with_numbers():
    source = schemata.Source("sum.hpp", SUM)
    schemata.number([source], set(), False)
    return source


class Mutants(unittest.TestCase):
    def test_change_one_place_each(self):
        changes = {mutant.key.split(" | ")[2] for mutant in source_with_numbers().mutants}
        self.assertEqual(changes, {
            "0 -> 1", "0 -> 0 + 1", "1 -> 0", "1 -> 2", "< -> <=", "++i -> i += 2", "k.add(total, x[i]) -> total",
            "k.add(total, x[i]) -> x[i]", "i -> i + 1", "i -> 0", "total = k.add(total, x[i]) -> "})

    def test_are_chosen_at_run_time(self):
        text = source_with_numbers().overlay()
        self.assertIn('#include "attention/mutant.hpp"', text)
        number = next(m.number for m in source_with_numbers().mutants if m.key.endswith("| < -> <="))
        self.assertIn(f"mutants::is({number}) ? (i <= n) :", text)

    def test_that_are_left_out_are_not_in_the_text(self):
        source = source_with_numbers()
        schemata.number([source], {mutant.key for mutant in source.mutants}, False)
        self.assertEqual(source.overlay().replace('#include "attention/mutant.hpp"\n', ""), SUM)


class Results(unittest.TestCase):
    LISTED = [["equivalent", "zero either way", r"a\.hpp .* 0 -> 1"]]

    def wrong(self, *rows, audited=()):
        return mutation_run.counted(rows, self.LISTED, audited)[1]

    def test_with_a_reason_for_every_survivor_are_right(self):
        rows = [["refuted", "t", "g", "R1", "a.hpp | x | 2 -> 3"], ["survived", "", "", "", "a.hpp | x | 0 -> 1"]]
        by_file, wrong = mutation_run.counted(rows, self.LISTED, ["R1"])
        self.assertEqual(wrong, [])
        self.assertEqual(dict(by_file["a.hpp"]), {"refuted": 1, "equivalent": 1})

    def test_without_a_reason_are_wrong(self):
        self.assertEqual(self.wrong(["survived", "", "", "", "a.hpp | x | 0 -> 1"],
                                    ["survived", "", "", "", "a.hpp | x | 1 -> 2"]),
                         ["not listed: a.hpp | x | 1 -> 2"])

    def test_that_refute_what_is_listed_are_wrong(self):
        self.assertEqual(self.wrong(["refuted", "t", "g", "", "a.hpp | x | 0 -> 1"]),
                         [r"nothing survives: a\.hpp .* 0 -> 1"])

    def test_of_the_audit_must_not_survive_nor_be_missing(self):
        self.assertEqual(self.wrong(["survived", "", "", "R1", "a.hpp | x | 0 -> 1"], audited=["R1", "R2"]),
                         ["survives, of the audit: R1", "not run, of the audit: R2"])


if __name__ == "__main__":
    unittest.main()
