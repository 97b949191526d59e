"""action.yml: its steps run as GitHub runs them, action_test.py PREFIX SOURCE BUILD.

The one step that is not run uploads to GitHub.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml
from installed import PREFIX, SOURCE, main

KERNELS = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else "").resolve() / "kernels"
ACTION = yaml.safe_load((SOURCE / "action.yml").read_text())


class Action(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.summary = self.folder / "summary.md"

    def filled(self, text, inputs):
        """The expressions of GitHub that the action uses."""
        def value(match):
            name = match.group(1)
            return str(SOURCE) if name == "github.action_path" else inputs[name.removeprefix("inputs.")]
        return re.sub(r"\$\{\{ ([\w.]+) \}\}", value, text)

    def run_action(self, **given):
        """Runs every step until one fails: its exit code, and what all of them printed."""
        inputs = {name: str(given.get(name, spec.get("default", ""))) for name, spec in ACTION["inputs"].items()}
        self.assertLessEqual(set(given), set(inputs))
        printed = ""
        for step in ACTION["runs"]["steps"]:
            if "uses" in step:
                continue
            script = self.folder / "step.sh"
            script.write_text(self.filled(step["run"], inputs))
            variables = {name: self.filled(text, inputs) for name, text in step["env"].items()}
            environment = os.environ | variables | {
                "PATH": f"{PREFIX}/bin:{os.environ['PATH']}", "GITHUB_PATH": str(self.folder / "path"),
                "GITHUB_STEP_SUMMARY": str(self.summary)}
            run = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], cwd=self.folder,
                                 env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            printed += run.stdout
            if run.returncode != 0:
                return run.returncode, printed
        return 0, printed

    def test_passes_for_a_kernel_that_conforms(self):
        code, printed = self.run_action(kernel=KERNELS / "tiled_f32.so:correct", effort="quick", sarif="f.sarif",
                                        require="f32,causal", options="--cases 200")
        self.assertEqual(code, 0, printed)
        self.assertNotIn("::error", printed)
        self.assertIn("CONFORMING", self.summary.read_text())
        self.assertEqual(json.loads((self.folder / "f.sarif").read_text())["runs"][0]["results"], [])

    def test_fails_with_the_smallest_case_and_accepts_it_as_a_baseline(self):
        kernel = KERNELS / "tiled_f32.so:mask_one_key_too_far"
        code, printed = self.run_action(kernel=kernel, effort="quick", sarif="f.sarif",
                                        options="--json first.json --cases 100")
        self.assertEqual(code, 1, printed)
        self.assertRegex(printed, r"::error title=attest%3A .*b1 h1/1 q\d k\d")
        results = json.loads((self.folder / "f.sarif").read_text())["runs"][0]["results"]
        self.assertEqual(sum(result["level"] == "error" for result in results), printed.count("::error"))
        code, printed = self.run_action(kernel=kernel, effort="quick", baseline="first.json",
                                        options="--cases 100")
        self.assertEqual(code, 0, printed)

    def test_fails_where_a_required_feature_is_declined(self):
        code, printed = self.run_action(kernel=KERNELS / "tiled_f32.so:correct", effort="quick", require="f16",
                                        options="--cases 20")
        self.assertEqual(code, 1, printed)

    def test_takes_options_on_several_lines(self):
        code, printed = self.run_action(kernel=KERNELS / "tiled_f32.so:correct", effort="quick",
                                        options="--cases 20\n--json all.json\n")
        self.assertNotIn(code, (64, 70), printed)
        self.assertTrue((self.folder / "all.json").exists(), printed)

    def test_builds_attest_where_it_is_not_installed(self):
        build, *_ = ACTION["runs"]["steps"]
        for ending in (0, 70):
            action = self.folder / str(ending)
            action.mkdir()
            (action / "attest").write_text(f"#!/bin/sh\necho built >{action}/built\nexit {ending}\n")
            (action / "attest").chmod(0o755)
            path = action / "path"
            run = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", build["run"]],
                                 env={"PATH": "/usr/bin:/bin", "ACTION_PATH": str(action), "GITHUB_PATH": str(path)})
            self.assertEqual(run.returncode == 0, ending == 0)
            self.assertTrue((action / "built").exists())
            self.assertEqual(path.read_text() if path.exists() else "", f"{action}/build/dev\n" if ending == 0 else "")

    def test_never_lets_a_shell_read_an_input(self):
        code, _ = self.run_action(kernel="x.so; touch broken $(touch broken)", options="`touch broken` --cases 1")
        self.assertEqual(code, 64)
        self.assertFalse((self.folder / "broken").exists())

    def test_uploads_only_what_was_written(self):
        upload = [step for step in ACTION["runs"]["steps"] if "uses" in step]
        self.assertEqual([step["with"]["sarif_file"] for step in upload], ["${{ inputs.sarif }}"])
        self.assertEqual(upload[0]["if"], "${{ always() && inputs.sarif != '' }}")


if __name__ == "__main__":
    main()
