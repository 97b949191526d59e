#!/usr/bin/env python3
"""Shows that the proofs in Coq can fail: coq_test.py PROOFS BUILT

Statements with a wrong constant do not compile, and prove.sh does not count a theorem that is admitted, that rests on
an axiom of its own, or that is missing. BUILT holds the compiled proofs (prove.sh makes them).
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROOFS = BUILT = None

# Each wrong constant of tree_bound's statement: what it replaces, and with what.
WRONG_CONSTANTS = {
    "a rounding of the numerator fewer": ("^ (1 + 2 * depth t) - 1 in", "^ (2 * depth t) - 1 in"),
    "a rounding of the denominator fewer": ("^ (2 * depth t) - 1 in", "^ (2 * depth t - 1) - 1 in"),
    "an exponential fewer": ("(1 + eps e) ^ (1 + depth t) - 1 in", "(1 + eps e) ^ (depth t) - 1 in"),
    "no drift of shifts": ("alpha k + u_s e * (shift a - computed k)", "alpha k"),
    "half the score error": ("exp (alpha k +", "exp (alpha k / 2 +"),
    "P's rounding left out": ("(1 + u_p e) * (1 + u_n e)", "(1 + u_n e)"),
}


def theorem_lines(text, name):
    """The first and the last line of a theorem with its proof, counted from 1."""
    start = text.index(f"Theorem {name} ")
    return text.count("\n", 0, start) + 1, text.count("\n", 0, text.index("Qed.", start)) + 1


def compiled(text):
    """What coqc says of a file next to the built proofs: its exit status and its messages."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "changed.v"
        file.write_text(text)
        run = subprocess.run(["nice", "coqc", "-q", "-Q", BUILT, "Attest", file], capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr


def prove(folder):
    run = subprocess.run(["bash", folder / "proofs" / "prove.sh", folder / "built"], capture_output=True, text=True)
    return run.returncode, run.stdout


class WrongConstants(unittest.TestCase):
    def setUp(self):
        self.text = (PROOFS / "score_tree.v").read_text()

    def test_the_right_ones_compile(self):
        status, messages = compiled(self.text)
        self.assertEqual(status, 0, messages)

    def test_statement_is_short(self):
        start = self.text.index("Theorem tree_bound")
        self.assertLess(self.text[start:self.text.index("Proof.", start)].count("\n"), 20)

    def test_each_wrong_one_fails_in_the_theorem(self):
        start = self.text.index("Theorem tree_bound")
        end = self.text.index("Proof.", start)
        first, last = theorem_lines(self.text, "tree_bound")
        for name, (right, wrong) in WRONG_CONSTANTS.items():
            with self.subTest(name):
                statement = self.text[start:end]
                self.assertEqual(statement.count(right), 1)
                status, messages = compiled(self.text[:start] + statement.replace(right, wrong) + self.text[end:])
                self.assertNotEqual(status, 0, "a wrong constant is proved")
                # The statement itself is well formed: it is the proof that fails.
                line = int(re.search(r'changed\.v", line (\d+)', messages).group(1))
                self.assertGreater(line, first + statement.count("\n") - 1, messages)
                self.assertLessEqual(line, last, messages)


class Assumptions(unittest.TestCase):
    def changed(self, folder, edit):
        """A copy of the proofs, built, with one file and the list of theorems edited, and what prove.sh says of it."""
        folder = pathlib.Path(folder)
        shutil.copytree(PROOFS, folder / "proofs")
        shutil.copytree(BUILT, folder / "built")
        (folder / "proofs" / "theorems.txt").write_text("quotient.quotient_error | - | E1.\n")
        edit(folder / "proofs")
        for file in (folder / "proofs").glob("*.v"):  # what the one theorem does not need
            if file.stem not in ("sums", "factors", "quotient"):
                file.unlink()
        return prove(folder)

    def assert_counts(self, edit, status, line):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(self.changed(folder, edit)[0], status)
            self.assertRegex(prove(pathlib.Path(folder))[1], line)

    def edited(self, name, right, wrong):
        def edit(folder):
            text = (folder / name).read_text()
            self.assertIn(right, text)
            (folder / name).write_text(text.replace(right, wrong, 1))

        return edit

    def test_unchanged_is_proved(self):
        self.assert_counts(lambda folder: None, 0, r"(?m)^proved +quotient\.quotient_error .*\ncoq: 1 of 1")

    def test_admitted_is_not_proved(self):
        text = (PROOFS / "quotient.v").read_text()
        start = text.index("Lemma quotient_error")
        end = text.index("Qed.", start) + len("Qed.")
        proof = text[text.index("Proof.", start):end]
        self.assert_counts(self.edited("quotient.v", proof, "Admitted."), 2, r"(?m)^not proved: rests on .*quotient_error.*\ncoq: 0 of 1")

    def test_an_axiom_of_its_own_is_not_accepted(self):
        edit = self.edited("factors.v", "Lemma within_one b : 1 <= b -> within b 1.", "Axiom wrong : 0 = 1.\n"
                           "Lemma abs_of_product x y : Rabs (x * y) = Rabs x * Rabs y.\n"
                           "Proof. pose proof wrong. exfalso; lra. Qed.\n"
                           "Lemma within_one b : 1 <= b -> within b 1.")

        def uses(folder):
            edit(folder)
            self.edited("quotient.v", "rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].",
                        "rewrite abs_of_product. apply Rmult_le_compat_r; [apply Rabs_pos|].")(folder)

        self.assert_counts(uses, 2, r"(?m)^not proved: rests on .*wrong.*\ncoq: 0 of 1")

    def test_a_proof_that_fails_is_not_proved_by_its_last_success(self):
        self.assert_counts(self.edited("quotient.v", "assert (0 < denominator) by lra.", ""), 2,
                           r"(?m)^not proved +quotient\.quotient_error .*\ncoq: 0 of 1")

    def test_a_theorem_that_is_not_there_is_not_proved(self):
        edit = self.edited("theorems.txt", "quotient_error", "quotient_eror")
        self.assert_counts(edit, 2, r"(?m)^not proved +quotient\.quotient_eror .*\ncoq: 0 of 1")

    def test_the_allowed_axioms_are_those_of_the_library_of_real_numbers(self):
        status, messages = compiled("From Coq Require Import Reals.\nPrint Assumptions exp_increasing.\n")
        self.assertEqual(status, 0, messages)
        used = set(re.findall(r"(?m)^([\w.]+)\s*:", messages)) - {"Axioms"}
        lines = (PROOFS / "axioms.txt").read_text().splitlines()
        self.assertEqual(used, {line for line in lines if line and not line.startswith("#")})

    def test_without_coq_nothing_is_proved(self):
        with tempfile.TemporaryDirectory() as folder:
            for tool in ("bash", "dirname"):
                os.symlink(shutil.which(tool), pathlib.Path(folder) / tool)
            run = subprocess.run([shutil.which("bash"), PROOFS / "prove.sh", pathlib.Path(folder) / "built"],
                                 capture_output=True, text=True, env={"PATH": folder})
            self.assertEqual(run.returncode, 2)
            self.assertRegex(run.stdout, r"^coq: not available, nothing is proved .*\n$")


def main():
    global PROOFS, BUILT
    PROOFS, BUILT = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    if not shutil.which("coqc"):
        print("coq: not available")
        return 0
    return 0 if unittest.main(argv=sys.argv[:1], exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
