#!/usr/bin/env python3
"""attest judges ONNX Runtime on the forms of ONNX's node tests and on random ones: runtime_test.py ATTEST VENV
[--random N] [--table FILE]

Every output of a form that the runtime takes is judged as a capture, score outputs included; presents equal the
concatenation. What departs from the standard is what docs/findings.md says. `--table` writes the forms as JSON.
"""

import collections
import json
import pathlib
import subprocess
import unittest

from suite import JudgedTest, option, parts, wheel  # first: it enters the virtual environment

import captures
import controls
import departures
import numpy as np
import onnx_calls
import random_calls
import runtime
import suite

RANDOM = int(option("--random", 60))


def zeros(*shape):
    return np.zeros(shape, np.float32)


class Runtime(JudgedTest):
    @classmethod
    def setUpClass(cls):
        cls.calls = onnx_calls.generated_calls() | wheel("1.22.0")
        for opset in (23, 24):
            for seed in range(RANDOM):
                call = random_calls.random_call(seed, opset)
                cls.calls[call.name] = call
        cls.results = {name: runtime.run(call) for name, call in cls.calls.items()}
        cls.taken = {name: r for name, r in cls.results.items() if not isinstance(r, str)}

    def test_every_form_that_is_taken_agrees_or_departs_as_the_findings_say(self):
        right, wrong, nothing = {}, {}, {}
        for name, call in self.taken.items():
            for part, capture in parts({name: call}).items():
                plain = captures.plain(captures.capture_of(call))
                if part.endswith(".scores"):
                    (wrong if runtime.wrong_scores(call, plain) else right)[part] = capture
                elif not runtime.wrong_output(call, plain):
                    any_key = capture["out"].astype(float).any()
                    (right if any_key else nothing)[part] = capture  # without one every output is 0
                elif controls.can_show(call, plain):
                    wrong[part] = capture
            self.assertTrue(departures.presents_are_joined(call), name)
        verdicts = self.judge(right | wrong | nothing)
        self.write_table(verdicts)
        self.assertEqual({part: verdicts[part] for part in right if verdicts[part] != "conforming"}, {})
        self.assertEqual({part: verdicts[part] for part in nothing if verdicts[part] != "mistrusted"}, {})
        self.assertEqual({part: verdicts[part] for part in wrong if verdicts[part] != "defective"
                          and not part.endswith(".scores")}, {})
        print(f"{len(self.taken)} calls taken, {len(self.calls) - len(self.taken)} refused; {len(right)} outputs "
              f"agree, {len(wrong)} depart")

    def write_table(self, verdicts):
        file = option("--table", "")
        if not file:
            return
        table = collections.defaultdict(collections.Counter)
        for name, result in self.results.items():
            row = table[runtime.form(self.calls[name])]
            if isinstance(result, str):
                row["refused: " + result] += 1
                continue
            for part in (name, name + ".scores"):
                if part in verdicts:
                    row[verdicts[part].lower() + (" scores" if part != name else "")] += 1
        pathlib.Path(file).write_text(json.dumps({"runtime": runtime.SOURCE, "forms": table}, indent=1, sort_keys=True))

    def test_what_is_refused_is_what_the_findings_list(self):
        reasons = collections.Counter(r for r in self.results.values() if isinstance(r, str))
        self.assertEqual(set(reasons) - {why for _, why in runtime.REFUSALS}, set())
        node_tests = [name for name, r in self.results.items() if isinstance(r, str) and name.startswith("test_")]
        self.assertEqual(len(node_tests), 17, node_tests)
        print(f"refused: {dict(reasons.most_common())}")

    def test_the_forms_that_attest_draws_have_every_combination_of_the_node_tests(self):
        kernels = ["onnxruntime:attention-23", "onnxruntime:attention-24"]
        run = subprocess.run([suite.ATTEST, "check", *kernels, "--effort", "ci", "--cases", "1", "--findings", "",
                              "--json", "-"], capture_output=True, text=True, check=False)
        self.assertIn(run.returncode, (0, 1, 2), run.stderr)
        reports = json.loads(run.stdout)["kernels"]
        tables = [report["accepts"]["forms"] for report in reports]
        taken = {form: count for table in tables for form, count in table["taken"].items()}
        declined = {form: why for table in tables for form, why in table["declined"].items()}
        wanted = onnx_calls.generated_calls() | wheel("1.22.0")
        names = {runtime.form(call) for call in wanted.values()}
        self.assertEqual(names - set(taken) - set(declined), set())
        for name, call in wanted.items():
            if isinstance(runtime.run(call), str):
                self.assertTrue(declined.get(runtime.form(call)), name)
            else:
                self.assertGreater(taken.get(runtime.form(call), 0), 0, name)
        print(f"{len(taken)} of {len(taken) + len(declined)} combinations drawn; {len(names)} are of node tests, "
              f"{len(names & set(taken))} of these drawn")

    def test_a_single_row_with_a_past_and_more_new_keys_sees_keys_after_it(self):
        values = np.array([2, 4], np.float32).reshape(1, 1, 2, 1)
        for rows, first in ((2, 1), (1, 2)):  # expected 1 both times: the mean of 0 and 2
            inputs = {"Q": zeros(1, 1, rows, 1), "K": zeros(1, 1, 2, 1), "V": values,
                      "past_key": zeros(1, 1, 1, 1), "past_value": zeros(1, 1, 1, 1)}
            for opset in (23, 24):
                call = runtime.run(random_calls.reference("rows", opset, inputs, {"is_causal": 1}))
                self.assertEqual(call.outputs["Y"].ravel()[0], first)
                self.assertEqual(self.judge(parts({"rows": call})),
                                 {"rows": "conforming" if rows == 2 else "defective"})

    def test_lengths_in_f64_align_is_causal_top_left(self):
        for dtype, got in ((np.float64, 0), (np.float32, 0.5)):  # expected 0.5: the row is the last of two
            values = np.array([0, 1], dtype).reshape(1, 1, 2, 1)
            inputs = {"Q": np.zeros((1, 1, 1, 1), dtype), "K": np.zeros((1, 1, 2, 1), dtype), "V": values,
                      "nonpad_kv_seqlen": np.array([2], np.int64)}
            call = runtime.run(random_calls.reference("lengths", 24, inputs, {"is_causal": 1}))
            self.assertEqual(call.outputs["Y"].ravel()[0], got)
            self.assertEqual(self.judge(parts({"lengths": call})),
                             {"lengths": "conforming" if got else "defective"})

    def test_hidden_scores_are_the_lowest_number(self):
        inputs = {name: zeros(1, 1, 2, 1) for name in "QKV"} | {"V": zeros(1, 1, 2, 1) + 1}
        call = random_calls.reference("scores", 24, inputs, {"is_causal": 1, "qk_matmul_output_mode": 2})
        self.assertEqual(call.outputs["qk_matmul_output"][0, 0, 0, 1], -np.inf)
        made = runtime.run(call)
        self.assertEqual(made.outputs["qk_matmul_output"][0, 0, 0, 1], np.finfo(np.float32).min)
        self.assertEqual(self.judge(parts({"a": call, "b": made})),
                         {"a": "conforming", "a.scores": "conforming", "b": "conforming", "b.scores": "defective"})


if __name__ == "__main__":
    unittest.main(argv=["runtime_test.py"])
