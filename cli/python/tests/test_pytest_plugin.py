"""pytest --faultline and faultline.check, on operators that a test module registers with torch.library."""

import json
import re
import shlex
import xml.etree.ElementTree

import pytest

pytest_plugins = ["pytester"]

OPERATORS = """
import torch

library = torch.library.Library("mine", "DEF")

def define(name, kernel, fake=None):
    library.define(name + "(Tensor x) -> Tensor")
    library.impl(name, kernel, "CPU")
    if fake:
        library.impl(name, fake, "Meta")

def empty(x):
    return torch.empty(x.shape, dtype=x.dtype, device=x.device)

def right(x):
    return empty(x).copy_(x)

def wrong(x):
    return right(x) if x.is_contiguous() else torch.ones_like(right(x))

def picky(x):
    if x.dim() != 7:
        raise ValueError("expected 7 dimensions")
    return right(x)

define("right", right, empty)
define("wrong", wrong, empty)
define("gap", right)
define("picky", picky)

def test_right():
    assert torch.equal(torch.ops.mine.right(torch.ones(3)), torch.ones(3))
"""


@pytest.fixture
def session(pytester, plugin):
    """Runs pytest on a test module with the operators; a new process, as it forks."""
    pytester.makepyfile(test_mine=OPERATORS)
    return lambda *arguments: pytester.runpytest_subprocess(*plugin, *arguments)


def outcomes(result):
    """The item -> PASSED, FAILED or SKIPPED, of a verbose session."""
    found = (re.match(r"(?:faultline::)?(\S+\]?) (PASSED|FAILED|SKIPPED)", line) for line in result.outlines)
    return {match[1]: match[2] for match in found if match}


def test_each_operator_and_oracle_is_an_item(session):
    result = session("--faultline=mine::*", "--faultline-cases=150", "-v", "-rs")
    found = outcomes(result)
    assert result.ret == 1
    assert found["test_mine.py::test_right"] == "PASSED"
    assert found["mine::wrong[layout]"] == "FAILED"
    assert {item.partition("[")[0] for item, how in found.items() if how == "FAILED"} == {"mine::wrong"}
    assert {found[f"mine::right[{oracle}]"] for oracle in ("meta", "layout", "schema", "state")} == {"PASSED"}
    assert found["mine::gap[meta]"] == "SKIPPED" and found["mine::gap[layout]"] == "PASSED"
    assert {how for item, how in found.items() if item.startswith("mine::picky")} == {"SKIPPED"}
    text = result.stdout.str()
    assert "mine::picky: no call was ever accepted" in text and "mine::gap: " in text
    assert re.search("`mine::wrong`: result .* for a non-contiguous input", text)
    assert "torch.ops.mine.wrong.default(x0)" in text


def test_line_to_replay_runs_the_finding_again(session, pytester):
    first = session("test_mine.py", "--faultline=mine::wrong", "--faultline-cases=150", "-k", "layout")
    line = re.search(r"replay: pytest (.*)", first.stdout.str())[1]
    again = session(*shlex.split(line))
    again.assert_outcomes(failed=1, deselected=1)
    again.stdout.fnmatch_lines(["`mine::wrong`: result * for a non-contiguous input"])
    pytester.makepyfile(test_mine=OPERATORS.replace("torch.ones_like(right(x))", "right(x)"))
    session(*shlex.split(line)).assert_outcomes(passed=1, deselected=1)


def test_workers_selection_and_junit(session, pytester):
    pytest.importorskip("xdist")
    result = session("-n2", "--faultline=mine::*", "--faultline-cases=150", "-k", "wrong and (layout or schema)",
                     "--junitxml=report.xml")
    result.assert_outcomes(passed=1, failed=1)
    cases = xml.etree.ElementTree.parse(pytester.path / "report.xml").iter("testcase")
    failures = {(case.get("classname"), case.get("name")): case.findtext("failure") for case in cases}
    assert set(failures) == {("faultline.mine", "wrong[layout]"), ("faultline.mine", "wrong[schema]")}
    assert "torch.ops.mine.wrong.default(x0)" in failures["faultline.mine", "wrong[layout]"]
    assert failures["faultline.mine", "wrong[schema]"] is None


def test_only_collects(session):
    result = session("--faultline=mine::right,mine::gap", "--collect-only", "-q")
    assert {"faultline::mine::right[meta]", "faultline::mine::gap[schema]"} <= set(result.outlines)


def test_does_nothing_without_its_flags(session, pytester):
    pytester.makepyfile(test_mine="""
        import sys
        def test_what_is_loaded():
            assert not {"torch", "faultline._core", "faultline.pytest_items"} & set(sys.modules)
    """)
    session().assert_outcomes(passed=1)


@pytest.mark.parametrize("arguments, said", [
    (["--faultline=mine::nothing"], "faultline: no operator matches 'mine::nothing'*"),
    (["--faultline=mine::right", "--faultline-cases=0"], "*--cases*0*"),
])
def test_bad_input_is_one_line(session, arguments, said):
    result = session(*arguments)
    assert result.ret != 0
    result.stdout.fnmatch_lines([said])
    assert "Traceback" not in result.stdout.str() and "runner.py" not in result.stdout.str()


def test_settings_and_known_entries(session, pytester):
    pytester.makepyprojecttoml('[tool.faultline]\ncases = 150\noracles = ["layout"]\nknown = "entries"\n')
    entries = pytester.mkdir("entries")
    entry = {"name": "accepted", "subject": "torch", "operators": ["mine::wrong"], "reason": "It is as intended."}
    (entries / "accepted.json").write_text(json.dumps(entry))
    result = session("--faultline=mine::wrong", "-v", "-rP", "--junitxml=report.xml")
    result.assert_outcomes(passed=2)
    assert outcomes(result)["mine::wrong[layout]"] == "PASSED"
    result.stdout.fnmatch_lines(["*known: accepted"])
    assert 'value="accepted"' in (pytester.path / "report.xml").read_text()


def test_wrong_settings_name_the_key_and_the_line(session, pytester):
    pytester.makepyprojecttoml("[tool.faultline]\ncases = 150\ntme = 3\n")
    result = session("--faultline=mine::wrong")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *pyproject.toml:3:1: unknown key 'tme'*"])
