"""attest.check and attest.kernel_tests: campaigns against functions, from Python."""

import pathlib
import shlex
import subprocess
import sys
import textwrap

import pytest

import attest
from attest import campaign

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "kernels" / "python"))
import kernels  # noqa: E402


def local_right(q, k, v, is_causal=False):
    return kernels.right(q, k, v, is_causal=is_causal)


@pytest.fixture(scope="module")
def mutating(tmp_path_factory):
    return attest.check(kernels.changes_q, cases=15, findings=tmp_path_factory.mktemp("findings"))


def test_a_right_kernel_conforms(tmp_path):
    # The budget of an effort is for machines that are not busy: where it ends early, too few cases are answered.
    report = attest.check(local_right, cases=40, budget=540, findings=tmp_path)
    assert report.conforming, report.text
    assert report.findings == [] and report.exit == 0
    assert report.laws["definition"]["status"] == "held"
    assert "CONFORMING" in str(report) and "<pre>" in report._repr_html_()


def test_a_changed_input_is_a_finding_with_its_smallest_case(mutating):
    assert mutating.verdict == "defective"
    assert [finding["kind"] for finding in mutating.findings] == ["input-mutated"]
    assert mutating.findings[0]["case"]["shape"]["kv_len"] == 1


def test_the_finding_replays(mutating):
    words = shlex.split(campaign.replay_line(mutating.findings[0]))
    command = [campaign.executable(), *words[1:]]
    run = subprocess.run(command, capture_output=True, text=True, cwd="/")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "BROKEN" in run.stdout


def test_laws_are_judged_one_by_one(mutating):
    from attest.kernels import judge

    with pytest.raises(pytest.fail.Exception, match=r"wrote to its input q\nsmallest case: batch=1[^$]*replay: attest replay"):
        judge(mutating, "definition")
    with pytest.raises(pytest.skip.Exception):
        judge(mutating, "poison")


def test_what_no_import_reaches_is_an_error():
    def inner(q, k, v):
        return q

    for fn in (inner, lambda q, k, v: q, kernels.right.__get__(1)):
        with pytest.raises(ValueError, match="cannot be imported by name"):
            campaign.spec_of(fn)
    with pytest.raises(TypeError, match="fn is int; expected a function"):
        campaign.spec_of(3)


def test_functions_have_names():
    path = str(ROOT / "tests" / "kernels" / "python" / "kernels.py")
    assert campaign.spec_of(kernels.right) == f"py:{path}:right"
    assert campaign.spec_of(kernels.right, "jax", "cuda") == f"py:{path}:right,signature=jax,device=cuda"
    assert campaign.spec_of(kernels.right, kernels.bhtd) == f"py:{path}:right,signature={path}:bhtd"
    assert campaign.spec_of("torch:sdpa-math", "sdpa") == "torch:sdpa-math"


def test_a_campaign_that_cannot_run_says_why(tmp_path):
    with pytest.raises(attest.CheckError, match="kernels has no nothing"):
        attest.check(campaign.spec_of(kernels.right)[:-5] + "nothing", findings=tmp_path)
    with pytest.raises(attest.CheckError, match="effort"):
        attest.check(kernels.right, effort="slow", findings=tmp_path)


def test_bits_are_asked_by_name(tmp_path):
    bits = attest.bitwise(local_right, "run", "threads", cases=40, findings=tmp_path)
    assert bits.answers == {"run": True, "threads": None}
    assert not bits
    assert repr(bits).startswith("run      equal bits")
    with pytest.raises(ValueError, match="no question speed; there are: batch, decode, chunk, threads, run"):
        attest.bitwise(local_right, "speed")


def test_pytest_has_an_item_a_law(tmp_path):
    (tmp_path / "test_mine.py").write_text(
        textwrap.dedent(
            f"""
            import sys
            sys.path.insert(0, {str(ROOT / "tests" / "kernels" / "python")!r})
            import attest, kernels
            test_mine = attest.kernel_tests(kernels.changes_q, cases=10)
            """
        )
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "definition or poison"]
    if "attest.pytest_plugin" not in sys.modules:
        command += ["-p", "attest.pytest_plugin"]
    run = subprocess.run(
        [*command, "--attest-report", "found", "test_mine.py"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=campaign._environment(None),
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert "FAILED test_mine.py::test_mine[definition]" in run.stdout
    assert "1 failed, 1 skipped" in run.stdout
    assert "replay: attest replay found/" in run.stdout
    assert list((tmp_path / "found").glob("*.json"))


def test_a_kernel_may_start_programs_that_handle_signals(tmp_path):
    assert attest.check(kernels.starts_a_program, cases=3, findings=tmp_path).findings == []
