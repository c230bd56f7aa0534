"""The items of the pytest plug-in, one for each operator and oracle, and what a session shares among them.

The first item of an operator tests it, with all its selected oracles, in a child that is forked from the process
as it was when collection ended. The other items of the operator report from the same run. An item fails if its
oracle finds something new on its operator. It passes only if the oracle has judged the operator; otherwise it is
skipped, with a reason. What a known entry explains, and what is a mistake of PyTorch, is noted in its report.
"""

from __future__ import annotations

import os
import shlex
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Generator, Iterable

import pytest

from faultline.findings import Finding, OperatorCounts, OracleCounts, read_finding
from faultline.runner import Report, Runner
from faultline.settings import DEFAULT_SECONDS, Settings, SettingsError, read


class Hooks:
    """What one session shares: settings, the runner, and the reports of operators."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._reports: dict[str, Report | _Failure] = {}
        self._oracles: dict[str, list[str]] = {}
        self._runner: Runner | None = None
        try:
            self.settings = _settings(config)
        except SettingsError as error:
            raise pytest.UsageError(str(error)) from None

    @property
    def runner(self) -> Runner:
        """Made at first use, when all modules with operators are imported."""
        if self._runner is None:
            out = self._config.rootpath / self._config.getoption("faultline_out")
            capture = self._config.pluginmanager.getplugin("capturemanager")
            # It may compile, and then shows its progress.
            with capture.global_and_fixture_disabled() if capture else nullcontext():
                self._runner = Runner(out, self.settings.modules)
        return self._runner

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, None]:
        """Adds our collector after those of the arguments."""
        outcome = yield
        if isinstance(collector, pytest.Session):
            node = _Operators.from_parent(collector, name="faultline", nodeid="faultline", hooks=self)
            outcome.get_result().result.append(node)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """A session that replays findings runs nothing else."""
        if self._config.getoption("faultline_replay"):
            others = [item for item in items if not isinstance(item, _Item)]
            self._config.hook.pytest_deselected(items=others)
            items[:] = [item for item in items if isinstance(item, _Item)]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learns which oracles are selected for each operator."""
        for item in session.items:
            if isinstance(item, _OracleItem):
                self._oracles.setdefault(item.operator, []).append(item.oracle)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, None]:
        """A skip is at its item, not at the line of this file that raised it."""
        outcome = yield
        report = outcome.get_result()
        if isinstance(item, _Item) and report.skipped:
            report.longrepr = ("faultline", 1, report.longrepr[2])

    def pytest_unconfigure(self) -> None:
        """Ends the children."""
        if self._runner is not None:
            self._runner.close()

    def report_of(self, operator: str) -> Report:
        """The report of an operator, which is tested at the first request."""
        if operator not in self._reports:
            settings = replace(self.settings, ops=(operator,), oracles=tuple(self._oracles[operator]))
            try:
                self._reports[operator] = self.runner.run(settings)
            except (ValueError, RuntimeError) as error:  # for the other items, too: it is not run again
                self._reports[operator] = _Failure(f"faultline: {error}")
        report = self._reports[operator]
        if isinstance(report, _Failure):
            raise report
        return report

    def replay_line(self, finding: Finding) -> str:
        """A command that imports the same test modules, which may have registered the operator."""
        folder = os.path.relpath(finding.folder)
        arguments = [] if self._config.args == [str(self._config.invocation_params.dir)] else self._config.args
        return shlex.join(["pytest", *arguments, "--faultline-replay", folder])


def _settings(config: pytest.Config) -> Settings:
    """Those of pyproject.toml, with what the command line replaces."""
    settings = read(config.rootpath)
    time, cases = config.getoption("faultline_time"), config.getoption("faultline_cases")
    if time is not None or cases is not None:
        settings = replace(settings, time=time, cases=cases)
    if settings.time is None and settings.cases is None:
        settings = replace(settings, time=DEFAULT_SECONDS)
    if settings.jobs is None and hasattr(config, "workerinput"):  # a worker of pytest-xdist, one of several
        settings = replace(settings, jobs=1)
    return settings


class _Operators(pytest.Collector):
    """All our items."""

    def __init__(self, hooks: Hooks, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.hooks = hooks

    def collect(self) -> Iterable[pytest.Item]:
        for folder in self.config.getoption("faultline_replay"):
            yield _ReplayItem.from_parent(self, name=f"replay[{Path(folder).name}]", folder=Path(folder))
        if not self.config.getoption("faultline"):
            return
        try:
            oracles = self.hooks.runner.oracles(self.hooks.settings.oracles)
            operators = self.hooks.runner.operators(self.config.getoption("faultline"))
        except (ValueError, RuntimeError) as error:
            raise self.CollectError(f"faultline: {error}") from None
        for operator in operators:
            for oracle in oracles:
                name = f"{operator}[{oracle}]"
                yield _OracleItem.from_parent(self, name=name, operator=operator, oracle=oracle)


class _Failure(Exception):
    """What an item prints when it fails."""


class _Item(pytest.Item):
    """An item whose failures are texts, without a traceback."""

    @property
    def hooks(self) -> Hooks:
        """Of the session."""
        assert isinstance(self.parent, _Operators)
        return self.parent.hooks

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, _Failure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, None, str]:
        return "faultline", None, self.name


class _ReplayItem(_Item):
    """Fails if a finding still shows."""

    def __init__(self, folder: Path, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._folder = folder

    def runtest(self) -> None:
        if self.hooks.runner.still_shows(self._folder):
            raise _Failure(str(read_finding(self._folder)))


class _OracleItem(_Item):
    """Fails if the oracle finds something new on the operator. Passes only if the oracle has judged it."""

    def __init__(self, operator: str, oracle: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.operator, self.oracle = operator, oracle

    def runtest(self) -> None:
        report = self.hooks.report_of(self.operator)
        own = [finding for finding in report.findings if finding.oracle == self.oracle]
        for finding in own:
            if not finding.new or finding.operator != self.operator:
                self._note(finding)
        mistakes = [finding for finding in own if finding.new and finding.operator == self.operator]
        if mistakes:
            raise _Failure("\n\n".join(f"{finding}\n  replay: {self.hooks.replay_line(finding)}"
                                       for finding in mistakes))
        if reason := self._reason_to_skip(report):
            pytest.skip(f"{self.operator}: {reason}")

    def _note(self, finding: Finding) -> None:
        """For JUnit and -rP: what does not fail the item."""
        library = "" if finding.operator == self.operator else "a mistake of the library: "
        self.user_properties.append(("faultline", f"{library}{finding.known or finding.title}"))
        self.add_report_section("call", "faultline", f"{library}{finding}\n")

    def _reason_to_skip(self, report: Report) -> str:
        """Why the oracle has said nothing of the operator, or an empty string."""
        for finding in report.findings:
            if finding.new and any(other.oracle == self.oracle for other in finding.also):
                return f"shows the same mistake as [{finding.oracle}]"
        counts = report.operators.get(self.operator, OperatorCounts.of_nothing(self.operator))
        judged = counts.oracles.get(self.oracle, OracleCounts(0, 0))
        if counts.accepted and judged.checks and self.oracle not in report.not_run:
            return ""
        needed = ("cpu_kernel", {"meta": "meta_kernel", "autograd": "autograd_formula"}.get(self.oracle))
        missing = [str(gap) for gap in counts.missing if gap.what in needed]
        rarely = f"{self.oracle} judged {judged.checks} of {counts.drawn} calls"
        return "; ".join(missing) or counts.untested or rarely
