"""What the tests of an installed attest share."""

import os
import pathlib
import subprocess
import sys
import unittest

PREFIX = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "").resolve()
SOURCE = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "").resolve()
ATTEST = PREFIX / "bin" / "attest"


def run(*command, cwd=None, **variables):
    """The finished process, with standard error in its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATTEST_")}
    return subprocess.run([str(word) for word in command], cwd=cwd, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment | variables)


def main():
    unittest.main(argv=sys.argv[:1])
