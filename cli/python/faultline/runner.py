"""Runs of the command `run` on the operators that this process has registered, and what they find as objects."""

from __future__ import annotations

import importlib
import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Mapping, Sequence

from faultline._host import line_of, say_what_triton_needs
from faultline.findings import Finding, OperatorCounts, read_coverage, read_findings, read_not_run
from faultline.forked import Host
from faultline.settings import Settings


@dataclass(frozen=True)
class Report:
    """What a run found, and how far it tested each operator."""

    findings: Sequence[Finding]
    operators: Mapping[str, OperatorCounts]
    not_run: frozenset[str]  #: oracles whose fallback ran so rarely that they count as not run


class Runner:
    """Imports modules, then runs commands in children (forked.py). It is a context manager.

    Bad input is a ValueError with the command's line, a failure of the command a RuntimeError. The folders of
    findings are kept in `out/findings`; without `out`, in a temporary folder that stays if there are findings.
    """

    def __init__(self, out: Path | None = None, modules: Sequence[str] = ()) -> None:
        for module in modules:
            try:
                importlib.import_module(module)
            except Exception as error:
                raise ValueError(f"module '{module}' cannot be imported: {line_of(error)}") from error
        _prepare()
        self._out = out
        self._folder = Path(tempfile.mkdtemp(prefix="faultline-run-"))
        self._host = Host()

    def close(self) -> None:
        """Ends the children and removes the temporary folder."""
        self._host.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def operators(self, patterns: Sequence[str]) -> list[str]:
        """The operators that `--ops` selects with these patterns, each of which must match one."""
        names = [row["name"] for row in json.loads(self._command("list", "ops", "--subject=torch", "--json"))]
        chosen: set[str] = set()
        for pattern in (part for text in patterns for part in text.split(",") if part):
            found = {name for name in names if _selects(pattern, name)}
            if not found:
                raise ValueError(f"no operator matches '{pattern}'; were its modules imported?")
            chosen |= found
        return sorted(chosen)

    def oracles(self, names: Sequence[str] = ()) -> list[str]:
        """The oracles that judge operators of PyTorch, or of those the named ones."""
        rows = json.loads(self._command("list", "oracles", "--json"))
        able = [row["name"] for row in rows if "torch" in row["subjects"] and row["name"] != "dispatch"]
        for name in names:
            if name not in able:
                raise ValueError(f"'{name}' is not an oracle for operators; expected one of {', '.join(able)}")
        return [name for name in able if not names or name in names]

    def run(self, settings: Settings) -> Report:
        """One run with these settings."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            self._command("run", *settings.modules, "--subject=torch", *settings.arguments(), f"--out={folder}")
            findings = [self._kept(finding) for finding in read_findings(Path(folder))]
            return Report(findings, read_coverage(Path(folder)), read_not_run(Path(folder)))

    def still_shows(self, folder: Path) -> bool:
        """Whether the two sides of a finding still differ."""
        rows = json.loads(self._command("replay", str(folder), "--json"))
        return any(row["judgement"] in ("differ", "crash", "timeout", "memory") for row in rows)

    def _command(self, *arguments: str) -> str:
        """What the command prints if it ends with status 0 or 1."""
        ended = self._host.run(arguments, self._folder)
        if ended.status in (0, 1):
            return ended.output
        raise (ValueError if ended.status == 2 else RuntimeError)(ended.reason)

    def _kept(self, finding: Finding) -> Finding:
        """The finding with its folder at its final place."""
        if self._out is None:
            self._out = Path(tempfile.mkdtemp(prefix="faultline-"))
        target = self._out.resolve() / "findings" / finding.fingerprint
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-")) / target.name
        shutil.copytree(finding.folder, copy)
        shutil.rmtree(target, ignore_errors=True)
        with suppress(OSError):  # another process has just written the same finding
            copy.rename(target)
        shutil.rmtree(copy.parent)
        return replace(finding, folder=target)


def _prepare() -> None:
    """Compiles the torch subject, if there is none for the PyTorch of this process, and says so."""
    import torch

    from faultline import _plugin

    say_what_triton_needs()
    try:
        _plugin.file_for(torch)
    except _plugin.CannotCompile as error:
        raise RuntimeError(str(error)) from None


def _selects(pattern: str, name: str) -> bool:
    """Whether `--ops pattern` selects an operator, or an overload of the operator that it names."""
    wild = "*" in pattern or "?" in pattern
    if "::" not in pattern:
        pattern = f"aten::{pattern}" + ("" if wild or "." in pattern else "*")
    pattern = pattern.replace("[", "[[]")
    return fnmatchcase(name, pattern) or (not wild and fnmatchcase(name, pattern + ".*"))
