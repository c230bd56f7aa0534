"""What a run found, as objects: findings, and how far each operator was tested.

It reads the typed fields of the files that a run leaves in its folder: coverage.json and findings/*/finding.json.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Side:
    """What one of the two compared runs did."""

    name: str
    shows: str  #: at the place where the two differ
    whole: str  #: all that it returned, or its error

    def __str__(self) -> str:
        return f"{self.name}: {self.shows}"


@dataclass(frozen=True)
class Finding:
    """Two runs of one call that must agree and do not, with the smallest call that shows it."""

    operator: str  #: of the first call that differs, such as `myns::scale`
    oracle: str  #: what was compared; `faultline list oracles` says what each one promises
    kind: str  #: what differs: `value`, `strides`, `error`, `crash`, ...
    title: str  #: one line
    call: str  #: Python that makes the inputs and calls the operator
    where: str  #: the place of the difference, such as `result 0, element [1, 0]`
    left: Side
    right: Side
    expected: str  #: what the oracle promises
    look_at: str  #: where the mistake usually is
    fingerprint: str
    group: str  #: the same for findings that differ only in the operator
    known: str  #: the name of the known entry that explains it, or empty
    also: Sequence[Finding]  #: other findings on the same mistake
    folder: Path  #: finding.json, finding.case, repro.py, repro.cpp

    @property
    def new(self) -> bool:
        """Whether no known entry explains it, or one of the findings on the same mistake."""
        return any(not finding.known for finding in (self, *self.also))

    @property
    def replay(self) -> str:
        """A line for the shell that runs the call again and compares again."""
        return f"{shlex.quote(sys.executable)} -m faultline replay {shlex.quote(str(self.folder))}"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """What a person reads: the title, the call, both sides."""
        yield self.title
        yield ""
        yield from ("    " + line for line in self.call.splitlines())
        yield ""
        width = max(len(self.left.name), len(self.right.name))
        for side in (self.left, self.right):
            yield f"  {side.name:{width}}  {side.shows}"
        yield f"  at {self.where}"
        yield f"  {self.look_at}"
        yield from (f"  also {other.oracle}: {other.title}" for other in self.also)
        if self.known:
            yield f"  known: {self.known}"


@dataclass(frozen=True)
class Missing:
    """What an operator does not have: `cpu_kernel`, `meta_kernel`, `autograd_formula`, or `accepted_call`."""

    what: str
    write: str  #: the line that adds it in C++, or empty
    write_python: str  #: and in Python

    def __str__(self) -> str:
        ways = [way for way in (self.write_python, self.write) if way]
        return f"no {self.what.replace('_', ' ')}" + (f"; write {', or '.join(ways)}" if ways else "")


@dataclass(frozen=True)
class OracleCounts:
    """What one oracle did with the cases of one operator."""

    checks: int  #: verdicts
    gaps: int  #: cases that need a kernel that is missing


@dataclass(frozen=True)
class OperatorCounts:
    """How far one operator was tested."""

    operator: str
    drawn: int  #: calls
    accepted: int  #: calls that returned
    last_error: str
    missing: Sequence[Missing]
    oracles: Mapping[str, OracleCounts]

    @staticmethod
    def of_nothing(operator: str) -> OperatorCounts:
        """Of an operator for which no case was drawn."""
        return OperatorCounts(operator, 0, 0, "", (), {})

    @property
    def untested(self) -> str:
        """Why nothing is known of the operator, or an empty string."""
        if self.accepted:
            return ""
        if not self.drawn:
            return "no call was made; give more time"
        error = f": last error '{self.last_error}'" if self.last_error else ""
        return f"no call was ever accepted, of {self.drawn}{error}; give a sample"


def read_finding(folder: Path) -> Finding:
    """Reads a folder findings/FINGERPRINT, and findings on the same mistake in its folder `also`."""
    data = _read(folder / "finding.json")
    text = data["text"]
    left, right = (Side(side["name"], side["text"], side["whole"]) for side in (text["left"], text["right"]))
    return Finding(operator=data["operator"], oracle=data["oracle"], kind=data["kind"], title=text["title"],
                   call=text["call"], where=text["where"], left=left, right=right, expected=text["expected"],
                   look_at=text["look_at"], fingerprint=data["fingerprint"], group=data["group"],
                   known=data["known"], also=_read_all(folder / "also"), folder=folder)


def read_findings(out: Path) -> Sequence[Finding]:
    """The findings of the folder that a run wrote, by group and operator."""
    return _read_all(out / "findings")


def read_coverage(out: Path) -> dict[str, OperatorCounts]:
    """How far each operator was tested in the run that wrote the folder `out`."""
    return {name: _counts(name, row) for name, row in _read(out / "coverage.json")["operators"].items()}


def read_not_run(out: Path) -> frozenset[str]:
    """The oracles whose fallback ran so rarely that they count as not run."""
    return frozenset(row["name"] for row in _read(out / "summary.json")["oracles"] if row["not_run"])


def _counts(name: str, row: dict[str, Any]) -> OperatorCounts:
    oracles = {oracle: OracleCounts(counts["checks"], counts["gap"]) for oracle, counts in row["oracles"].items()}
    missing = [Missing(gap["what"], gap.get("write", ""), gap.get("write_python", ""))
               for gap in row.get("missing", [])]
    return OperatorCounts(name, row.get("drawn", row["executed"] + row["raised"]),
                          row.get("accepted", row["executed"]), row.get("last_error", ""), missing, oracles)


def _read_all(folder: Path) -> tuple[Finding, ...]:
    found = [read_finding(file.parent) for file in folder.glob("*/finding.json")]
    return tuple(sorted(found, key=lambda finding: (finding.group, finding.operator, finding.fingerprint)))


def _read(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data
