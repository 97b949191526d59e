"""Options of pytest for attest.kernel_tests."""

from __future__ import annotations


def pytest_addoption(parser):
    group = parser.getgroup("attest")
    group.addoption("--attest-effort", default="quick", choices=("quick", "ci", "deep"), help="Number of cases of kernel_tests")
    group.addoption("--attest-seed", type=int, default=1, help="Random seed of kernel_tests")
    group.addoption("--attest-report", default="findings", metavar="DIR", help="Folder for case files of kernel_tests")
