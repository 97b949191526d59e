"""`python -m attest` and the console script: the program `attest` with this interpreter for Python functions."""

from __future__ import annotations

import os
import sys

from attest.campaign import executable


def main():
    try:
        program = executable()
    except FileNotFoundError as error:
        sys.exit(f"attest: {error}")
    os.environ["ATTEST_PYTHON"] = os.environ.get("ATTEST_PYTHON") or sys.executable
    os.execv(program, ["attest", *sys.argv[1:]])


if __name__ == "__main__":
    main()
