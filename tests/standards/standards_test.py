#!/usr/bin/env python3
"""attest judges the node tests of ONNX's Attention: standards_test.py ATTEST VENV [--random N]

VENV (`./attest test` makes it) holds the packages of requirements.txt and the wheels of stored-*.txt. Right vectors are
conforming, those that ONNX has corrected since are defective, and so is every right one under a wrong declaration that
it can show. `--random N`: N random calls of each opset, instead of 20.
"""

import collections
import unittest

from suite import JudgedTest, option, parts, wheel, wheel_file  # first: it enters the virtual environment

import captures
import controls
import departures
import flex
import numpy as np
import onnx_calls
import random_calls

RANDOM = int(option("--random", 20))
MIN_KINDS = 18


class Standards(JudgedTest):
    @classmethod
    def setUpClass(cls):
        cls.stored, cls.old = wheel("1.22.0"), wheel("1.18.0")
        cls.generated = onnx_calls.generated_calls()

    def test_the_stored_vectors_and_their_score_outputs_agree(self):
        self.assertEqual(len(self.stored), 64)
        made = parts(self.stored)
        self.assertEqual(sum(name.endswith(".scores") for name in made), 14)
        self.expect(made, "conforming")
        self.assertTrue(all(departures.presents_are_joined(call) for call in self.stored.values()))

    def test_the_vectors_of_the_newest_version_agree(self):
        self.assertEqual(len(self.generated), 93)
        self.assertEqual(sorted({call.opset for call in self.generated.values()}), [23, 24, 25])
        self.expect(parts(self.generated), "conforming")
        self.assertTrue(all(departures.presents_are_joined(call) for call in self.generated.values()))

    def test_the_stored_vectors_of_flex_attention_agree(self):
        made = flex.captures_of(wheel_file("1.22.0"))
        self.assertEqual(len(made), 11)
        self.expect(made, "conforming")
        # Without what their subgraphs say four are wrong; the same number added to every score changes nothing.
        bare = {name: {k: x for k, x in capture.items() if k not in ("bias", "softcap")}
                | {"causal": "none", "v": capture["v"] * (2 if name.endswith("prob_mod") else 1)}
                for name, capture in made.items()}
        wrong = [name for name, verdict in self.judge(bare).items() if verdict == "defective"]
        self.assertEqual(wrong, ["flexattention_causal_mask", "flexattention_prob_mod",
                                 "flexattention_relative_positional", "flexattention_soft_cap"])

    def test_what_onnx_has_corrected_since_is_found_wrong(self):
        wrong, right = {}, {}
        new = parts(self.stored)
        for name, capture in parts(self.old).items():
            recorded = "lse" if "lse" in capture else "out"
            was, now = (captures.plain(c)[recorded] for c in (capture, new[name]))
            same = was.shape == now.shape and np.allclose(was, now, rtol=1e-4, atol=1e-5)
            # The numbers of the modes 1 and 2 were exchanged: the same scores are called by another mode.
            test = name.removesuffix(".scores")
            same = same and (test == name or self.old[test].attributes == self.stored[test].attributes)
            (right if same else wrong)[name] = capture
        self.assertEqual(len(wrong), 36)
        self.expect(wrong, "defective")
        self.expect(right, "conforming")
        joined = [name for name, call in self.old.items() if not departures.presents_are_joined(call)]
        self.assertEqual(len(joined), 7)

    def test_wrong_declarations_are_found_in_every_vector_that_can_show_them(self):
        made = {}
        for name, call in (self.generated | self.stored).items():
            made |= controls.wrong_captures(name, captures.plain(captures.capture_of(call)))
        kinds = collections.Counter(name.split(".")[1] for name in made)
        self.assertGreaterEqual(len(kinds), MIN_KINDS, kinds)
        self.expect(made, "defective")
        print(f"{len(made)} wrong declarations of {len(kinds)} kinds: {dict(kinds.most_common())}")

    def test_the_reference_still_departs_where_the_findings_say(self):
        q = np.zeros((1, 1, 3, 1), np.float32)
        inputs = {"Q": q, "K": q, "V": np.array([1, 2, 4], np.float32).reshape(1, 1, 3, 1)}
        right = np.array([1, 1.5, 7 / 3], np.float32)
        for shape, rows in (((3, 3), right), ((1, 3), np.ones(3, np.float32))):
            mask = np.ones(shape, bool)
            call = random_calls.reference("one row", 24, inputs | {"attn_mask": mask}, {"is_causal": 1})
            np.testing.assert_allclose(call.outputs["Y"].ravel(), rows, rtol=1e-6)
            verdict = self.judge(parts({"one": call}))["one"]
            self.assertEqual(verdict, "conforming" if shape == (3, 3) else "defective")
        with self.assertRaises(ValueError):
            random_calls.reference("rank 1", 24, inputs | {"attn_mask": np.ones(3, bool)}, {"is_causal": 1})
        three = np.full((1, 1, 1, 1), 3, np.float32)
        attributes = {"scale": 1.0, "softcap": 1.0, "qk_matmul_output_mode": 0}
        call = random_calls.reference("raw", 24, {"Q": three, "K": three, "V": three}, attributes)
        self.assertLess(call.outputs["qk_matmul_output"].item(), 1)
        self.assertEqual(self.judge(parts({"raw": call}))["raw.scores"], "defective")

    def test_random_attributes_agree_with_the_reference_where_it_follows_the_standard(self):
        right, wrong, nothing = {}, {}, {}
        for opset in (23, 24, 25):
            for seed in range(RANDOM):
                call = random_calls.random_call(seed, opset)
                for name, capture in parts({call.name: call}).items():
                    scores = name.endswith(".scores")
                    departs = (departures.wrong_scores if scores else departures.wrong_output)(call)
                    if departs:
                        if not scores and controls.can_show(call, captures.plain(capture)):
                            wrong[name] = capture
                    elif captures.plain(capture)["out"].astype(float).any():
                        right[name] = capture
                    else:
                        nothing[name] = capture  # no row sees a key: every output is 0
                self.assertTrue(departures.presents_are_joined(call), call.name)
        self.assertGreater(len(wrong), 0)
        self.expect(wrong, "defective")
        self.expect(right, "conforming")
        self.expect(nothing, "mistrusted")
        print(f"{len(right)} random outputs agree, {len(nothing)} are all 0; {len(wrong)} depart from the standard "
              "and are found")


if __name__ == "__main__":
    unittest.main(argv=["standards_test.py"])
