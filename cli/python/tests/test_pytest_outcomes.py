"""How an item of pytest --faultline ends, for reports that a stand-in for the runner makes up."""

import pytest

pytest_plugins = ["pytester"]

STAND_IN = """
from pathlib import Path

from faultline import pytest_items
from faultline.findings import Finding, Missing, OperatorCounts, OracleCounts, Side
from faultline.runner import Report

ORACLES = ["layout", "neg", "zero", "boxing", "schema", "meta", "conj", "state"]

def finding(oracle, operator="mine::op", known="", also=()):
    side = Side("kernel", "1", "f32 [1]: 1")
    return Finding(operator, oracle, "value", f"wrong under {oracle}", "call()", "result 0", side, side, "",
                   "look", "0123456789abcdef", "fedcba9876543210", known, also, Path("found"))

FINDINGS = [finding("layout", also=(finding("neg"),)),
            finding("zero", known="documented"),
            finding("boxing", known="documented", also=(finding("other"),)),
            finding("schema", operator="aten::abs")]

def counts(operator):
    if operator == "mine::closed":
        return OperatorCounts(operator, 50, 0, "ValueError: no", (), {"state": OracleCounts(50, 0)})
    oracles = {name: OracleCounts(90, 0) for name in ORACLES}
    oracles.update(meta=OracleCounts(0, 100), conj=OracleCounts(3, 0))
    missing = (Missing("autograd_formula", "other", "other"),
               Missing("meta_kernel", "m.impl()", "register_fake()"))
    return OperatorCounts(operator, 100, 90, "", missing, oracles)

class Runner:
    def __init__(self, out, modules):
        pass
    def close(self):
        print("closed")
    def operators(self, patterns):
        return ["mine::op", "mine::closed", "mine::fails"]
    def oracles(self, names):
        return ORACLES
    def run(self, settings):
        operator, = settings.ops
        print("run of", operator, settings.oracles)
        if operator == "mine::fails":
            raise RuntimeError("the disk is full")
        found = FINDINGS if operator == "mine::op" else []
        return Report(found, {operator: counts(operator)}, frozenset({"conj"}))

pytest_items.Runner = Runner
"""

ENDS = {"layout": "FAILED*", "boxing": "FAILED*", "zero": "PASSED*", "schema": "PASSED*", "state": "PASSED*",
        "neg": "SKIPPED (mine::op: shows the same mistake as [[]layout[]])*",
        "conj": "SKIPPED (mine::op: conj judged 3 of 100 calls)*",
        "meta": "SKIPPED (mine::op: no meta kernel; write register_fake(), or m.impl())*"}


@pytest.fixture
def session(pytester, monkeypatch, plugin):
    """Runs pytest with the stand-in, in lines that are wide enough for reasons."""
    monkeypatch.setenv("COLUMNS", "200")
    pytester.makeconftest(STAND_IN)
    return lambda *arguments: pytester.runpytest_subprocess(*plugin, "--faultline=mine::*", *arguments)


@pytest.mark.parametrize("oracle", ENDS)
def test_end_of_an_item(session, oracle):
    result = session("-v", "-k", f"op and {oracle}")
    result.stdout.fnmatch_lines([f"faultline::mine::op[[]{oracle}[]] {ENDS[oracle]}"])


def test_failure_shows_the_finding_and_its_line_to_replay(session):
    result = session("-k", "op and layout")
    result.stdout.fnmatch_lines(["wrong under layout", "*call()", "*kernel  1", "*also neg: wrong under neg",
                                 "  replay: pytest --faultline-replay found"])


def test_what_does_not_fail_is_noted(session):
    result = session("-rP", "-k", "op and (zero or schema)")
    result.assert_outcomes(passed=2, deselected=22)
    result.stdout.fnmatch_lines(["*known: documented", "a mistake of the library: wrong under schema"])


def test_operator_that_accepts_nothing_is_skipped(session):
    result = session("-rs", "-k", "closed")
    result.assert_outcomes(skipped=8, deselected=16)
    reason = "no call was ever accepted, of 50: last error 'ValueError: no'; give a sample"
    result.stdout.fnmatch_lines([f"*mine::closed: {reason}"])


def test_operator_runs_once_with_its_selected_oracles(session):
    result = session("-s", "-x", "-k", "op and (zero or state)")
    runs = [line for line in result.outlines if "run of" in line]
    assert runs == ["faultline run of mine::op ('zero', 'state')"]
    assert "closed" in result.outlines[-1] + result.stdout.str()


def test_failed_run_fails_its_items_and_is_not_repeated(session):
    result = session("-s", "-k", "fails")
    result.assert_outcomes(failed=8, deselected=16)
    assert result.stdout.str().count("run of") == 1
    result.stdout.fnmatch_lines(["faultline: the disk is full"])
