"""The examples of docs/python.md for frameworks run."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs" / "python.md"


@pytest.mark.parametrize("name", ["PyTorch", "JAX"])
def test_example_runs(name):
    text = re.search(rf"### {name}\n\n```python\n(.*?)```", DOCS.read_text(), re.DOTALL)[1]
    space = {}
    exec(text, space)
    (test,) = (value for key, value in space.items() if key.startswith("test_"))
    test()
