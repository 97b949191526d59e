"""The examples of docs/python.md run, or at least parse where they need a framework."""

import re
from pathlib import Path

import numpy as np
from support import attention, causal

DOCS = Path(__file__).resolve().parents[2] / "docs" / "python.md"


def examples():
    return dict(re.findall(r"### (\w+)\n\n```python\n(.*?)```", DOCS.read_text(), re.DOTALL))


def test_there_is_one_for_each_library():
    found = examples()
    assert list(found) == ["NumPy", "PyTorch", "JAX", "Triton"]
    for name, text in found.items():
        compile(text, name, "exec")
        assert text.count("\n") <= 12 and "attest.assert_attention(" in text


def test_that_of_numpy_runs():
    def my_attention(q, k, v, causal):
        rows = q.shape[2]
        return attention(q, k, v, visible=visible(rows, rows) if causal else None)[0].astype(np.float32)

    visible = causal
    space = {"my_attention": my_attention}
    exec(examples()["NumPy"], space)
    space["test_my_attention"]()
