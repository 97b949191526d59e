"""examples/cmake, built against the installed package: its ctest passes, and fails once its kernel is broken."""

import pathlib
import shutil
import tempfile
import unittest

from installed import PREFIX, SOURCE, main, run


class Example(unittest.TestCase):
    """One build folder for all tests; each starts from the example's own sources."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.source = pathlib.Path(scratch.name) / "project"
        cls.build = pathlib.Path(scratch.name) / "build"

    def setUp(self):
        shutil.copytree(SOURCE / "examples" / "cmake", self.source, copy_function=shutil.copyfile, dirs_exist_ok=True)

    def configure(self):
        return run("cmake", "-S", self.source, "-B", self.build, f"-DCMAKE_PREFIX_PATH={PREFIX}")

    def edit(self, name, old, new):
        path = self.source / name
        text = path.read_text()
        self.assertEqual(text.count(old), 1)
        path.write_text(text.replace(old, new))

    def ctest(self):
        for step in (self.configure(), run("cmake", "--build", self.build)):
            self.assertEqual(step.returncode, 0, step.stdout)
        return run("ctest", "--test-dir", self.build, "--output-on-failure")

    def test_passes_with_its_contract_and_its_required_features(self):
        tested = self.ctest()
        self.assertEqual(tested.returncode, 0, tested.stdout)
        self.assertIn("attest.causal_kernel", tested.stdout)
        command = run("ctest", "--test-dir", self.build, "-V", "-N").stdout
        self.assertIn('"--contract" "f32;key_block=1"', command)
        self.assertIn('"--require" "f32,causal"', command)

    def test_fails_with_the_smallest_case_where_the_kernel_is_broken(self):
        self.edit("causal_kernel.c", "i + k_len - p->q->shape[2] + 1", "i + k_len - p->q->shape[2]")
        self.edit("CMakeLists.txt", "REQUIRE f32 causal)", "REQUIRE f32 causal OPTIONS --cases 100)")
        tested = self.ctest()
        self.assertNotEqual(tested.returncode, 0, tested.stdout)
        self.assertIn("DEFECTIVE", tested.stdout)
        self.assertRegex(tested.stdout, r"smallest +b1 h1/1 q\d k\d ")
        case = self.build / "attest" / "causal_kernel"
        self.assertTrue(list(case.glob("*.json")), tested.stdout)

    def test_fails_where_a_required_feature_is_declined(self):
        self.edit("CMakeLists.txt", "REQUIRE f32 causal)", "REQUIRE f32 softcap OPTIONS --cases 60)")
        tested = self.ctest()
        self.assertNotEqual(tested.returncode, 0, tested.stdout)
        self.assertIn("softcap", tested.stdout)

    def test_says_what_it_does_not_know_when_it_is_configured(self):
        for wrong in ("CONTRACTS f32", "EFFORT much"):
            self.setUp()
            self.edit("CMakeLists.txt", "CONTRACT f32 key_block=1", wrong)
            configured = self.configure()
            self.assertNotEqual(configured.returncode, 0)
            self.assertIn("attest_add_check", configured.stdout)


if __name__ == "__main__":
    main()
