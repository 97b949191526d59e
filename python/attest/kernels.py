"""attest.kernel_tests: one pytest item a law, from one campaign."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile

from attest import campaign


class Campaign:
    """One campaign of a function, run when the first of its items asks, and once for all processes of a session."""

    def __init__(self, fn, signature, options):
        self._fn, self._signature, self._options = fn, signature, options
        self._report = None

    def spec(self):
        return campaign.spec_of(self._fn, self._signature, self._options.get("device", ""))

    def report(self, settings):
        if self._report is None:
            options = {**settings, **self._options}
            session = os.environ.get("PYTEST_XDIST_TESTRUNUID")
            run = self._run if session is None else lambda o: self._shared(session, o)
            self._report = run(options)
        return self._report

    def _run(self, options):
        return campaign.check(self._fn, self._signature, **options)

    def _shared(self, session, options):
        """pytest-xdist's processes have a session's name in common: the first runs, the others read."""
        asked = self.spec() + json.dumps(options, sort_keys=True)
        key = f"attest-{session}-{hashlib.sha256(asked.encode()).hexdigest()[:32]}"
        path = os.path.join(tempfile.gettempdir(), key)
        with open(path, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            text = file.read()
            if text:
                return campaign.Report(**json.loads(text))
            report = self._run(options)
            json.dump(vars(report), file)
            return report


def kernel_tests(fn, signature="sdpa", **options):
    """A test function, to be assigned to a name that pytest collects, with one item a law:

        test_attention = attest.kernel_tests(my_attention, signature="sdpa")

    Options are those of attest.check, and win over --attest-effort and --attest-seed. A law that does not apply to the
    kernel, or that it declines, is skipped with the reason.
    """
    import pytest

    shared = Campaign(fn, signature, options)

    @pytest.mark.parametrize("law", law_names(), ids=lambda law: law.replace(" ", "-"))
    def test(law, pytestconfig):
        judge(shared.report(_settings(pytestconfig)), law)

    test.__doc__ = f"attest's laws on {getattr(fn, '__name__', fn)}"
    return test


def _settings(config):
    return {
        "effort": config.getoption("attest_effort"),
        "seed": config.getoption("attest_seed"),
        "findings": config.getoption("attest_report"),
    }


def law_names():
    """As `attest list laws` names those on kernels."""
    import subprocess

    if not _LAWS:
        command = [campaign.executable(), "list", "laws", "--json", "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        own = "(attest's own forms)"
        asked = "(only if asked for)"
        _LAWS.extend(law["name"] for law in json.loads(text)["laws"] if not law["meaning"].endswith((own, asked)))
    return _LAWS


_LAWS = []


def judge(report, law):
    """Fails, skips or passes the test of one law."""
    import pytest

    found = [finding for finding in report.findings if finding["law"] == law]
    joined = [finding for finding in report.findings if law in finding.get("laws", ()) and finding not in found]
    status = report.laws.get(law, {"status": "not-applicable", "why": "the campaign did not ask it"})
    if found or status["status"] == "broken":
        pytest.fail("\n\n".join(map(finding_text, found or joined)) or f"{law} is broken", pytrace=False)
    if status["status"] in ("not-applicable", "declined"):
        pytest.skip(status.get("why", status["status"]))
    if law == "definition" and report.verdict in ("suspect", "mistrusted"):
        pytest.fail(f"the verdict is {report.verdict}\n{report.text}", pytrace=False)


def finding_text(finding):
    case = finding["case"]
    shape = " ".join(f"{name}={size}" for name, size in case["shape"].items())
    lines = [
        f"{finding['law']}: {finding['kind']}: {finding['summary']}",
        f"smallest case: {shape} q={case['dtype']['q']} kv={case['dtype']['kv']} {' '.join(case['features'])}".rstrip(),
        *(f"  {line}" for line in case["inputs"]),
        *(f"  {e['at']}: expected {e['expected']}, got {e['got']}, bound {e['bound']}" for e in finding["elements"][:4]),
        *(f"known bug: {d['fault']}: {d['meaning']}" for d in finding["diagnosis"] if d.get("named")),
        f"replay: {campaign.replay_line(finding)}",
    ]
    return "\n".join(lines)
